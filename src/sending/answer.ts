import { failureOf, type Answer, type FailedAttempt, type Remedy } from './attempt.js'
import { isText } from '../type-guards.js'
import { retryAfterMs } from './backoff.js'
import { ApiError, UnexpectedResponseError } from '../errors/errors.js'
import { excerptOf } from '../errors/excerpt.js'
import { requestIdOf, type ErrorCode, type Operation } from './operation.js'

/** What a provider's error document says. */
interface ErrorDocument {
  readonly code: string | undefined
  readonly message: string | undefined
  readonly requestId: string | undefined
  readonly traceId: string | undefined
}

/** How a provider's answers are to be read. */
export interface AnswerFormat {
  /** The value in the body, or why there is none. */
  readonly decode: (text: string) => Decoded
  readonly errorCodes: Readonly<Record<string, ErrorCode>>
  /** What more there is to say of an error, from what was signed. */
  readonly explain?: (message: string, canonicalRequest: string) => string | undefined
  /** Whether an error says in its message alone that the signing time was refused. */
  readonly refusesClock?: (message: string) => boolean
  /** How many milliseconds a throttled request must wait, if its message says so. */
  readonly throttleWindowMs?: (message: string) => number | undefined
  /** The generated check that the answer holds what it is useless without. */
  readonly hasEssentials: (value: unknown) => boolean
}

export type Decoded =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly value: unknown; readonly document: ErrorDocument }
  | { readonly kind: 'unreadable'; readonly reason: string }

export interface Result {
  readonly kind: 'result'
  readonly value: unknown
  readonly answer: Answer
}

const EXCERPT_LENGTH = 200
/** A signature made so far from the server's time is refused by both providers. */
const CLOCK_TOLERANCE_MS = 15 * 60_000
/** The Date header is cut to the second, and an answer takes its time. */
const MEASURING_ERROR_MS = 2_000

/**
 * The result in an answer, or what it failed with: an error document is an error under any status, and what is neither
 * that nor a result is unexpected. Whatever else a result holds is kept; only the essentials are demanded.
 */
export function interpret(
  answer: Answer,
  operation: Operation,
  format: AnswerFormat,
  now: number,
): Result | FailedAttempt {
  const decoded = decodeAnswer(answer, format)
  if (decoded.kind === 'error') return refusedOrFailed(answer, operation, format, decoded.document, now)
  const succeeded = answer.status >= 200 && answer.status < 300
  if (decoded.kind === 'result' && succeeded && format.hasEssentials(decoded.value)) {
    return { kind: 'result', value: decoded.value, answer }
  }
  return unexpected(answer, operation, reasonOf(decoded, succeeded))
}

/** The provider's document in an answer, whatever the status. */
export function decodeAnswer(answer: Answer, format: AnswerFormat): Decoded {
  return answer.problem === undefined ? format.decode(answer.text) : { kind: 'unreadable', reason: answer.problem }
}

/** An answer that is neither a result nor an error document. Its request may have run. */
function unexpected(answer: Answer, operation: Operation, reason: string): FailedAttempt {
  return {
    kind: 'failed',
    attempts: 1,
    answer,
    mayHaveRun: true,
    ...(mayPass(answer.status) && { remedy: { kind: 'backoff' } }),
    toError: (history) =>
      new UnexpectedResponseError(
        reason,
        {
          status: answer.status,
          requestId: requestIdOf(answer.headers, operation, answer.scrub),
          // Cut after scrubbing, or half a secret could stay at the end.
          excerpt: excerptOf(answer.scrub(answer.text), EXCERPT_LENGTH),
          ids: idsIn(answer.text, operation.idFields).filter((id) => answer.scrub(id) === id),
        },
        failureOf(operation, history),
      ),
  }
}

