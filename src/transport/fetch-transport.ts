import { plainFailure, refusedHere } from './failure-reason.js'
import type { Exchange, Transport, WireOutcome, WireRequest } from './transport.js'

type Fetch = (request: Request) => Promise<Response>

// A Request holds its signal weakly: after garbage collection it would never be aborted.
const held = new Set<Request>()

/** Sends by fetch, the platform's or the caller's. Only its errors show what happened on the connection. */
export function fetchTransport(fetch: Fetch): Transport {
  return (wire) => {
    const controller = new AbortController()
    let request: Request
    try {
      request = requestOf(wire, controller.signal)
    } catch (failure) {
      return { outcome: Promise.resolve(refusedHere(failure)), cancel: () => undefined }
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
      // Resolves even if fetch ignores the signal. It was called, so the request may have run.
      settle({ failure: plainFailure('cancelled'), isUnsent: false })
    }
    held.add(request)
    void answerTo(request, wire, fetch, controller.signal).then(settle)
  })
  return { outcome, cancel }
}

function requestOf({ url, method, headers, body }: WireRequest, signal: AbortSignal): Request {
  // GET allows no body, not even an empty one.
  const content = body.length === 0 ? null : body
  // A signature is for one URL.
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
  } catch (thrown) {
    const failure = plainFailure(thrown)
    return { failure, isUnsent: failure.isUnconnected }
  }
  try {
    const { status } = response
    // A caller's fetch may return anything.
    if (!Number.isInteger(status)) throw new TypeError('fetch returned no Response')
    const headers = new Headers(response.headers)
    return { status, headers, ...(await readLimited(response, maxAnswerBytes, signal)) }
  } catch (failure) {
    return { failure: plainFailure(failure), isUnsent: false }
  }
}

/** Reads until the body is longer than `maxBytes` or the signal aborts, and then closes the connection. */
async function readLimited(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<{ body: Uint8Array; isTruncated: boolean }> {
  const reader = response.body?.getReader()
  // fetch may ignore the signal.
  const close = (): void => {
    reader?.cancel().catch(() => undefined)
  }
  signal.addEventListener('abort', close)
  if (signal.aborted) close()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
    if (!ArrayBuffer.isView(chunk.value)) throw new TypeError('fetch returned a Response whose body is not bytes')
    chunks.push(chunk.value)
    length += chunk.value.byteLength
    if (length <= maxBytes) continue
    close()
    return { body: join(chunks, maxBytes), isTruncated: true }
  }
  return { body: join(chunks, length), isTruncated: false }
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
