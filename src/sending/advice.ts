import { waitAtMost } from './deadline.js'
import type { ErrorResponse } from './failure.js'
import type { Operation } from './operation.js'
import type { Advice, Provider } from './provider.js'

/** An error must not wait long for its hint. */
const LOADING_MS = 1_000

/** What to do about an error response; undefined if that is not known, or cannot be loaded. */
export async function adviceOn(
  failure: ErrorResponse,
  operation: Operation,
  { loadAdvice }: Provider,
): Promise<string | undefined> {
  try {
    const loaded = await waitAtMost(LOADING_MS, undefined, loadAdvice())
    return loaded.ended === 'done' ? adviceIn(loaded.value, failure, operation) : undefined
  } catch {
    return undefined
  }
}

function adviceIn(
  { hints, explainSignature }: Advice,
  { answer: { canonicalRequest, redact }, document: { code = '', message }, known }: ErrorResponse,
  { name, permissions }: Operation,
): string | undefined {
  const hint = Object.hasOwn(hints, code) ? hints[code] : undefined
  if (known?.cure === 'permission') return `${hint ?? ''} Required for ${name}: ${permissions.join(', ')}.`
  if (message === undefined || canonicalRequest === undefined) return hint
  const explained = explainSignature?.(message, canonicalRequest)
  return explained === undefined ? hint : redact(explained)
}
