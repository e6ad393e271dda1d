// The public exports that all clients share.
export type { CallPromise, CallResult } from './call.js'
export type { CredentialsSource } from '../signing/credentials.js'
export {
  AbortedError,
  ApiError,
  CloudMediaError,
  ConfigurationError,
  ConnectionError,
  CredentialsError,
  RequestValidationError,
  TimeoutError,
  UnexpectedResponseError,
} from '../errors/errors.js'
export {
  AssetCancelledError,
  AssetFailedError,
  AssetNotFoundError,
  JobCancelledError,
  JobFailedError,
  JobNotFoundError,
  WaitTimeoutError,
} from '../errors/wait-errors.js'
export type { ApiErrorCode } from '../errors/api-error-code.js'
export type { CallFailure, RequestIssue } from '../errors/errors.js'
export type { AttemptEvent } from '../sending/attempt-event.js'
export type { CallOptions, CommonOptions } from './options.js'
