import {
  AbortedError,
  ApiError,
  CloudMediaError,
  ConnectionError,
  CredentialsError,
  TimeoutError,
  UnexpectedResponseError,
  type CallFailure,
} from '../errors/errors.js'
import { excerptOf, ID_LENGTH, MESSAGE_LENGTH } from '../errors/excerpt.js'
import { isText } from '../type-guards.js'
import type { PlainFailure } from '../transport/failure-reason.js'
import type { Answer } from './answer.js'
import { idsIn } from './ids.js'
import type { ErrorDocument, Operation } from './operation.js'
import type { CodeAdvice, ErrorCode, Provider } from './provider.js'

/** Why an attempt has no result. */
export type Failure = FailureFacts &
  (
    | { readonly kind: 'aborted'; readonly reason: unknown }
    | {
        readonly kind: 'timeout'
        readonly limit: TimeLimit
        /** What did not happen in time. Default: `no complete response`. */
        readonly missing?: string | undefined
        /** The last throttling error of the operation, if the call was not admitted for it. */
        readonly cause?: CloudMediaError | undefined
      }
    | { readonly kind: 'credentials'; readonly problem: string; readonly cause: PlainError | undefined }
    /** A defect is a failure of the library, or of a function among its options. */
    | { readonly kind: 'signing' | 'connection' | 'defect'; readonly cause: PlainError }
    | { readonly kind: 'unexpected'; readonly answer: Answer; readonly reason: string }
    | ErrorResponse
  )

/** An error response of the provider. */
export interface ErrorResponse {
  readonly kind: 'error-response'
  readonly answer: Answer
  readonly document: ErrorDocument
  /** What the spec states about the code. */
  readonly known: ErrorCode | undefined
  /** What the code means, and what to do, as far as that is known. */
  readonly advice?: Partial<CodeAdvice> | undefined
}

interface FailureFacts {
  /** How many requests were sent: 0 if the attempt failed before. */
  readonly attempts: 0 | 1
  /** Whether this attempt may have run. */
  readonly mayHaveRun: boolean
  /** Undefined where a retry cannot help. */
  readonly remedy?: Remedy | undefined
}

type Redact = (text: string) => string

/** The facts of a failure before anything was sent. */
export const NOTHING_SENT = { attempts: 0, mayHaveRun: false } as const

/** What must change before a retry can succeed. */
export type Remedy =
  | { readonly kind: 'backoff' }
  /** The delay is undefined if the provider does not name one. */
  | { readonly kind: 'throttled'; readonly delayMs: number | undefined }
  | { readonly kind: 'clock'; readonly skewMs: number }
  | { readonly kind: 'credentials' }

/** A limit of time and the option that sets it. */
export interface TimeLimit {
  readonly option: 'timeoutMs' | 'totalTimeoutMs'
  readonly ms: number
}

/** What the attempts of a call have in common; `cause` is the error of an earlier one that may have run. */
export type History = Required<Pick<CallFailure, 'attempts' | 'mayHaveRun' | 'startedAt' | 'cause'>>

const EXCERPT_LENGTH = 200
const THROTTLED = 'Call again later, make fewer calls at a time, or raise totalTimeoutMs.'

/** The error that a call rejects with after this failure. */
export function errorOf(failure: Failure, operation: Operation, provider: Provider, history: History): CloudMediaError {
  const { name } = operation
  const facts = factsOf(operation, history, 'cause' in failure ? failure.cause : undefined)
  switch (failure.kind) {
    case 'aborted':
      return new AbortedError(`${name}: aborted by the caller`, { ...facts, cause: failure.reason })
    case 'timeout': {
      const { limit, missing = 'no complete response', cause } = failure
      const message = `${name}: ${missing} within ${limit.option} (${String(limit.ms)} ms)`
      return new TimeoutError(message, { ...(cause && { hint: THROTTLED }), ...facts })
    }
    case 'credentials': {
      const sent = history.attempts === 0 ? 'nothing was sent: ' : ''
      return new CredentialsError(`${name}: ${sent}${failure.problem}`, facts)
    }
    case 'signing':
      return new CredentialsError(`${name}: not sent: signing failed: ${failure.cause.message}`, facts)
    case 'connection': {
      const { cause, mayHaveRun } = failure
      const what = mayHaveRun ? 'the connection failed' : 'no connection'
      return new ConnectionError(`${name}: ${what}: ${cause.code ?? cause.message}`, facts)
    }
    case 'defect':
      return new CloudMediaError(`${name}: an unexpected failure: ${failure.cause.message}`, facts)
    case 'unexpected':
      return unexpectedResponse(failure.answer, failure.reason, operation, provider, facts)
    case 'error-response':
      return apiError(failure, operation, provider, facts)
  }
}

/** The provider's ID of a request, from the headers of its response. */
export function requestIdOf({ headers, redact }: Answer, provider: Provider): string | undefined {
  return idOf(headers.get(provider.facts.headers.requestId), redact)
}

/** A code or an ID from a response, if there is one. */
function idOf(text: string | null | undefined, redact: Redact): string | undefined {
  return isText(text) ? excerptOf(redact(text), ID_LENGTH) : undefined
}

/** The error of an earlier attempt that may have run matters more than the cause of the last failure. */
function factsOf({ name, ifInDoubt }: Operation, history: History, ownCause: Error | undefined): CallFailure {
  const { attempts, mayHaveRun, startedAt, cause = ownCause } = history
  const hint = mayHaveRun && { hint: ifInDoubt }
  return { operation: name, attempts, mayHaveRun, startedAt, ...hint, ...(cause !== undefined && { cause }) }
}

type PlainError = Error & { readonly code?: string }

/** A foreign failure without what else it may hold, such as the request with all its headers. */
export function plainError({ code, message }: PlainFailure, redact: Redact): PlainError {
  const plain = new Error(excerptOf(redact(message), MESSAGE_LENGTH))
  const shown = idOf(code, redact)
  return shown === undefined ? plain : Object.assign(plain, { code: shown })
}

function unexpectedResponse(
  answer: Answer,
  reason: string,
  { idFields }: Operation,
  provider: Provider,
  facts: CallFailure,
): UnexpectedResponseError {
  const { status, text, redact } = answer
  const details = {
    status,
    requestId: requestIdOf(answer, provider),
    // Redacted before it is truncated, or half a secret could stay at the end.
    excerpt: excerptOf(redact(text), EXCERPT_LENGTH),
    ids: shownIds(answer, idFields),
  }
  return new UnexpectedResponseError(reason, details, facts)
}

/** The IDs in a response, without those that are secrets. */
function shownIds({ text, redact }: Answer, idFields: readonly string[]): string[] {
  return idsIn(text, idFields).filter((id) => redact(id) === id)
}

function apiError(
  { answer, document, advice }: ErrorResponse,
  operation: Operation,
  provider: Provider,
  facts: CallFailure,
): ApiError {
  const { code, message, requestId, traceId } = document
  const { status, headers, redact } = answer
  const { traceId: traceHeader } = provider.facts.headers
  const details = {
    status,
    code: idOf(code, redact),
    providerMessage: redact(message ?? ''),
    summary: redact(message ?? advice?.meaning ?? 'the provider sent no message'),
    requestId: requestIdOf(answer, provider) ?? idOf(requestId, redact),
    traceId: idOf(traceHeader && headers.get(traceHeader), redact) ?? idOf(traceId, redact),
    ids: shownIds(answer, operation.idFields),
  }
  const hint = [advice?.hint, facts.mayHaveRun ? operation.ifInDoubt : undefined].filter(isText).join(' ') || undefined
  return new ApiError(details, { ...facts, hint })
}
