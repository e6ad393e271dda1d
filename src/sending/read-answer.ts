import type { Answer } from './answer.js'
import { httpDate, retryAfterMs } from './backoff.js'
import type { Failure, Remedy } from './failure.js'
import { hasField, idsIn } from './ids.js'
import type { Decoded, Operation } from './operation.js'
import type { ErrorCode, Provider, ProviderFacts } from './provider.js'

/** The result in a response. */
export interface Result {
  readonly kind: 'result'
  readonly value: unknown
  readonly answer: Answer
}

/** The Date header has whole seconds, and a response takes time to arrive. */
const MEASURING_ERROR_MS = 2_000

/**
 * Reads a response as a result or a failure. An error response is an error under any status. A result needs only its
 * required fields, and everything else in it is kept. Anything else is unexpected, and may have run.
 *
 * @param now the server's time, as far as it is known
 */
export function readAnswer(answer: Answer, operation: Operation, provider: Provider, now: number): Result | Failure {
  const decoded = decodeAnswer(answer, operation)
  if (decoded.kind === 'error') return readError(answer, decoded, operation, provider, now)
  if (decoded.kind === 'result' && isSuccess(answer.status) && operation.isComplete(decoded.value)) {
    return { kind: 'result', value: decoded.value, answer }
  }
  return {
    kind: 'unexpected',
    attempts: 1,
    mayHaveRun: true,
    remedy: remedyOfStatus(answer.status),
    answer,
    reason: reasonOf(decoded, answer.status),
  }
}

/** The body of a response, whatever the status. */
export function decodeAnswer(answer: Answer, operation: Operation): Decoded {
  return answer.problem === undefined ? operation.decode(answer.text) : { kind: 'unreadable', reason: answer.problem }
}

function readError(
  answer: Answer,
  { document, value }: Decoded & { kind: 'error' },
  { idFields, resultFields }: Operation,
  provider: Provider,
  now: number,
): Failure {
  const { code } = document
  const known = code !== undefined && Object.hasOwn(provider.errorCodes, code) ? provider.errorCodes[code] : undefined
  const { status, text } = answer
  // Only a code that the spec lists as a refusal, under a status that it lists or 2xx, proves that nothing ran. Under any
  // other status a server error is possible, and a part of a result contradicts it.
  const isListed = known?.refusal === true && (isSuccess(status) || known.status.includes(status))
  const isRefusal = isListed && !hasField(value, resultFields) && idsIn(text, idFields).length === 0
  return {
    kind: 'error-response',
    attempts: 1,
    mayHaveRun: !isRefusal,
    remedy: isRefusal ? remedyOf(known, document.message ?? '', answer, provider.facts, now) : remedyOfStatus(status),
    answer,
    document,
    known,
  }
}

/** The same request can succeed later after a broken success or a server error, not after another status. */
function remedyOfStatus(status: number): Remedy | undefined {
  return status >= 500 || isSuccess(status) ? { kind: 'backoff' } : undefined
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

/** What must change before a retry of a refused request can succeed. */
function remedyOf(
  { cure }: ErrorCode,
  message: string,
  answer: Answer,
  facts: ProviderFacts,
  now: number,
): Remedy | undefined {
  if (cure === 'throttled') {
    const delayMs = retryAfterMs(answer.headers.get('retry-after'), now) ?? throttleWindowMs(message, facts)
    return { kind: 'throttled', delayMs }
  }
  if (cure === 'clock' || new RegExp(facts.clockRefusal).test(message)) {
    const skewMs = skewOf(answer, facts)
    const isExplained = skewMs !== undefined && Math.abs(skewMs) > facts.clockToleranceMs - MEASURING_ERROR_MS
    // If the clock is right, the access key has expired.
    return isExplained ? { kind: 'clock', skewMs } : { kind: 'credentials' }
  }
  return cure === 'token' ? { kind: 'credentials' } : undefined
}

/** How far the server's clock is ahead of the local one, if the response has a Date. */
function skewOf({ headers, localTime }: Answer, facts: ProviderFacts): number | undefined {
  const serverTime = httpDate(headers.get(facts.headers.date) ?? '')
  // The header has whole seconds: on average the time is half a second later.
  return Number.isNaN(serverTime) ? undefined : serverTime + 500 - localTime
}

const DAY_MS = 86_400_000
const UNITS_MS = new Map([
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', DAY_MS],
])

/**
 * The window in milliseconds in which the provider counts requests, from the message of a throttled request. Undefined if
 * the message has no window, or one that is implausible: zero, or more than a day.
 */
export function throttleWindowMs(message: string, { throttleWindow }: ProviderFacts): number | undefined {
  if (throttleWindow === undefined) return undefined
  const { count, unit = '' } = new RegExp(throttleWindow, 'i').exec(message)?.groups ?? {}
  const ms = Number(count) * (UNITS_MS.get(unit.toLowerCase()) ?? Number.NaN)
  return ms > 0 && ms <= DAY_MS ? ms : undefined
}

function reasonOf(decoded: Decoded, status: number): string {
  if (decoded.kind === 'unreadable') return decoded.reason
  return isSuccess(status)
    ? 'the response lacks a required field'
    : 'the response is not an error response of the provider'
}
