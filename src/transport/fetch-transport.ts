import { isRecord } from '../type-guards.js'
import { isCertificateCode } from './connection-failure.js'
import type { Exchange, Transport, WireOutcome, WireRequest } from './transport.js'

type Fetch = (request: Request) => Promise<Response>

// The signal of a Request follows the one given weakly: once the Request is collected, it is never aborted.
const held = new Set<Request>()

/** Sends by a fetch, the platform's or the user's. What it tells about a connection is all there is to know. */
export function fetchTransport(fetch: Fetch): Transport {
  return (wire) => {
    const controller = new AbortController()
    let request: Request
    try {
      request = requestOf(wire, controller.signal)
    } catch (failure) {
      return { outcome: Promise.resolve({ failure, isUnsent: true }), cancel: () => undefined }
    }
    return exchange(request, wire, fetch, controller)
  }
}

function exchange(request: Request, wire: WireRequest, fetch: Fetch, controller: AbortController): Exchange {
  let cancel = (): void => undefined
  const outcome = new Promise<WireOutcome>((resolve) => {
    const settle = (one: WireOutcome): void => {
      held.delete(request)
      resolve(one)
    }
    cancel = () => {
      controller.abort()
      // At once, as not every fetch heeds its signal. It was called already, so nothing is certain.
      settle({ failure: controller.signal.reason, isUnsent: false })
    }
    held.add(request)
    void answerTo(request, wire, fetch, controller.signal).then(settle)
  })
  return { outcome, cancel }
}

function requestOf({ url, method, headers, body }: WireRequest, signal: AbortSignal): Request {
  // No method refuses to have no body, which is sent like an empty one.
  const content = body.length === 0 ? null : body
  // A signature is for one URL, so no redirect is followed.
  return new Request(url, { method, headers, body: content, signal, redirect: 'manual' })
}

async function answerTo(
  request: Request,
  { maxAnswerBytes }: WireRequest,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<WireOutcome> {
  let response: Response
  try {
    response = await fetch(request)
  } catch (failure) {
    return { failure, isUnsent: neverConnected(failure) }
  }
  try {
    const { status, headers } = response
    return { status, headers, ...(await readCapped(response, maxAnswerBytes, signal)) }
  } catch (failure) {
    return { failure, isUnsent: false }
  }
}

/** Reading stops, and the connection is let go, once the body is longer than `maxBytes` or the signal is aborted. */
async function readCapped(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ body: Uint8Array; isCut: boolean }> {
  const reader = response.body?.getReader()
  // Not every fetch heeds its signal.
  const letGo = (): void => {
    reader?.cancel().catch(() => undefined)
  }
  signal.addEventListener('abort', letGo)
  if (signal.aborted) letGo()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
    chunks.push(chunk.value)
    length += chunk.value.byteLength
    if (length <= maxBytes) continue
    letGo()
    return { body: join(chunks, maxBytes), isCut: true }
  }
  return { body: join(chunks, length), isCut: false }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk.subarray(0, length - offset), offset)
    offset += chunk.byteLength
  }
  return joined
}

/** True only where the failure itself says that name lookup, connecting or the certificate failed: then no byte went out. */
function neverConnected(failure: unknown, known = new Map<unknown, boolean>()): boolean {
  if (!isRecord(failure)) return false
  // A failure may be its own cause, which then adds nothing.
  if (!known.has(failure)) known.set(failure, false).set(failure, saysSo(failure) || followsFromCauses(failure, known))
  return known.get(failure) === true
}

function saysSo({ code, syscall }: Record<string, unknown>): boolean {
  return (
    syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT' || isCertificateCode(code)
  )
}

function followsFromCauses({ cause, errors }: Record<string, unknown>, known: Map<unknown, boolean>): boolean {
  if (neverConnected(cause, known)) return true
  // One for each address that was tried. Of several attempts, none may have come further.
  return Array.isArray(errors) && errors.length > 0 && errors.every((member) => neverConnected(member, known))
}
