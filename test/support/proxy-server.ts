import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { endLater, listening, selfSigned } from './wire-servers.js'

/** A proxy on a real socket that opens tunnels by CONNECT, and forwards requests for URLs. */
export interface ProxyServer {
  readonly url: string
  readonly tunnels: () => number
  readonly forwarded: () => number
  /** Resets all tunnels at once. */
  readonly cut: () => void
}

/** An event in a tunnel. The first bytes of a TLS connection are the flights of its handshake. */
export type TunnelStage =
  | 'the request for a tunnel'
  | 'the response to it'
  | 'the first bytes of the client'
  | 'the first bytes of the origin'
  | 'the second bytes of the client'

/** From this event on, the proxy relays nothing. */
export interface Interruption {
  readonly stage: TunnelStage
  readonly act: (client: Socket) => unknown
}

/** Starts a proxy. With https, it has the certificate of the other servers. */
export async function proxyServer(
  interruption?: Interruption,
  scheme: 'http' | 'https' = 'http',
): Promise<ProxyServer> {
  let tunnels = 0
  let forwarded = 0
  const clients = new Set<Socket>()
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    forwarded += 1
    forward(request, response)
  }
  const server = scheme === 'http' ? http.createServer(onRequest) : https.createServer(selfSigned(), onRequest)
  server.on('connect', ({ url = '', socket }: IncomingMessage) => {
    tunnels += 1
    clients.add(socket)
    openTunnel(socket, url, interruption)
  })
  return {
    url: `${scheme}://${await listening(server)}`,
    tunnels: () => tunnels,
    forwarded: () => forwarded,
    cut: () => {
      for (const client of clients) client.resetAndDestroy()
    },
  }
}

/** An agent that requests tunnels. The options are for connections to the proxy and through it. */
export function tunnelAgent({ url }: { readonly url: string }, options: https.AgentOptions = {}): http.Agent {
  const agent = new HttpsProxyAgent(url, options)
  // The constructor uses them only for the agent and its connections to the proxy.
  Object.assign(agent.options, options)
  endLater(() => {
    agent.destroy()
  })
  return agent
}

/** An agent that sends requests for URLs. */
export function forwardAgent({ url }: { readonly url: string }): http.Agent {
  const agent = new HttpProxyAgent(url)
  endLater(() => {
    agent.destroy()
  })
  return agent
}

function openTunnel(client: Socket, target: string, interruption: Interruption | undefined): void {
  let isInterrupted = false
  /** Whether the proxy relays nothing from this event on. */
  const stopsAt = (stage: TunnelStage | undefined): boolean => {
    if (isInterrupted || interruption === undefined || stage !== interruption.stage) return isInterrupted
    isInterrupted = true
    interruption.act(client)
    return true
  }
  client.on('error', () => undefined)
  if (stopsAt('the request for a tunnel')) return
  const { hostname, port } = new URL(`http://${target}`)
  const origin = net.connect(Number(port), hostname)
  origin.on('error', () => undefined)
  origin.on('close', () => client.end())
  client.on('end', () => origin.end())
  client.on('close', () => origin.destroy())
  origin.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    stopsAt('the response to it')
  })
  const stages: TunnelStage[] = ['the first bytes of the client', 'the second bytes of the client']
  client.on('data', (bytes: Buffer) => {
    if (!stopsAt(stages.shift())) origin.write(bytes)
  })
  origin.on('data', (bytes: Buffer) => {
    if (!stopsAt('the first bytes of the origin')) client.write(bytes)
  })
}

/** Sends a request to its URL. If that fails, it closes the connection of the client. */
function forward(request: IncomingMessage, response: ServerResponse): void {
  const { url = '', method, headers, socket } = request
  const fail = (): void => {
    socket.destroy()
  }
  const onward = http.request(url, { method, headers, agent: false }, (answer) => {
    answer.on('error', fail)
    answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
  })
  onward.on('error', fail)
  request.pipe(onward)
}
