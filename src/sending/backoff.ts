const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 20_000

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
 * The delay in milliseconds that a Retry-After header requests (RFC 9110, 10.2.3). Undefined if the header is absent, or
 * neither whole seconds nor a date.
 *
 * @param now milliseconds since 1970; a date before it is 0
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  const value = header?.trim() ?? ''
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : httpDate(value) - now
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0)
}

/**
 * Milliseconds since 1970; NaN for anything but the one date format that a server may send (RFC 9110, 5.6.7), such as
 * `Fri, 31 Dec 1999 23:59:59 GMT`.
 */
export function httpDate(value: string): number {
  const date = new Date(value)
  // Date accepts far more than that format, such as "-5" and 31 February; its output is exact.
  return date.toUTCString() === value ? date.getTime() : Number.NaN
}
