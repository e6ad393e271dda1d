import {
  ApiError,
  ConnectionError,
  RequestValidationError,
  TimeoutError,
  UnexpectedResponseError,
} from '../errors/errors.js'
import type { ErrorCode, Provider } from '../sending/provider.js'
import { plainFailure } from '../transport/failure-reason.js'

/**
 * What the error of a read means for its waits.
 * - `throttled`: no read for a while.
 * - `transient`: read again later.
 * - `response`: read again later. A part of the response is broken, perhaps only the one about one of the IDs.
 * - `request`: the request was wrong, perhaps only for one of its IDs.
 * - `key`: the access key was rejected. A provider locks it after a few more such requests.
 * - `final`: a later read would fail as well.
 */
export type ReadFailure = 'throttled' | 'transient' | 'response' | 'request' | 'key' | 'final'

type ErrorCodes = Provider['errorCodes']

export function readFailureOf(error: unknown, errorCodes: ErrorCodes): ReadFailure {
  // A call that had no turn while throttled is a TimeoutError with the throttling error as its cause.
  if (isThrottling(error, errorCodes) || (error instanceof TimeoutError && isThrottling(error.cause, errorCodes))) {
    return 'throttled'
  }
  if (error instanceof TimeoutError) return 'transient'
  // The certificate will be the same.
  if (error instanceof ConnectionError) return plainFailure(error).isPermanent ? 'final' : 'transient'
  if (error instanceof RequestValidationError) return 'request'
  if (error instanceof ApiError) return failureOfStatus(error.status, codeOf(error, errorCodes))
  if (!(error instanceof UnexpectedResponseError)) return 'final'
  return isSuccess(error.status) ? 'response' : failureOfStatus(error.status, undefined)
}

/** As calls are retried: what the same request can overcome later is transient. */
function failureOfStatus(status: number, code: ErrorCode | undefined): ReadFailure {
  if (status === 401) return 'key'
  if (status === 403 || code?.cure !== undefined) return 'final'
  if (status >= 400 && status < 500) return 'request'
  if (isSuccess(status)) return code?.refusal === true ? 'request' : 'transient'
  const isRefusal = code?.refusal === true && code.status.includes(status)
  return status >= 500 && !isRefusal ? 'transient' : 'final'
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function isThrottling(error: unknown, errorCodes: ErrorCodes): boolean {
  return error instanceof ApiError && (error.status === 429 || codeOf(error, errorCodes)?.cure === 'throttled')
}

function codeOf({ code }: ApiError, errorCodes: ErrorCodes): ErrorCode | undefined {
  return code !== undefined && Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined
}
