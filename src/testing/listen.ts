import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { isRecord } from '../type-guards.js'
import type { ArrivedRequest, Delivery } from './exchange.js'
import { wait } from './wait.js'

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

/** Serves over HTTP. A reset is a real one. */
export async function listen(
  exchange: (request: ArrivedRequest) => Promise<Delivery>,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  // Only here, so that the emulator's fetch works where there is no node:http.
  const { createServer } = await import('node:http')
  const server = createServer((incoming, outgoing) => {
    answer(exchange, incoming, outgoing).catch(() => {
      // The caller has gone, or the emulator has failed: either way there is nothing more to say.
      outgoing.destroy()
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
  exchange: (request: ArrivedRequest) => Promise<Delivery>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const delivery = await exchange(await arrived(incoming))
  if (delivery.delayMs !== undefined) await wait(delivery.delayMs, goneSignal(outgoing))
  if (delivery.kind === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  const body = Buffer.from(delivery.answer.body)
  outgoing.writeHead(delivery.answer.status, {
    ...delivery.answer.headers,
    ...(delivery.answer.status !== 204 && { 'content-length': String(body.length) }),
  })
  if (delivery.kind === 'answer') outgoing.end(body)
  else outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.resetAndDestroy())
}

/** Aborted once nobody waits for the answer any more. */
function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  if (outgoing.destroyed) gone.abort()
  else
    outgoing.once('close', () => {
      gone.abort()
    })
  return gone.signal
}

async function arrived(incoming: IncomingMessage): Promise<ArrivedRequest> {
  const body = await bodyOf(incoming)
  const { method = '', url = '', headers } = incoming
  const target = `http://${headers.host ?? 'localhost'}${url}`
  return {
    method,
    // What no URL can be made of, such as the target of OPTIONS *, is no route either.
    url: new URL(URL.canParse(target) ? target : 'http://localhost'),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
  }
}

/** By events: iterating over the request costs more than all the rest of it. */
function bodyOf(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    incoming.once('end', () => {
      resolve(Buffer.concat(chunks))
    })
    incoming.once('error', reject)
  })
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
