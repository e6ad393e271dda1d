import type { Contestant } from './parties.js'

/** The CPU time of one contestant in one turn, which all contestants make within a short time. */
export interface Sample {
  readonly contestant: Contestant
  readonly turn: number
  /** User and system, of the whole process: milliseconds of a process, microseconds of a call, signature, or document. */
  readonly cpu: number
}

export interface Summary {
  readonly median: number
  /** Half of the range in which half of the values lie. */
  readonly spread: number
}

/** Undefined without values. */
export function summaryOf(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 }
}

/** What becomes of two contestants' values of the same turn. */
export function pairedSummary<Value extends { readonly turn: number }>(
  ones: readonly Value[],
  others: readonly Value[],
  combined: (one: Value, other: Value) => number,
): Summary | undefined {
  const byTurn = new Map(others.map((other) => [other.turn, other]))
  return summaryOf(
    ones.flatMap((one) => {
      const other = byTurn.get(one.turn)
      return other === undefined ? [] : [combined(one, other)]
    }),
  )
}

function quantile(sorted: readonly number[], part: number): number {
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)] ?? NaN
  const above = sorted[Math.ceil(place)] ?? NaN
  return below + (above - below) * (place - Math.floor(place))
}
