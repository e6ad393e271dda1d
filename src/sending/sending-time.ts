/** When a request was sent: by the local clock, and how far the server's clock was then known to be ahead of it. */
export interface SendingTime {
  readonly localMs: number
  readonly clockSkewMs: number
}

const localTimes = new WeakMap<Date, number>()

/** The time by the server's clock, as far as it is known. */
export function dateOf({ localMs, clockSkewMs }: SendingTime): Date {
  const date = new Date(localMs + clockSkewMs)
  localTimes.set(date, localMs)
  return date
}

/** The local time of a date of `dateOf`, as the clock skew may be known better by now; undefined for any other date. */
export function localTimeOf(date: Date): number | undefined {
  return localTimes.get(date)
}
