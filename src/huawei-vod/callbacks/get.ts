import { fetchTransport } from '../../transport/fetch-transport.js'
import { plainFailure } from '../../transport/failure-reason.js'
import type { WireOutcome } from '../../transport/transport.js'

/** How to get a URL. */
interface GetOptions {
  readonly fetch: (request: Request) => Promise<Response>
  /** For the whole exchange. */
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** Gets a URL that a message named: within limits, and without following redirects. Throws nothing. */
export async function get(url: URL, { fetch, timeoutMs, maxBytes }: GetOptions): Promise<WireOutcome> {
  const { outcome, cancel } = fetchTransport(fetch)({
    method: 'GET',
    url,
    headers: {},
    body: '',
    isIdempotent: true,
    maxAnswerBytes: maxBytes,
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

function lateAfter(timeoutMs: number): WireOutcome {
  return { failure: plainFailure(`no complete response within ${String(timeoutMs)} ms`), isUnsent: false }
}

/** Browsers hide a redirect that they do not follow behind the status 0. */
export function isRedirect(status: number): boolean {
  return status === 0 || (status >= 300 && status < 400)
}
