import { afterArrivedEvents } from '#platform'
import { createRedactor } from '../errors/redact.js'
import { isPromise, type Authentication, type UnsignedRequest } from '../signing/authentication.js'
import { plainFailure } from '../transport/failure-reason.js'
import type { Answer } from './answer.js'
import { onAbort, waitAtMost, type Waited } from './deadline.js'
import { NOTHING_SENT, plainError, type Failure, type TimeLimit } from './failure.js'
import type { Settings } from './settings.js'

/** The part of a call's state that one attempt needs. */
export interface AttemptInput<Credentials> {
  readonly credentials: Credentials
  /** How far the server's clock is ahead of the local one, as far as it is known. */
  readonly clockSkewMs: number
  /** The secrets of the call's attempts so far; those of this attempt are added. */
  readonly secrets: (string | undefined)[]
  /** Milliseconds for this attempt. */
  readonly ms: number
  /** The option that they come from. */
  readonly limit: TimeLimit
  readonly signal: AbortSignal | undefined
  readonly isIdempotent: boolean
}

/** Maximum response size in bytes: far more than one job or asset has, and for idempotent operations a hundred of them. */
const MAX_ANSWER_BYTES = 1024 * 1024
const MAX_LIST_BYTES = 8 * MAX_ANSWER_BYTES
/** Longer than any excerpt or message. */
const MAX_REDACTED_LENGTH = 16_384

/** Signs a request and sends it once. */
export async function attempt<Credentials extends object>(
  { head, body }: UnsignedRequest,
  { credentials, clockSkewMs, secrets, ms, limit, signal, isIdempotent }: AttemptInput<Credentials>,
  { provider, transport, now, monotonicNow }: Settings<Credentials>,
): Promise<Answer | Failure> {
  const sentAt = now()
  const startedAt = monotonicNow()
  secrets.push(...provider.credentialsKind.secretsOf(credentials))
  const redact = createRedactor(secrets)
  let signed: Waited<Authentication>
  try {
    const signing = provider.sign(head, body, credentials, new Date(sentAt + clockSkewMs))
    signed = isPromise(signing) ? await waitAtMost(ms, signal, signing) : { ended: 'done', value: signing }
  } catch (failure) {
    return { kind: 'signing', ...NOTHING_SENT, cause: plainError(plainFailure(failure), redact) }
  }
  if (signed.ended === 'timeout') return { kind: 'timeout', ...NOTHING_SENT, limit, missing: 'no signature' }
  if (signed.ended === 'aborted' || hasAborted(signal)) {
    return { kind: 'aborted', ...NOTHING_SENT, reason: signal?.reason }
  }
  const { signature, canonicalRequest, headers: added } = signed.value
  secrets.push(signature)
  const { method, url } = head
  // Not by spreads: Node 20 creates and reads an object slowly if it gets properties after a spread.
  const headers: Record<string, string> = Object.assign({}, head.headers, added)
  const maxAnswerBytes = isIdempotent ? MAX_LIST_BYTES : MAX_ANSWER_BYTES
  const isLate = (): boolean => monotonicNow() - startedAt >= ms
  if (isLate()) return { kind: 'timeout', ...NOTHING_SENT, limit }
  const endIfLate = (): void => {
    if (isLate()) end('timeout')
  }
  const exchange = transport({ method, url, headers, body, isIdempotent, maxAnswerBytes, endIfLate })
  let ended: 'timeout' | 'aborted' | undefined
  // Settles the outcome at once, unless it has a response already.
  const end = (reason: 'timeout' | 'aborted'): void => {
    ended = reason
    exchange.cancel()
  }
  // When a process resumes that was stopped or blocked, timers come before the response that has arrived meanwhile.
  const timer = setTimeout(afterArrivedEvents, ms - (monotonicNow() - startedAt), () => {
    end('timeout')
  })
  const forget =
    signal &&
    onAbort(signal, () => {
      end('aborted')
    })
  // The fetch of a caller may have aborted its own call.
  if (hasAborted(signal)) end('aborted')
  const outcome = await exchange.outcome
  clearTimeout(timer)
  forget?.()
  if ('failure' in outcome) {
    const sent = { attempts: 1, mayHaveRun: !outcome.isUnsent } as const
    if (ended === 'aborted') return { kind: 'aborted', ...sent, reason: signal?.reason }
    if (ended === 'timeout') return { kind: 'timeout', ...sent, remedy: { kind: 'backoff' }, limit }
    const { failure } = outcome
    const remedy = failure.isPermanent ? undefined : ({ kind: 'backoff' } as const)
    return { kind: 'connection', ...sent, remedy, cause: plainError(failure, redact) }
  }
  const { text, problem } = textOf(outcome.body, outcome.isTruncated ? maxAnswerBytes : undefined)
  return {
    kind: 'answer',
    status: outcome.status,
    headers: outcome.headers,
    text,
    problem,
    canonicalRequest,
    redact: (text) => redact(text.slice(0, MAX_REDACTED_LENGTH)),
    localTime: (sentAt + now()) / 2 + clockSkewMs,
  }
}

function hasAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossyUtf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true })

/** Also decodes what is not a valid response, as it may hold IDs. */
function textOf(body: Uint8Array, truncatedTo: number | undefined): Pick<Answer, 'text' | 'problem'> {
  if (truncatedTo !== undefined) {
    return { text: lossyUtf8.decode(body), problem: `the response is longer than ${String(truncatedTo)} bytes` }
  }
  try {
    return { text: utf8.decode(body), problem: undefined }
  } catch {
    return { text: lossyUtf8.decode(body), problem: 'the response is not UTF-8' }
  }
}
