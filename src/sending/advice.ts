import { waitAtMost } from './deadline.js'
import type { ErrorResponse } from './failure.js'
import type { Operation } from './operation.js'
import type { Advice, CodeAdvice, Provider } from './provider.js'

/** An error must not wait long for its hint. */
const LOADING_MS = 1_000

/** What an error response means, and what to do; undefined if that is not known, or cannot be loaded. */
export async function adviceOn(
  failure: ErrorResponse,
  operation: Operation,
  { loadAdvice }: Provider,
): Promise<Partial<CodeAdvice> | undefined> {
  try {
    const loaded = await waitAtMost(LOADING_MS, undefined, loadAdvice())
    return loaded.ended === 'done' ? adviceIn(loaded.value, failure, operation) : undefined
  } catch {
    return undefined
  }
}

function adviceIn(
  { advice, explainSignature }: Advice,
  { answer: { canonicalRequest, redact }, document: { code = '', message }, known }: ErrorResponse,
  { name, permissions }: Operation,
): Partial<CodeAdvice> | undefined {
  const own = Object.hasOwn(advice, code) ? advice[code] : undefined
  if (own !== undefined && known?.cure === 'permission') {
    return { ...own, hint: `${own.hint} Required for ${name}: ${permissions.join(', ')}.` }
  }
  if (message === undefined || canonicalRequest === undefined) return own
  const explained = explainSignature?.(message, canonicalRequest)
  return explained === undefined ? own : { ...own, hint: redact(explained) }
}
