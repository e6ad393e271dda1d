// The messages between bench.ts and the process of one contestant: one order, one report.

/** The measurement to make. */
export const order = JSON.parse(process.argv[2])

/** Sends the figures and exits, as an open connection would keep the process alive. */
export function report(figures) {
  process.send(figures, () => process.exit())
}
