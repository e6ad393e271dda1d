import { CallbackError, type CallbackErrorCode } from '../../errors/callback-error.js'

/** Why a message of SMN was rejected. */
export function smnError(code: CallbackErrorCode, what: string, details?: { readonly cause?: unknown }): CallbackError {
  return new CallbackError('verifySmnMessage', code, what, details)
}
