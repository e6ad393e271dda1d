/** A time as CI writes it, in the time zone of Beijing, such as `2026-01-01T08:00:00+0800`. */
export function beijingTime(milliseconds: number): string {
  const hours = 8
  return new Date(milliseconds + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, '+0800')
}

/** The milliseconds of a time that CI has written; undefined if it is not there or not a time. */
export function timeOf(text: string | undefined): number | undefined {
  // Without the colon in the offset, only some engines read it.
  const milliseconds = Date.parse(text?.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') ?? '')
  return Number.isNaN(milliseconds) ? undefined : milliseconds
}
