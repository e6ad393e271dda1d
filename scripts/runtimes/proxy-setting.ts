import { writeFile } from 'node:fs/promises'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net, { type AddressInfo, type Server, type Socket } from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import selfsigned from 'selfsigned'
import type { createEmulator } from '../../src/testing/index.js'

/** What a runtime gets to call through proxies. */
export interface ProxySetting {
  readonly tencent: object
  readonly endpoints: Readonly<Record<string, string>>
  /** The variables that name the proxy. */
  readonly environment: Readonly<Record<string, string>>
  /** A file with the certificate that a runtime must trust. */
  readonly certificate: string
}

/** The hosts that the proxy knows. */
const EMULATOR = 'emulator.test'
/** The proxy rejects it. */
const REFUSED = 'refused.test'
/** Its connections break when a request has arrived. */
const CUT = 'cut.test'

/** Serves an emulator, with and without TLS, and a proxy that alone knows how to reach them by name. */
export async function withProxySetting<Result>(
  create: typeof createEmulator,
  folder: string,
  use: (setting: ProxySetting) => Promise<Result>,
): Promise<Result> {
  const emulator = create()
  const { url: direct, close } = await emulator.listen()
  const emulatorPort = Number(new URL(direct).port)
  const { key, cert } = selfSigned()
  const certificate = path.join(folder, `certificate-${String(emulatorPort)}.pem`)
  await writeFile(certificate, cert)
  const secure = await started(
    tls.createServer({ key, cert }, (socket) => {
      unwrap(socket, emulatorPort)
    }),
  )
  const proxy = await started(
    http
      .createServer((request, response) => {
        forward(request, response, emulatorPort)
      })
      .on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
        openTunnel(socket, url, secure.port)
      }),
  )
  const proxyUrl = `http://127.0.0.1:${String(proxy.port)}`
  try {
    return await use({
      tencent: emulator.options.tencent,
      endpoints: {
        plain: `http://${EMULATOR}`,
        secure: `https://${EMULATOR}`,
        refused: `https://${REFUSED}`,
        cut: `https://${CUT}`,
        direct,
      },
      environment: {
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: proxyUrl,
        HTTPS_PROXY: proxyUrl,
        NO_PROXY: '127.0.0.1',
      },
      certificate,
    })
  } finally {
    proxy.stop()
    secure.stop()
    await close()
  }
}

function selfSigned(): { readonly key: string; readonly cert: string } {
  const { private: key, cert } = selfsigned.generate([{ name: 'commonName', value: EMULATOR }], {
    keySize: 2048,
    algorithm: 'sha256',
    days: 2,
    // Type 2 is a DNS name (RFC 5280, 4.2.1.6).
    extensions: [{ name: 'subjectAltName', altNames: [EMULATOR, CUT].map((value) => ({ type: 2, value })) }],
  })
  return { key, cert }
}

function openTunnel(client: Socket, target: string, port: number): void {
  if (target.startsWith(`${REFUSED}:`)) {
    client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
    return
  }
  client.write('HTTP/1.1 200 Connection established\r\n\r\n')
  join(client, net.connect(port, '127.0.0.1'))
}

function unwrap(client: tls.TLSSocket, port: number): void {
  client.on('error', () => undefined)
  if ((client as { servername?: string }).servername === CUT) client.once('data', () => client.destroy())
  else join(client, net.connect(port, '127.0.0.1'))
}

function join(client: Socket, server: Socket): void {
  client.on('error', () => server.destroy())
  server.on('error', () => client.destroy())
  client.pipe(server).pipe(client)
}

/** Sends a request for the emulator on. */
function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { url = '', method, headers } = request
  const { hostname, pathname, search } = new URL(url)
  if (hostname !== EMULATOR) {
    response.writeHead(502).end()
    return
  }
  const onward = http.request(
    { host: '127.0.0.1', port, path: pathname + search, method, headers, agent: false },
    (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
  )
  onward.on('error', () => request.socket.destroy())
  request.pipe(onward)
}

async function started(server: Server): Promise<{ readonly port: number; readonly stop: () => void }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