function refusedOrFailed(
  answer: Answer,
  operation: Operation,
  format: AnswerFormat,
  document: ErrorDocument,
  now: number,
): FailedAttempt {
  const { code } = document
  const known = code !== undefined && Object.hasOwn(format.errorCodes, code) ? format.errorCodes[code] : undefined
  // Only a code that the spec lists as a refusal, under a status it lists for it, says that nothing ran.
  const isRefusal = known?.refusal === true && isRefusalStatus(answer.status, known)
  const remedy = isRefusal
    ? remedyOf(known, document.message ?? '', answer, operation, format, now)
    : mayPass(answer.status)
      ? ({ kind: 'backoff' } as const)
      : undefined
  const traceHeader = operation.traceIdHeader === undefined ? null : answer.headers.get(operation.traceIdHeader)
  return {
    kind: 'failed',
    attempts: 1,
    answer,
    mayHaveRun: !isRefusal,
    ...(remedy && { remedy }),
    toError: (history) =>
      new ApiError(
        {
          status: answer.status,
          code: code === undefined ? undefined : answer.scrub(code),
          message: answer.scrub(document.message ?? known?.meaning ?? 'the provider gave no message'),
          requestId:
            requestIdOf(answer.headers, operation, answer.scrub) ??
            (document.requestId && answer.scrub(document.requestId)),
          traceId: isText(traceHeader) ? answer.scrub(traceHeader) : document.traceId && answer.scrub(document.traceId),
        },
        {
          ...failureOf(operation, history),
          hint: hintOf(answer, operation, format, known, document.message, history.mayHaveRun),
        },
      ),
  }
}

/** A known refusal keeps its meaning under 2xx; under a status it is not known with, a server error is not ruled out. */
function isRefusalStatus(status: number, known: ErrorCode): boolean {
  return known.status.includes(status) || (status >= 200 && status < 300)
}

/** Whether the same request could fare better later: a broken success or a failure of the server, no other status. */
function mayPass(status: number): boolean {
  return status >= 500 || (status >= 200 && status < 300)
}

/** What would have to change for a refused request to be accepted. */
function remedyOf(
  { cure }: ErrorCode,
  message: string,
  answer: Answer,
  operation: Operation,
  format: AnswerFormat,
  now: number,
): Remedy | undefined {
  if (cure === 'throttled') {
    const waitMs = retryAfterMs(answer.headers.get('retry-after'), now) ?? format.throttleWindowMs?.(message)
    return { kind: 'throttled', waitMs }
  }
  if (cure === 'clock' || format.refusesClock?.(message) === true) {
    const skewMs = skewOf(answer, operation)
    const isExplained = skewMs !== undefined && Math.abs(skewMs) > CLOCK_TOLERANCE_MS - MEASURING_ERROR_MS
    // With the right time, it is the key that has expired.
    return isExplained ? { kind: 'clock', skewMs } : { kind: 'credentials' }
  }
  return cure === 'token' ? { kind: 'credentials' } : undefined
}

/** How far the server's clock is ahead of ours, if the answer tells. */
function skewOf({ headers, localTime }: Answer, { dateHeader }: Operation): number | undefined {
  const serverTime = Date.parse(headers.get(dateHeader) ?? '')
  // The header tells whole seconds, so half a second is added.
  return Number.isNaN(serverTime) ? undefined : serverTime + 500 - localTime
}

function hintOf(
  answer: Answer,
  operation: Operation,
  format: AnswerFormat,
  known: ErrorCode | undefined,
  message: string | undefined,
  mayHaveRun: boolean,
): string | undefined {
  const { canonicalRequest } = answer
  const explained =
    message === undefined || canonicalRequest === undefined ? undefined : format.explain?.(message, canonicalRequest)
  const advice =
    known?.cure === 'permission'
      ? `${known.hint} Needed for ${operation.name}: ${operation.permissions.join(', ')}.`
      : explained === undefined
        ? known?.hint
        : answer.scrub(explained)
  return [advice, mayHaveRun ? operation.ifInDoubt : undefined].filter(isText).join(' ') || undefined
}

function reasonOf(decoded: Decoded, succeeded: boolean): string {
  if (decoded.kind === 'unreadable') return decoded.reason
  return succeeded ? 'the answer lacks what the operation must return' : 'the answer holds no error document'
}

/**
 * Ids in JSON or XML text that may be broken: somebody paid for what they name. In JSON a string or a number behind the
 * name in quotes; in XML what follows the start tag, which may have attributes or a CDATA section.
 */
function idsIn(text: string, idFields: readonly string[]): string[] {
  const ids = idFields.flatMap((field) =>
    [
      ...text.matchAll(
        new RegExp(
          `"${field}"\\s*:\\s*(?:"|(?=\\d))([\\w-]{1,128})|[<:]${field}(?:\\s[^<>]*)?>(?:<!\\[CDATA\\[)?\\s*([\\w-]{1,128})`,
          'g',
        ),
      ),
    ].map(([, inJson, inXml]) => inJson ?? inXml ?? ''),
  )
  return [...new Set(ids)]
}
