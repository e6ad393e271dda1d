import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { isRecord } from '../http/checks.js'

export interface ListenOptions {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1, which only this machine reaches. */
  readonly host?: string
}

export interface Listening {
  /** Base URL, for the `endpoint` option of the clients. */
  readonly url: string
  /** Stops serving and ends open connections. */
  readonly close: () => Promise<void>
}

/** Serves a fetch handler over HTTP. */
export async function listen(
  handler: (request: Request) => Promise<Response>,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  // Only here, so that the emulator's fetch works where there is no node:http.
  const { createServer } = await import('node:http')
  const server = createServer((incoming, outgoing) => {
    answer(handler, incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy(error instanceof Error ? error : undefined)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(portOf(server))}`,
    close: () => close(server),
  }
}

async function answer(
  handler: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  const { method = 'GET', url = '/', headers } = incoming
  const bodyless = method === 'GET' || method === 'HEAD'
  const response = await handler(
    new Request(new URL(url, `http://${headers.host ?? 'localhost'}`), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, String(value)]],
      ),
      ...(!bodyless && { body: Buffer.concat(chunks) }),
    }),
  )
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

function portOf(server: Server): number {
  const address: unknown = server.address()
  return isRecord(address) && typeof address['port'] === 'number' ? address['port'] : 0
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeAllConnections()
  })
}
