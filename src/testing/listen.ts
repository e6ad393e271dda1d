import type { IncomingMessage, ServerResponse } from 'node:http'
import { MAX_BODY_BYTES, type ArrivedRequest, type Delivery } from './exchange.js'
import { wait } from './wait.js'

/** Where the emulator listens. */
export interface ListenOptions {
  /** The port. Default: 0, any free one. */
  readonly port?: number
  /** The address. Default: 127.0.0.1, this machine only. */
  readonly host?: string
}

/** A listening emulator. */
export interface Listening {
  /** Base URL, for the `endpoint` option of the clients. */
  readonly url: string
  /** Stops listening and closes all connections. May be called again. */
  readonly close: () => Promise<void>
}

/** Serves over HTTP. A reset is a real TCP reset. */
export async function listen(
  exchange: (request: ArrivedRequest) => Promise<Delivery>,
  { port = 0, host = '127.0.0.1' }: ListenOptions = {},
): Promise<Listening> {
  // Imported here, so that the emulator's fetch works without node:http.
  const { createServer } = await import('node:http')
  const server = createServer((incoming, outgoing) => {
    answer(exchange, incoming, outgoing).catch(() => {
      // The caller has closed the connection, or the emulator has failed.
      outgoing.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address()
  const boundPort = typeof address === 'object' ? address?.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(boundPort)}`,
    close: async () => {
      // Resolves to an error if the server was closed before.
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
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
  if (delivery.kind === 'reset-inside') {
    outgoing.write(body.subarray(0, body.length / 2), () => incoming.socket.resetAndDestroy())
  } else if (incoming.readableEnded) outgoing.end(body)
  else {
    // If the connection closes before the caller has sent its body, the caller can lose the response.
    outgoing.write(body)
    incoming.once('end', () => outgoing.end())
  }
}

/** Aborts when the caller closes the connection. */
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
  const { method = '', headers } = incoming
  return {
    method,
    url: urlOf(incoming),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body,
  }
}

/** Set part by part, so that no part changes another. An absolute target has its own host (RFC 9112, section 3.2.2). */
function urlOf({ url: target = '', headers }: IncomingMessage): URL {
  const [, host = headers.host ?? '', pathname = '', search = ''] =
    /^(?:https?:\/\/([^/?]*))?([^?]*)(.*)/i.exec(target) ?? []
  const url = Object.assign(new URL('http://localhost'), { host, pathname, search })
  // The URL class resolves dot segments, for example. A path that it changes has no route: an empty segment ends it.
  if (url.pathname !== pathname) url.pathname += '//'
  return url
}

/** Read by events, as async iteration costs more than the rest of the request. */
function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let length = 0
    incoming.on('data', (chunk: Uint8Array) => {
      length += chunk.length
      chunks.push(chunk)
      // Chunks of one byte take hundreds of times the length of the body.
      if (chunks.length === 1_000) chunks.push(Buffer.concat(chunks.splice(0)))
      if (length <= MAX_BODY_BYTES) return
      chunks.length = 0
      resolve(undefined)
    })
    incoming.once('end', () => {
      resolve(Buffer.concat(chunks))
    })
    incoming.once('error', reject)
  })
}
