// The figures that the docs show, in a file.
import { readFile, writeFile } from 'node:fs/promises'
import type { CallSample, Cell } from './measure-calls.js'
import type { Amounts, Samples, ServiceSample } from './measure.js'
import type { Contestant, Service } from './parties.js'
import { summaryOf, type Summary } from './statistics.js'

export interface Figures {
  /** The day of the measurement, such as 2026-01-31. */
  readonly date: string
  /** The version of Node. */
  readonly node: string
  readonly amounts: Amounts
  /** CPU milliseconds of a fresh process until the first response. */
  readonly firsts: readonly { readonly service: Service; readonly contestant: Contestant; readonly cpu: Summary }[]
  /** CPU microseconds of one call. */
  readonly calls: readonly (Cell & { readonly contestant: Contestant; readonly cpu: Summary })[]
}

export async function writeFigures(file: string, samples: Samples, amounts: Amounts): Promise<void> {
  const figures: Figures = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    amounts,
    firsts: summaries(samples.firsts, ({ service, contestant }: ServiceSample) => ({ service, contestant })),
    calls: summaries(samples.calls, ({ service, scheme, state, atOnce, contestant }: CallSample) => ({
      service,
      scheme,
      state,
      atOnce,
      contestant,
    })),
  }
  await writeFile(file, `${JSON.stringify(figures, undefined, 2)}\n`)
}

export async function readFigures(file: string): Promise<Figures> {
  // writeFigures has written it.
  return JSON.parse(await readFile(file, 'utf8')) as Figures
}

/** One summary for all samples of the same subject. */
function summaries<Item extends { readonly cpu: number }, Subject extends object>(
  samples: readonly Item[],
  subjectOf: (sample: Item) => Subject,
): (Subject & { cpu: Summary })[] {
  const groups = new Map<string, { subject: Subject; values: number[] }>()
  for (const sample of samples) {
    const subject = subjectOf(sample)
    const key = JSON.stringify(subject)
    const group = groups.get(key) ?? { subject, values: [] }
    group.values.push(sample.cpu)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ subject, values }) => {
    const cpu = summaryOf(values)
    return cpu === undefined ? [] : [{ ...subject, cpu }]
  })
}
