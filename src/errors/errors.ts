import type { ApiErrorCode } from './api-error-code.js'
import { excerptOf, MESSAGE_LENGTH } from './excerpt.js'
import { isInstanceOf, MARK } from './instance-of.js'

/** Room for the status and the request ID after a long message. */
const WHOLE_MESSAGE_LENGTH = MESSAGE_LENGTH + 500
const MAX_ISSUES = 100

/** The properties of every error of a call. */
export interface CallFailure {
  /** Name of the operation in the spec. */
  readonly operation: string
  /** Number of requests that were sent, including failed connections. */
  readonly attempts: number
  /** Whether the operation may have run. If true, find out before you submit again. */
  readonly mayHaveRun: boolean
  /**
   * When the first attempt that may have run was sent, by the server's clock as far as it is known; undefined if none may
   * have run.
   */
  readonly startedAt?: Date | undefined
  /** What to do; undefined if that is not known. */
  readonly hint?: string | undefined
  /** The underlying failure. */
  readonly cause?: unknown
}

/** The base class of every error of a call. */
export class CloudMediaError extends Error implements CallFailure {
  /** Also true for an error of the package's other format: ES modules and CommonJS have classes of their own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstanceOf(value, this)
  }

  /** The name of the class, also after minification. */
  override get name(): string {
    return 'CloudMediaError'
  }

  /** Marks the errors of every copy of the package. */
  // eslint-disable-next-line @typescript-eslint/class-literal-property-style -- a field would be in the JSON of every error
  protected get [MARK](): true {
    return true
  }

  readonly operation: string
  readonly attempts: number
  readonly mayHaveRun: boolean
  readonly startedAt: Date | undefined
  readonly hint: string | undefined

  constructor(message: string, failure: CallFailure) {
    super(excerptOf(message, WHOLE_MESSAGE_LENGTH), 'cause' in failure ? { cause: failure.cause } : undefined)
    this.operation = failure.operation
    this.attempts = failure.attempts
    this.mayHaveRun = failure.mayHaveRun
    this.startedAt = failure.startedAt
    this.hint = failure.hint && excerptOf(failure.hint, MESSAGE_LENGTH)
  }

  /** The error as plain data for logs, without credentials and request. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries([['name', this.name], ...Object.entries(this), ['message', this.message]])
  }
}

function sourceOf({ status, requestId }: { readonly status: number; readonly requestId: string | undefined }): string {
  return `(status ${String(status)}${requestId === undefined ? '' : `, request id ${requestId}`})`
}

/** The provider sent an error response. */
export class ApiError extends CloudMediaError {
  override get name(): 'ApiError' {
    return 'ApiError'
  }

  /** HTTP status. May be 2xx: an error response is an error under any status. */
  readonly status: number
  /** The provider's code, such as `VOD.10062` or `SlowDown`; undefined if the response has none. */
  readonly code: ApiErrorCode | undefined
  /** The provider's message, complete, with its line breaks; empty if it sent none. */
  readonly providerMessage: string
  /** The provider's ID of the request, for its support; undefined if the response has none. */
  readonly requestId: string | undefined
  /** The provider's ID of the error, for its support; undefined if the response has none. */
  readonly traceId: string | undefined
  /** IDs of jobs or assets that the response has despite the error. */
  readonly ids: readonly string[]

  constructor(
    details: Pick<ApiError, 'status' | 'code' | 'providerMessage' | 'requestId' | 'traceId' | 'ids'> & {
      /** The provider's message, or else what is known of the code. */
      readonly summary: string
    },
    failure: CallFailure,
  ) {
    const message = excerptOf(details.summary, MESSAGE_LENGTH)
    super(`${failure.operation}: ${details.code ?? 'error without a code'}: ${message} ${sourceOf(details)}`, failure)
    this.status = details.status
    this.code = details.code
    this.providerMessage = details.providerMessage
    this.requestId = details.requestId
    this.traceId = details.traceId
    this.ids = details.ids
  }
}

/** One violation of the spec. */
export interface RequestIssue {
  /** The field, such as `Operation.Output.Bucket`; empty for the request itself. */
  readonly path: string
  /** The rule, to follow the path. */
  readonly message: string
}

/** The first 100 issues on one line, each with its path. */
export function listIssues(issues: readonly RequestIssue[]): string {
  const shown = issues.slice(0, MAX_ISSUES)
  return shown.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ')
}

/** The request violates the spec. Nothing was sent. */
export class RequestValidationError extends CloudMediaError {
  override get name(): 'RequestValidationError' {
    return 'RequestValidationError'
  }

  /** The violations, at most 100. */
  readonly issues: readonly RequestIssue[]

  constructor(operation: string, issues: readonly RequestIssue[]) {
    const bounded = issues.slice(0, MAX_ISSUES).map(({ path, message }) => ({
      path: excerptOf(path, MESSAGE_LENGTH),
      message: excerptOf(message, MESSAGE_LENGTH),
    }))
    super(`${operation}: nothing was sent: ${listIssues(bounded)}`, { operation, attempts: 0, mayHaveRun: false })
    this.issues = bounded
  }
}

/** The response is neither a result nor an error response of the provider. The operation may have run. */
export class UnexpectedResponseError extends CloudMediaError {
  override get name(): 'UnexpectedResponseError' {
    return 'UnexpectedResponseError'
  }

  /** HTTP status. */
  readonly status: number
  /** The provider's ID of the request, for its support; undefined if the response has none. */
  readonly requestId: string | undefined
  /** The beginning of the body on one line, without secrets. */
  readonly excerpt: string
  /** IDs of jobs or assets that the body may hold. */
  readonly ids: readonly string[]

  constructor(
    reason: string,
    details: Pick<UnexpectedResponseError, 'status' | 'requestId' | 'excerpt' | 'ids'>,
    failure: CallFailure,
  ) {
    super(`${failure.operation}: ${reason} ${sourceOf(details)}`, failure)
    this.status = details.status
    this.requestId = details.requestId
    this.excerpt = details.excerpt
    this.ids = details.ids
  }
}

/** The connection failed before a complete response arrived. */
export class ConnectionError extends CloudMediaError {
  override get name(): 'ConnectionError' {
    return 'ConnectionError'
  }
}

/** No complete response arrived within `timeoutMs` or `totalTimeoutMs`. */
export class TimeoutError extends CloudMediaError {
  override get name(): 'TimeoutError' {
    return 'TimeoutError'
  }
}

/** The caller's signal aborted the call. `cause` is its reason. */
export class AbortedError extends CloudMediaError {
  override get name(): 'AbortError' {
    return 'AbortError'
  }
}

/** The credentials function failed or returned invalid credentials, or a key cannot sign. */
export class CredentialsError extends CloudMediaError {
  override get name(): 'CredentialsError' {
    return 'CredentialsError'
  }
}

/** An option is wrong. Thrown when a client is created; for an option of a call, the call rejects and sends nothing. */
export class ConfigurationError extends CloudMediaError {
  override get name(): 'ConfigurationError' {
    return 'ConfigurationError'
  }

  /** The option, such as `region`. */
  readonly option: string

  constructor(option: string, rule: string) {
    super(`${option} ${rule}`, { operation: 'configuration', attempts: 0, mayHaveRun: false })
    this.option = option
  }
}
