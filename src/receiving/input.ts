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
  /** The value of a header, by its name in lower case; undefined if there is none, or more than one. */
  readonly header: (name: string) => string | undefined
}

/** SMN limits a message to as much, and the other bodies are far smaller. */
const MAX_BODY_BYTES = 256 * 2 ** 10

const RAW_BODY =
  "Pass the raw body. Express: express.raw({ type: () => true, limit: '256kb' }) on the route, before express.json(). " +
  "Fastify: a content type parser for '*' with parseAs: 'buffer'. Hono: c.req.arrayBuffer(). Next.js: the Request, or " +
  'bodyParser: false and the chunks of the stream. Node: the chunks of the request.'

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
  const { body, headers } = isBody(input) ? { body: input } : partsOf(input)
  if (isBody(body))
    return received(operation, typeof body === 'string' ? encoded(operation, body) : bytes(body), headers)
  const what = body === undefined ? 'there is no raw body' : 'the body was parsed already'
  throw new CallbackError(operation, 'parsed-body', what, { hint: RAW_BODY })
}

/** Whether an input is a Request, of this or of another copy of the platform's class. */
export function isRequest(input: unknown): input is Request {
  return isRecord(input) && typeof input['arrayBuffer'] === 'function' && isRecord(input['headers'])
}

/** JavaScript callers may pass anything. */
function partsOf(input: unknown): { readonly body?: unknown; readonly headers?: unknown } {
  return isRecord(input) ? input : {}
}

function isBody(value: unknown): value is CallbackBody {
  // Not instanceof, as test runners have several copies of the classes.
  return typeof value === 'string' || ArrayBuffer.isView(value) || tagOf(value) === 'ArrayBuffer'
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

function bytes(body: Uint8Array | ArrayBuffer): Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice()
    : new Uint8Array(body)
}

function encoded(operation: string, body: string): Uint8Array<ArrayBuffer> {
  // The encoder would replace it, so that two bodies had the same bytes.
  if (/\p{Surrogate}/u.test(body)) throw invalidEncoding(operation)
  return new TextEncoder().encode(body)
}

/** Reads no further than the limit. */
async function bytesOf(operation: string, request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed) throw new CallbackError(operation, 'body-used', 'the body was read already', { hint: RAW_BODY })
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    const reader = request.body?.getReader()
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
      chunks.push(read.value)
      length += read.value.length
      if (length <= MAX_BODY_BYTES) continue
      // Its promise is of no interest: the sender may be gone.
      reader?.cancel().catch(() => undefined)
      break
    }
  } catch (cause) {
    throw new CallbackError(operation, 'body-unreadable', 'the body could not be read', { cause })
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

function received(operation: string, body: Uint8Array<ArrayBuffer>, headers: unknown): ReceivedCallback {
  if (body.length > MAX_BODY_BYTES) {
    throw new CallbackError(operation, 'body-too-large', `the body is larger than ${String(MAX_BODY_BYTES)} bytes`)
  }
  return { bytes: body, text: textOf(operation, body), header: (name) => headerOf(headers, name) }
}

function textOf(operation: string, body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw invalidEncoding(operation)
  }
}

function invalidEncoding(operation: string): CallbackError {
  return new CallbackError(operation, 'invalid-encoding', 'the body is not UTF-8')
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (!isRecord(headers)) return undefined
  if (typeof headers['get'] === 'function') return (headers as unknown as Headers).get(name) ?? undefined
  const values = Object.keys(headers)
    .filter((key) => key.toLowerCase() === name)
    .flatMap((key) => headers[key])
    .filter((value) => value !== undefined)
  const [value] = values
  return values.length === 1 && typeof value === 'string' ? value : undefined
}
