import { CallbackError } from '../errors/callback-error.js'
import { ConfigurationError } from '../errors/errors.js'

/** Which times of a signature are accepted. */
export interface AgeLimit {
  readonly maxAgeMs: number
  /** The sender's clock may be ahead. */
  readonly maxAheadMs: number
  readonly now: () => number
}

/** @throws CallbackError for a time in milliseconds since 1970 that is too old or too new */
export function checkAge(operation: string, signedAt: number, { maxAgeMs, maxAheadMs, now }: AgeLimit): void {
  const age = now() - signedAt
  // A clock that returns NaN accepts nothing.
  if (!(age <= maxAgeMs)) {
    const hint = 'Check the clock of this machine. An old callback may be a replay.'
    throw new CallbackError(operation, 'timestamp-too-old', `signed ${secondsOf(age)} s ago`, { hint })
  }
  if (-age > maxAheadMs) {
    const hint = 'Check the clock of this machine.'
    throw new CallbackError(operation, 'timestamp-too-new', `signed ${secondsOf(-age)} s ahead of this clock`, { hint })
  }
}

/** @throws ConfigurationError */
export function checkClock(toleranceSeconds: unknown, now: unknown): void {
  if (typeof toleranceSeconds !== 'number' || !(toleranceSeconds > 0)) {
    throw new ConfigurationError('toleranceSeconds', 'must be a number of seconds above 0')
  }
  if (typeof now !== 'function') throw new ConfigurationError('now', 'must be a function')
}

function secondsOf(milliseconds: number): string {
  return String(Math.round(milliseconds / 1_000))
}
