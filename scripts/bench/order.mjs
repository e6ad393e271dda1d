// How bench.ts and the process that measures one contestant talk: one order, one report.

/** What to measure. */
export const order = JSON.parse(process.argv[2])

/** Hands the figures over, and ends: an open connection must not hold the process. */
export function report(figures) {
  process.send(figures, () => process.exit())
}
