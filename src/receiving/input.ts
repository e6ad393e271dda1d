import { CallbackError } from '../errors/callback-error.js'
import { isRecord } from '../type-guards.js'

/** The raw body of a callback: bytes, or text that nothing has parsed. */
export type CallbackBody = string | Uint8Array | ArrayBuffer

/** The headers of a callback: a Headers object, those of node:http, or values by name, in any case. */
export type CallbackHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** The body and the headers of a callback, such as an Express request with a raw body. */
export interface CallbackRequest {
  /** The raw body. */
  readonly body: CallbackBody
  /** The headers. Only verifyMfsEvent requires them. */
  readonly headers?: CallbackHeaders
}

/** A callback as a server receives it: a web Request that nothing has read, or its raw body with the headers. */
export type CallbackInput = Request | CallbackRequest

/** A callback whose body is complete, and text. */
export interface ReceivedCallback {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Without a byte order mark. */
  readonly text: string
  /** As the server has them. */
  readonly headers: unknown
}

/** The maximum size of a message of SMN. The other bodies are far smaller. */
const MAX_BODY_BYTES = 256 * 2 ** 10

const RAW_BODY =
  "Pass the raw body. Express: express.raw({ type: () => true, limit: '256kb' }) before express.json(). Fastify: " +
  "removeAllContentTypeParsers(), and a parser for '*' with parseAs: 'buffer'. Hono: c.req.raw. Next.js: the Request, " +
  'or bodyParser: false. Node: Buffer.concat(chunks).'

/**
 * Reads a callback.
 *
 * @throws CallbackError if it has no raw body, or one that is too large or not UTF-8
 */
export async function readCallback(operation: string, input: CallbackInput | CallbackBody): Promise<ReceivedCallback> {
  return isRequest(input)
    ? received(operation, await bytesOf(operation, input), input.headers)
    : readRawCallback(operation, input)
}

/** Reads a callback whose body is there already. */
export function readRawCallback(operation: string, input: CallbackRequest | CallbackBody): ReceivedCallback {
  if (isBody(input)) return received(operation, input, undefined)
  // JavaScript callers may pass anything.
  const { body, headers } = (isRecord(input) ? input : {}) as { readonly body?: unknown; readonly headers?: unknown }
  if (isBody(body)) return received(operation, body, headers)
  const what = body === undefined ? 'the raw body is missing' : 'the body was parsed already'
  throw new CallbackError(operation, 'parsed-body', what, { hint: RAW_BODY })
}

/** Whether an input is a Request, of this or of another copy of the platform's class. */
export function isRequest(input: unknown): input is Request {
  return isRecord(input) && typeof input['arrayBuffer'] === 'function' && isRecord(input['headers'])
}

function isBody(value: unknown): value is CallbackBody {
  // Not instanceof, as test runners have several copies of the classes. A Buffer is a Uint8Array.
  return /^\[object (String|Uint8Array|ArrayBuffer)\]$/.test(Object.prototype.toString.call(value))
}

/** Reads no further than the limit, into one buffer: a hostile body may come byte by byte. */
async function bytesOf(operation: string, request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed || request.body?.locked) {
    throw new CallbackError(operation, 'body-used', 'the body was read already', { hint: RAW_BODY })
  }
  const bytes = new Uint8Array(MAX_BODY_BYTES + 1)
  let length = 0
  try {
    const reader = request.body?.getReader()
    while (length <= MAX_BODY_BYTES) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) break
      bytes.set(value.subarray(0, bytes.length - length), length)
      length += value.length
    }
    // The rest is not read. The sender may have closed the connection.
    reader?.cancel().catch(() => undefined)
  } catch (cause) {
    throw new CallbackError(operation, 'body-unreadable', 'the body could not be read', { cause })
  }
  return bytes.subarray(0, length)
}

function received(operation: string, body: CallbackBody, headers: unknown): ReceivedCallback {
  // A copy, as a server may use its buffer again.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)
  if (bytes.length > MAX_BODY_BYTES) {
    throw new CallbackError(operation, 'body-too-large', 'the body is larger than 256 kB')
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    // The encoder replaces half a surrogate pair, so that two texts would have the same bytes.
    if (typeof body !== 'string' || body === text) return { bytes, text: text.replace(/^\uFEFF/, ''), headers }
  } catch {
    // Below.
  }
  throw new CallbackError(operation, 'invalid-encoding', 'the body is not UTF-8')
}
