const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 20_000
// A timer that is asked for more than 31 bits of milliseconds fires at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Milliseconds to wait before the next attempt: a random part of 500, doubled with every attempt, of 20,000 at most.
 *
 * @param attempt the attempt that failed, counted from 1
 * @param random gives a number from 0 to below 1
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1))
}

/**
 * Milliseconds that a Retry-After header asks to wait (RFC 9110, 10.2.3), at most what a timer can take: 24 days.
 * Undefined if it is not there, or neither whole seconds nor a date such as `Fri, 31 Dec 1999 23:59:59 GMT`.
 *
 * @param now milliseconds since 1970; a date before it is 0
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : dateOf(value) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_TIMER_MS)
}

/** Milliseconds since 1970; NaN for all but the one form of a date that a server may send. */
function dateOf(value: string): number {
  const date = new Date(value)
  // Date reads far more than that form, such as "-5" and 31 February. Writing is exact.
  return date.toUTCString() === value ? date.getTime() : Number.NaN
}
