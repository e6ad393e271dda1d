import { spawn } from 'node:child_process'
import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import net, { type Socket } from 'node:net'
import tls from 'node:tls'
import selfsigned from 'selfsigned'
import { afterEach } from 'vitest'
import { isRecord } from '../../src/type-guards.js'
import type { WireRequest } from '../../src/transport/transport.js'

/** A server, and how many requests have reached it. */
export interface WireServer {
  readonly url: string
  readonly requests: () => number
}

const endings: (() => void)[] = []

/** Ends after each test what it started; to be called once in a test file. */
export function endServersAfterEach(): void {
  afterEach(() => {
    for (const end of endings.splice(0)) end()
  })
}

/** Adds to what endServersAfterEach ends. */
export function endLater(end: () => void): void {
  endings.push(end)
}

export function wireRequest(url: string, changes: Partial<WireRequest> = {}): WireRequest {
  return {
    method: 'POST',
    url: new URL(url),
    headers: { accept: '*/*' },
    body: 'question',
    isIdempotent: false,
    maxAnswerBytes: 1024 * 1024,
    ...changes,
  }
}

export async function httpServer(listener: RequestListener): Promise<WireServer> {
  let requests = 0
  const server = http.createServer((request, response) => {
    requests += 1
    request.resume()
    listener(request, response)
  })
  return { url: `http://${await listening(server)}/`, requests: () => requests }
}

/** Every connection, with the number it has, and every request that came over it, with the number that has. */
export async function tcpServer(
  onConnection: (socket: Socket) => void,
  onRequest: (socket: Socket, count: number) => void = () => undefined,
  scheme: 'http' | 'https' = 'http',
): Promise<WireServer> {
  let requests = 0
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (!data.toString('latin1').startsWith('POST ')) return
      requests += 1
      onRequest(socket, requests)
    })
    onConnection(socket)
  })
  return { url: `${scheme}://${await listening(server)}/`, requests: () => requests }
}

/** With a certificate of its own that nobody trusts. */
export async function tlsServer(
  listener: RequestListener,
  options: tls.TlsOptions = {},
): Promise<WireServer & { readonly certificate: string }> {
  let requests = 0
  const application = http.createServer((request, response) => {
    requests += 1
    listener(request, response)
  })
  const server = tls.createServer({ ...selfSigned(), ...options }, (socket) => application.emit('connection', socket))
  server.on('tlsClientError', () => undefined)
  return { url: `https://${await listening(server)}/`, requests: () => requests, certificate: selfSigned().cert }
}

/** The address of nobody: connecting is refused. */
export async function refusingServer(): Promise<WireServer> {
  const server = net.createServer()
  const host = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return { url: `http://${host}/`, requests: () => 0 }
}

/** Connecting never ends, as the queue of connections is full and nobody takes one from it. */
export async function fullServer(): Promise<WireServer> {
  const code = `
    const server = require('node:net').createServer()
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  endings.push(() => child.kill('SIGKILL'))
  const port = await new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => {
      resolve(String(data))
    })
  })
  for (let isFull = false; !isFull;) {
    const socket = net.connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    endings.push(() => socket.destroy())
    isFull = await Promise.race([once(socket, 'connect').then(() => false), pause(300).then(() => true)])
  }
  return { url: `http://127.0.0.1:${port}/`, requests: () => 0 }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Starts a server, which ends after the test, and returns its host and port. */
export async function listening(server: net.Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address: unknown = server.address()
  return `127.0.0.1:${String(isRecord(address) ? address['port'] : undefined)}`
}

let made: { readonly key: string; readonly cert: string } | undefined

/** A certificate that nobody trusts. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  if (made !== undefined) return made
  const { private: key, cert } = selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    days: 2,
    // Type 7 is an IP address (RFC 5280, 4.2.1.6).
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  made = { key, cert }
  return made
}

const nothing = (): void => undefined

export type Fault =
  | 'refused'
  | 'name unknown'
  | 'untrusted certificate'
  | 'TLS to a plain port'
  | 'reset within the handshake'
  | 'closed before the answer'
  | 'reset before the answer'
  | 'reset in the status line'
  | 'garbage instead of HTTP'
  | 'a switch of protocols'
  | 'reset inside the answer'
  | 'closed inside the answer'
  | 'closed inside a chunked answer'

export type Phase = 'while it connects' | 'within the handshake' | 'before the answer' | 'within the answer'

/** Ways for an exchange to fail, each with one request that may reach the server. */
export const faults: Readonly<Record<Fault, () => Promise<WireServer>>> = {
  refused: refusingServer,
  'name unknown': () => Promise.resolve({ url: 'http://nowhere.invalid/', requests: () => 0 }),
  'untrusted certificate': () => tlsServer((_, response) => response.end()),
  'TLS to a plain port': () =>
    tcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), nothing, 'https'),
  'reset within the handshake': () =>
    tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()), nothing, 'https'),
  'closed before the answer': () => tcpServer(nothing, (socket) => socket.end()),
  'reset before the answer': () => tcpServer(nothing, (socket) => socket.resetAndDestroy()),
  'reset in the status line': () => tcpServer(nothing, resetAfter('HTTP/1.')),
  'garbage instead of HTTP': () => tcpServer(nothing, (socket) => socket.end('garbage\r\n\r\n')),
  'a switch of protocols': () =>
    tcpServer(nothing, (socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    ),
  'reset inside the answer': () => tcpServer(nothing, resetAfter('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')),
  'closed inside the answer': () =>
    tcpServer(nothing, (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart')),
  'closed inside a chunked answer': () =>
    tcpServer(nothing, (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\npart\r\n')),
}

/** Ways for an exchange never to end. */
export const silences: Readonly<
  Record<Phase, { readonly start: () => Promise<WireServer>; readonly isSent: boolean }>
> = {
  'while it connects': { start: fullServer, isSent: false },
  'within the handshake': { start: () => tcpServer(nothing, nothing, 'https'), isSent: false },
  'before the answer': { start: () => tcpServer(nothing), isSent: true },
  'within the answer': {
    start: () =>
      tcpServer(nothing, (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\npart') && undefined),
    isSent: true,
  },
}

function resetAfter(bytes: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(bytes)
    // Later, so that the bytes are read before the reset.
    setTimeout(() => socket.resetAndDestroy(), 30)
  }
}

/** After one good answer, the connection ends instead of answering the request that comes over it. */
export function forgetfulServer(how: 'end' | 'resetAndDestroy'): Promise<WireServer> {
  return tcpServer(nothing, (socket, count) => {
    if (count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    else socket[how]()
  })
}
