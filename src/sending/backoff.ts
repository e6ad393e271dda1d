const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 20_000
// A timer with more than 31 bits of milliseconds fires at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * A random delay before the next attempt: up to 500 ms, doubled with every attempt, at most 20,000 ms.
 *
 * @param attempt number of the failed attempt, from 1
 * @param random returns a number from 0 to below 1
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1))
}

/**
 * The delay in milliseconds that a Retry-After header requests (RFC 9110, 10.2.3), at most 24 days, which is the longest
 * timer. Undefined if the header is absent, or neither whole seconds nor a date such as `Fri, 31 Dec 1999 23:59:59 GMT`.
 *
 * @param now milliseconds since 1970; a date before it is 0
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : dateOf(value) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_TIMER_MS)
}

/** Milliseconds since 1970; NaN for anything but the one date format that a server may send. */
function dateOf(value: string): number {
  const date = new Date(value)
  // Date accepts far more than that format, such as "-5" and 31 February; its output is exact.
  return date.toUTCString() === value ? date.getTime() : Number.NaN
}
