// "The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute". The signing guide names
// the code (APIGW.0308) and no wording: this one is that of captures in public repositories.
const WINDOW = /\blimit:\s*\d+\s*,\s*time:\s*(\d+)\s*(second|minute|hour|day)s?\b/i

const DAY_MS = 86_400_000
const UNITS_MS = new Map([
  ['second', 1_000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', DAY_MS],
])

/**
 * Milliseconds of the window that the gateway counts requests in, as its throttle message tells it. Undefined if the
 * message tells none, or one that cannot be meant: no time at all, or more than a day.
 */
export function throttleWindowMs(message: string): number | undefined {
  const [, count, unit = ''] = WINDOW.exec(message) ?? []
  const ms = Number(count) * (UNITS_MS.get(unit.toLowerCase()) ?? Number.NaN)
  return ms > 0 && ms <= DAY_MS ? ms : undefined
}
