import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import tls from 'node:tls'
import { isRecord } from '../../src/type-guards.js'
import type { Emulator } from '../../src/testing/index.js'
import { selfSigned, type WireServer } from './wire-servers.js'

/** A request that has arrived whole. */
export interface SeenRequest {
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** All of it, as it came. */
  readonly text: string
}

/** A server that says what it has seen. */
export interface FaultServer {
  readonly url: string
  /** Leads to the server through a proxy. */
  readonly agent?: object
  /** Every request that has arrived whole. */
  readonly requests: () => readonly SeenRequest[]
  readonly seen: () => number
  /** How many of them have run. */
  readonly executed: () => number
  /** Counts from here on. */
  readonly forget: () => void
  /** Ends what is open, in this very moment. */
  readonly cut: (how: 'destroy' | 'resetAndDestroy') => void
  readonly close: () => Promise<void>
}

/** An answer as it is to stand on the wire. */
export interface Reply {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the operation runs. */
  readonly runs: boolean
}

/** One request, and what a server can do about it. */
export interface Arrival {
  readonly socket: Socket
  readonly request: SeenRequest
  /** From 1, over all connections, never forgotten. */
  readonly count: number
  readonly run: () => void
  readonly reply: (reply: Reply) => void
}

/** What a server does besides answering. */
export interface ServerHabits {
  readonly scheme?: 'http' | 'https'
  /** Whether it speaks TLS, with a certificate that nobody trusts. */
  readonly isSecure?: boolean
  readonly onConnection?: (socket: Socket) => void
  /** Called with the first bytes of a connection, whatever they are. */
  readonly onFirstBytes?: (socket: Socket) => void
}

/** A server on a real socket that passes each complete request to `onRequest`. */
export async function faultServer(
  onRequest: (arrival: Arrival) => void,
  { isSecure = false, scheme = isSecure ? 'https' : 'http', onConnection, onFirstBytes }: ServerHabits = {},
): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  let requests: SeenRequest[] = []
  let executed = 0
  let count = 0
  const serve = (socket: Socket): void => {
    socket.on('error', () => undefined)
    let pending = ''
    if (onFirstBytes !== undefined) {
      socket.once('data', () => {
        onFirstBytes(socket)
      })
    }
    socket.on('data', (data) => {
      pending += data.toString('latin1')
      for (let whole = takeRequest(pending); whole !== undefined; whole = takeRequest(pending)) {
        pending = pending.slice(whole.text.length)
        requests.push(whole)
        count += 1
        const run = (): void => {
          executed += 1
        }
        const reply = (reply: Reply): void => {
          if (reply.runs) run()
          socket.write(bytesOf(reply))
        }
        onRequest({ socket, request: whole, count, run, reply })
      }
    })
    onConnection?.(socket)
  }
  const server = isSecure ? tls.createServer(selfSigned(), serve) : net.createServer(serve)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address: unknown = server.address()
  return {
    url: `${scheme}://127.0.0.1:${String(isRecord(address) ? address['port'] : undefined)}`,
    requests: () => requests,
    seen: () => requests.length,
    executed: () => executed,
    forget: () => {
      requests = []
      executed = 0
    },
    cut: (how) => {
      for (const socket of sockets) socket[how]()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An address and what is known to be seen there, in the terms of the others. */
export function wireFaultServer({ url, requests }: WireServer): FaultServer {
  return {
    url: url.replace(/\/$/, ''),
    requests: () => [],
    seen: requests,
    executed: () => 0,
    forget: () => undefined,
    cut: () => undefined,
    close: () => Promise.resolve(),
  }
}

/** The emulator on a real socket. What it answers with a success has run. */
export async function emulatorServer(emulator: Emulator): Promise<FaultServer> {
  const { url, close } = await emulator.listen()
  return {
    url,
    requests: () => emulator.requests.map(({ headers, body }) => ({ headers, body, text: JSON.stringify(headers) })),
    seen: () => emulator.requests.length,
    executed: () => emulator.requests.filter(({ status = 500 }) => status < 300).length,
    forget: () => undefined,
    cut: () => undefined,
    close,
  }
}

/** The bytes of an answer, with its length. */
function bytesOf({ status, headers = {}, body }: Omit<Reply, 'runs'>): string {
  const all = { 'content-length': String(Buffer.byteLength(body)), ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${String(status)} Status\r\n${lines.join('')}\r\n${body}`
}

/** The first request in these bytes; undefined while it is not whole. */
function takeRequest(bytes: string): SeenRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1 || !bytes.startsWith('POST ')) return undefined
  const headers = Object.fromEntries(
    bytes
      .slice(0, end)
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const length = end + 4 + Number(headers['content-length'] ?? 0)
  if (bytes.length < length) return undefined
  return { headers, body: bytes.slice(end + 4, length), text: bytes.slice(0, length) }
}
