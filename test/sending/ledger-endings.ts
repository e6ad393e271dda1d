import type { Socket } from 'node:net'
import { namesOf, type Content, type Draw, type Rule } from './ledger-grammar.js'

/** Sends a response over a socket, or returns it as fetch does. */
export type OverSocket = (socket: Socket, content: Content) => unknown
export type ByFetch = (content: Content, signal: AbortSignal) => Promise<Response> | Response

/** The ending that proves that nothing ran, whatever the response would have been. */
export const NO_CONNECTION = 'no connection'

const overSocket: Rule<OverSocket> = {
  sure: [
    [90, 'complete', (socket, content) => socket.write(bytesOf(content))],
    [5, 'in pieces', writePieces],
    [2, 'in chunks', (socket, content) => socket.write(chunked(content))],
    [2, 'after an interim response', writeInterim],
  ],
  doubtful: [
    [1, 'reset before the response', (socket) => socket.resetAndDestroy()],
    [1, 'closed before the response', (socket) => socket.end()],
    [1, 'reset within the response', resetWithin],
    [1, 'closed within the response', (socket, content) => socket.end(bytesOf(content, [content.body.length + 9]))],
    [1, 'a length too short', (socket, content) => socket.write(bytesOf(content, [content.body.length >> 1]))],
    [1, 'two lengths', (socket, content) => socket.write(bytesOf(content, [content.body.length, 9]))],
    [1, 'not HTTP', (socket) => socket.write('HTP/1.1 200 OK\r\n\r\n')],
    [
      1,
      'a switch of protocols',
      (socket) => socket.end(`HTTP/1.1 101 Other\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n`),
    ],
  ],
}

const silentSocket: Rule<OverSocket> = {
  sure: [],
  doubtful: [
    [1, 'a silent server', () => undefined],
    [1, 'a server that stops', (socket, content) => socket.write(bytesOf(content, [content.body.length + 9]))],
  ],
}

const byFetch: Rule<ByFetch> = {
  sure: [
    [90, 'complete', (content) => responseOf(content, content.body)],
    [5, 'in pieces', (content) => responseOf(content, streamOf(halvesOf(content.body)))],
    [5, 'late', respondLate],
    [3, NO_CONNECTION, rejecting({ code: 'ECONNREFUSED', syscall: 'connect' })],
    [1, 'headers that are not Headers', withPlainHeaders],
  ],
  doubtful: [
    [1, 'reset before the response', rejecting({ code: 'ECONNRESET', syscall: 'read' })],
    [1, 'closed before the response', rejecting({ code: 'UND_ERR_SOCKET' })],
    [1, 'reset within the response', (content) => responseOf(content, streamOf(halvesOf(content.body), 'reset'))],
    [1, 'no response', () => undefined as unknown as Response],
    [1, 'a body that was read', readBefore],
    [1, 'a body of text', (content) => responseOf(content, streamOf([String(content.body)]))],
  ],
}

const silentFetch: Rule<ByFetch> = {
  sure: [],
  doubtful: [
    [1, 'a silent fetch', () => new Promise(() => undefined)],
    [1, 'a fetch that ends at the abort', rejectWhenAborted],
    [1, 'a body that stops', (content) => responseOf(content, streamOf(halvesOf(content.body), 'never'))],
  ],
}

/** The names of all endings. */
export const ENDING_NAMES = [overSocket, silentSocket, byFetch, silentFetch].flatMap(namesOf)

/** Only a call with a short timeout meets silence. */
export function drawOverSocket(draw: Draw, isImpatient: boolean): OverSocket {
  return draw.from(isImpatient && draw.within(1, 4) === 1 ? silentSocket : overSocket)
}

export function drawByFetch(draw: Draw, isImpatient: boolean): ByFetch {
  return draw.from(isImpatient && draw.within(1, 4) === 1 ? silentFetch : byFetch)
}

function bytesOf({ status, headers, body }: Content, lengths = [body.length]): Buffer {
  const all = [...headers, ...lengths.map((length) => ['content-length', String(length)])]
  const lines = all.map(([name = '', value = '']) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${String(status)} Status\r\n${lines.join('')}\r\n`), body])
}

function writePieces(socket: Socket, content: Content): void {
  const bytes = bytesOf(content)
  const half = bytes.length - (content.body.length >> 1)
  socket.write(bytes.subarray(0, half))
  setTimeout(() => socket.write(bytes.subarray(half)))
}

function writeInterim(socket: Socket, content: Content): void {
  socket.write('HTTP/1.1 103 Early Hints\r\n\r\n')
  socket.write(bytesOf(content))
}

function resetWithin(socket: Socket, content: Content): void {
  socket.write(bytesOf(content, [content.body.length + 9]))
  // Later, so that the bytes are read before the reset.
  setTimeout(() => socket.resetAndDestroy(), 5)
}

function chunked(content: Content): Buffer {
  const chunks = halvesOf(content.body).filter(({ length }) => length > 0)
  const framed = chunks.flatMap((chunk) =>
    [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n'].map((part) => Buffer.from(part)),
  )
  const body = new Uint8Array(Buffer.concat([...framed, Buffer.from('0\r\n\r\n')]))
  return bytesOf({ ...content, body, headers: [...content.headers, ['transfer-encoding', 'chunked']] }, [])
}

/** Response allows neither a body nor a status where HTTP does. */
function responseOf({ status, headers }: Content, body: Uint8Array<ArrayBuffer> | ReadableStream): Response {
  const response = new Response([204, 205, 304].includes(status) ? null : body, { headers })
  return Object.defineProperty(response, 'status', { value: status })
}

async function respondLate(content: Content): Promise<Response> {
  await new Promise((resolve) => setTimeout(resolve))
  return responseOf(content, content.body)
}

async function readBefore(content: Content): Promise<Response> {
  const response = responseOf(content, content.body)
  await response.text()
  return response
}

function withPlainHeaders(content: Content): Response {
  const { status, headers, body } = responseOf(content, content.body)
  return { status, headers: Object.fromEntries(headers), body } as unknown as Response
}

function streamOf(parts: readonly unknown[], end: 'close' | 'reset' | 'never' = 'close'): ReadableStream {
  return new ReadableStream({
    start: (controller) => {
      for (const part of parts) controller.enqueue(part)
      if (end === 'close') controller.close()
      // Later, as an error drops what was not read.
      if (end === 'reset')
        setTimeout(() => {
          controller.error(failureOf({ code: 'ECONNRESET', syscall: 'read' }))
        })
    },
  })
}

function halvesOf(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  return [body.slice(0, body.length >> 1), body.slice(body.length >> 1)]
}

function rejectWhenAborted(_: Content, signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(failureOf({ code: 'ABORT_ERR' }))
    })
  })
}

function rejecting(details: FailureDetails): ByFetch {
  return () => Promise.reject(failureOf(details))
}

interface FailureDetails {
  readonly code: string
  readonly syscall?: string
}

/** As Node's fetch rejects. */
function failureOf(details: FailureDetails): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(details.code), details) })
}
