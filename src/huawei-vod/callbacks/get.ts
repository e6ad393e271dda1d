import { fetchTransport } from '../../transport/fetch-transport.js'
import { plainFailure } from '../../transport/failure-reason.js'
import type { WireOutcome } from '../../transport/transport.js'

/** How to get a URL. */
interface GetOptions {
  /** Default: the built-in fetch. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined
  /** For the whole exchange. */
  readonly timeoutMs: number
}

/** Several times the size of a certificate with its chain. */
export const MAX_BYTES = 16 * 2 ** 10

/** Gets a URL from a message, within limits and without redirects. Never rejects. */
export async function get(url: URL, { fetch = builtInFetch, timeoutMs }: GetOptions): Promise<WireOutcome> {
  const { outcome, cancel } = fetchTransport(fetch)({
    method: 'GET',
    url,
    headers: {},
    body: '',
    isIdempotent: true,
    maxAnswerBytes: MAX_BYTES,
  })
  const timeout = new AbortController()
  timeout.signal.addEventListener('abort', cancel)
  const timer = setTimeout(() => {
    timeout.abort()
  }, timeoutMs)
  const result = await outcome
  clearTimeout(timer)
  return timeout.signal.aborted ? lateAfter(timeoutMs) : result
}

/** Read for each request, as test tools replace the global one later. */
function builtInFetch(request: Request): Promise<Response> {
  return globalThis.fetch(request)
}

function lateAfter(timeoutMs: number): WireOutcome {
  return { failure: plainFailure(`no complete response within ${String(timeoutMs)} ms`), isUnsent: false }
}

/** Browsers hide a redirect that they do not follow behind the status 0. */
export function isRedirect(status: number): boolean {
  return status === 0 || (status >= 300 && status < 400)
}
