// The figures that the docs show, in a file.
import { readFile, writeFile } from 'node:fs/promises'
import type { Amounts, Samples, ServiceSample } from './measure.js'
import { SERVICES, type Contestant, type Service } from './parties.js'
import { summaryOf } from './statistics.js'

export interface Figures {
  /** The day of the measurement, such as 2026-01-31. */
  readonly date: string
  /** The version of Node. */
  readonly node: string
  readonly amounts: Amounts
  /** CPU milliseconds of a fresh process until the first response. */
  readonly first: Readonly<Record<Service, Medians>>
  /** CPU microseconds of one call in a warm process, one after the other, over https. */
  readonly warm: Readonly<Record<Service, Medians>>
}

interface Medians {
  readonly ours: number
  readonly sdk: number
}

/** @throws Error unless first responses and calls were measured */
export async function writeFigures(file: string, { firsts, calls }: Samples, amounts: Amounts): Promise<void> {
  const warm = calls.filter(({ scheme, state, atOnce }) => scheme === 'https' && state === 'warm' && atOnce === 1)
  const figures: Figures = {
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    amounts,
    first: mediansOf(firsts),
    warm: mediansOf(warm),
  }
  await writeFile(file, `${JSON.stringify(figures, undefined, 2)}\n`)
}

export async function readFigures(file: string): Promise<Figures> {
  // writeFigures has written it.
  return JSON.parse(await readFile(file, 'utf8')) as Figures
}

function mediansOf(samples: readonly ServiceSample[]): Readonly<Record<Service, Medians>> {
  const median = (service: Service, contestant: Contestant): number => {
    const own = samples.filter((sample) => sample.service === service && sample.contestant === contestant)
    const summary = summaryOf(own.map(({ cpu }) => cpu))
    if (summary === undefined) throw new Error('--json requires the parts first and calls')
    return Math.round(summary.median)
  }
  const rows = SERVICES.map((service) => [service, { ours: median(service, 'ours'), sdk: median(service, 'sdk') }])
  // One row per service.
  return Object.fromEntries(rows) as Record<Service, Medians>
}
