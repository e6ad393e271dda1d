import { CallbackError, type CallbackErrorCode } from '../../errors/callback-error.js'

/** The name of the function that rejects. */
export const OPERATION = 'verifySmnMessage'

/** Why a message of SMN was rejected. */
export function smnError(
  code: CallbackErrorCode,
  what: string,
  details?: { readonly hint?: string; readonly cause?: unknown },
): CallbackError {
  return new CallbackError(OPERATION, code, what, details)
}
