import { excerptOf } from './excerpt.js'

/** A refused signature comes with the whole canonical request, which is worth reading. */
const MESSAGE_LENGTH = 2_000

/** What every error of a call tells. */
export interface CallFailure {
  /** The operation that was called, by its name in the spec. */
  readonly operation: string
  /** How many requests were sent, or tried to be. */
  readonly attempts: number
  /** Whether the operation may have run on the server: if true, find out before submitting again. */
  readonly mayHaveRun: boolean
  /** What to do about it, where that is known. */
  readonly hint?: string | undefined
  /** The failure underneath, if there is one. */
  readonly cause?: unknown
}

/** The base of every error a call rejects with. */
export class CloudMediaError extends Error implements CallFailure {
  override readonly name: string = 'CloudMediaError'
  readonly operation: string
  readonly attempts: number
  readonly mayHaveRun: boolean
  readonly hint: string | undefined

  constructor(message: string, failure: CallFailure) {
    super(message, 'cause' in failure ? { cause: failure.cause } : undefined)
    this.operation = failure.operation
    this.attempts = failure.attempts
    this.mayHaveRun = failure.mayHaveRun
    this.hint = failure.hint
  }

  /** The error as plain data, for logs. Holds no credentials and no request. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries([...Object.entries(this), ['message', this.message]])
  }
}

/** The provider answered with an error document. */
export class ApiError extends CloudMediaError {
  override readonly name = 'ApiError'
  /** HTTP status. May be 2xx: an error document is an error under any status. */
  readonly status: number
  /** The provider's code, such as `VOD.10062` or `SlowDown`; undefined where the document holds none. */
  readonly code: string | undefined
  /** The provider's own message, whole, with its line breaks. */
  readonly providerMessage: string
  readonly requestId: string | undefined
  readonly traceId: string | undefined

  constructor(
    details: {
      readonly status: number
      readonly code: string | undefined
      readonly message: string
      readonly requestId: string | undefined
      readonly traceId: string | undefined
    },
    failure: CallFailure,
  ) {
    const requestId = details.requestId === undefined ? '' : `, request id ${details.requestId}`
    super(
      `${failure.operation}: ${details.code ?? 'error without a code'}: ${excerptOf(details.message, MESSAGE_LENGTH)} (status ${String(details.status)}${requestId})`,
      failure,
    )
    this.status = details.status
    this.code = details.code
    this.providerMessage = details.message
    this.requestId = details.requestId
    this.traceId = details.traceId
  }
}

/** One thing wrong with a request. */
export interface RequestIssue {
  /** The field, as in `Operation.Output.Bucket`; empty for the request itself. */
  readonly path: string
  /** The rule and how to meet it. */
  readonly message: string
}

/** All issues in one line, each with its path. */
export function listIssues(issues: readonly RequestIssue[]): string {
  return issues.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ')
}

/** The request breaks the spec. Nothing was sent. */
export class RequestValidationError extends CloudMediaError {
  override readonly name = 'RequestValidationError'
  /** Everything that is wrong, not only the first. */
  readonly issues: readonly RequestIssue[]

  constructor(operation: string, issues: readonly RequestIssue[]) {
    super(`${operation}: nothing was sent: ${listIssues(issues)}`, { operation, attempts: 0, mayHaveRun: false })
    this.issues = issues
  }
}

/** The answer is neither a result nor an error document of the provider. The operation may have run. */
export class UnexpectedResponseError extends CloudMediaError {
  override readonly name = 'UnexpectedResponseError'
  readonly status: number
  readonly requestId: string | undefined
  /** The beginning of the body, without control characters and secrets. */
  readonly excerpt: string
  /** Ids of jobs or assets that could still be read from the body. */
  readonly ids: readonly string[]

  constructor(
    reason: string,
    details: {
      readonly status: number
      readonly requestId: string | undefined
      readonly excerpt: string
      readonly ids: readonly string[]
    },
    failure: CallFailure,
  ) {
    const requestId = details.requestId === undefined ? '' : `, request id ${details.requestId}`
    super(`${failure.operation}: ${reason} (status ${String(details.status)}${requestId})`, failure)
    this.status = details.status
    this.requestId = details.requestId
    this.excerpt = details.excerpt
    this.ids = details.ids
  }
}

/** The connection failed before an answer was there. */
export class ConnectionError extends CloudMediaError {
  override readonly name = 'ConnectionError'
}

/** No whole answer came within the time allowed. */
export class TimeoutError extends CloudMediaError {
  override readonly name = 'TimeoutError'
}

/** The caller's signal ended the call. `cause` is the signal's reason. */
export class AbortedError extends CloudMediaError {
  override readonly name = 'AbortError'
}

/** The credentials provider failed, or gave something that is no credentials. Nothing was sent. */
export class CredentialsError extends CloudMediaError {
  override readonly name = 'CredentialsError'
}

/** An option is wrong. Thrown when the client is made; for an option of a call, the call rejects and nothing is sent. */
export class ConfigurationError extends CloudMediaError {
  override readonly name = 'ConfigurationError'
  /** The option, such as `region`. */
  readonly option: string

  constructor(option: string, rule: string) {
    super(`${option} ${rule}`, { operation: 'configuration', attempts: 0, mayHaveRun: false })
    this.option = option
  }
}
