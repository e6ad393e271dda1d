// Prints the figures as tables.
import { PARALLEL_CALLS, PAUSE_MS, POLLS, SEQUENTIAL_CALLS, type HandshakeSample } from './handshakes.js'
import { AT_ONCE, COLD_CALLS, STATES, type CallSample, type Cell } from './measure-calls.js'
import {
  DIRECTIONS,
  IMPORTS,
  OUR_IMPORTS,
  type Entry,
  type ServiceSample,
  type ImportSample,
  type Samples,
} from './measure.js'
import { CONTESTANTS, SCHEMES, SERVICES, type Contestant, type Service } from './parties.js'
import { pairedSummary, summaryOf, type Summary } from './statistics.js'

/** The maxima for ours, from CPU times. */
const TARGETS = {
  /** Milliseconds beyond bare node:http. */
  first: 12,
  /** Milliseconds beyond an empty process. */
  import: 6,
  /** Of bare node:http. */
  bare: { 1: 1.5, 64: 1.4 },
  /** Of the provider's SDK. */
  sdk: { warm: 0.4, cold: 0.6 },
} as const
const SDK_NAMES: Readonly<Record<Service, string>> = { 'huawei-vod': 'Huawei SDK', 'tencent-ci': 'COS SDK' }
const MEBIBYTE = 2 ** 20

type Row = readonly string[]

export function report({ calls, handshakes, firsts, imports, signing, xml, memory }: Samples): string {
  const judgedTables: [title: string, rows: Row[]][] = [
    ['First response of a fresh process, CPU milliseconds from its start', firstTable(firsts)],
    ['Import, CPU milliseconds beyond those of an empty process', importTable(imports)],
    ...SERVICES.map((service): [string, Row[]] => [
      `One call, ${service}, CPU microseconds of the client's process; cold: after ${String(COLD_CALLS)} calls`,
      callTable(service, calls),
    ]),
  ]
  const verdicts = judgedTables.flatMap(([, rows]) => rows.flat().filter((cell) => cell === MET || cell === MISSED))
  const met = verdicts.filter((verdict) => verdict === MET)
  return [
    ...judgedTables.map(([title, rows]) => table(title, rows)),
    table(
      `TLS handshakes: ${String(SEQUENTIAL_CALLS)} sequential submissions, ${String(PARALLEL_CALLS)} at 64 in flight, ` +
        `${String(POLLS)} polls ${String(PAUSE_MS / 1000)} s apart`,
      handshakeTable(handshakes),
    ),
    table('One signature, CPU microseconds', signingTable(signing)),
    table('The XML of one job, CPU microseconds', xmlTable(xml)),
    table('Memory before and after the calls, garbage collected, MiB', memoryTable(memory)),
    'Medians, and after ± half of the range of the middle half. Ratios and differences pair times of one turn.\n' +
      `Targets met: ${String(met.length)} of ${String(verdicts.length)}.`,
  ].join('\n\n')
}

function firstTable(samples: readonly ServiceSample[]): Row[] {
  const rows = SERVICES.flatMap((service) => {
    const of = (contestant: Contestant): ServiceSample[] =>
      samples.filter((sample) => sample.service === service && sample.contestant === contestant)
    return contestantsOf(samples).map((contestant) => {
      const beyond = pairedSummary(of(contestant), of('node:http'), (one, bare) => one.cpu - bare.cpu)
      return [
        `${service}, ${contestantName(service, contestant)}`,
        tenths(summaryOf(of(contestant).map(({ cpu }) => cpu))),
        tenths(beyond),
        ...(contestant === 'ours' ? judged(beyond, TARGETS.first, 0) : []),
      ]
    })
  })
  return [['', 'CPU', 'beyond node:http', 'at most', ''], ...rows]
}

function importTable(samples: readonly ImportSample[]): Row[] {
  const of = (entry: Entry): ImportSample[] => samples.filter((sample) => sample.entry === entry)
  const rows = IMPORTS.map((entry) => {
    const beyond = pairedSummary(of(entry), of('nothing'), (one, nothing) => one.cpu - nothing.cpu)
    return [entry, tenths(beyond), ...(OUR_IMPORTS.includes(entry) ? judged(beyond, TARGETS.import, 0) : [])]
  })
  return [['', 'CPU', 'at most', ''], ...rows]
}

function callTable(service: Service, samples: readonly CallSample[]): Row[] {
  const sdk = contestantName(service, 'sdk')
  const contestants = contestantsOf(samples)
  const names = contestants.map((contestant) => contestantName(service, contestant))
  const others: Contestant[] = contestants.filter((contestant) => contestant === 'fetch' || contestant === 'before')
  const rows = cellsOf(service).map((cell) => {
    const of = (contestant: Contestant): CallSample[] =>
      samples.filter((sample) => sample.contestant === contestant && isIn(cell, sample))
    const ratio = (contestant: Contestant): Summary | undefined =>
      pairedSummary(of('ours'), of(contestant), (ours, other) => ours.cpu / other.cpu)
    return [
      `${cell.scheme}, ${cell.atOnce === 1 ? 'sequential' : `${String(cell.atOnce)} in flight`}, ${cell.state}`,
      ...contestants.map((contestant) => summaryOf(of(contestant).map(({ cpu }) => cpu))?.median.toFixed(0) ?? '-'),
      hundredths(ratio('node:http')),
      ...judged(ratio('node:http'), TARGETS.bare[cell.atOnce], 1),
      hundredths(ratio('sdk')),
      ...judged(ratio('sdk'), TARGETS.sdk[cell.state], 1),
      ...others.map((contestant) => hundredths(ratio(contestant))),
    ]
  })
  const ratios = [
    'ours/node:http',
    'at most',
    '',
    `ours/${sdk}`,
    'at most',
    '',
    ...others.map((name) => `ours/${name}`),
  ]
  return [['', ...names, ...ratios], ...rows]
}

function cellsOf(service: Service): Cell[] {
  return SCHEMES.flatMap((scheme) =>
    STATES.flatMap((state) => AT_ONCE.map((atOnce) => ({ service, scheme, state, atOnce }))),
  )
}

function isIn(cell: Cell, { service, scheme, state, atOnce }: Cell): boolean {
  return cell.service === service && cell.scheme === scheme && cell.state === state && cell.atOnce === atOnce
}

function handshakeTable(samples: readonly HandshakeSample[]): Row[] {
  const rows = samples.map(({ service, contestant, sequential, parallel, polls }) => [
    `${service}, ${contestantName(service, contestant)}`,
    ...[sequential, parallel, polls].map(String),
  ])
  return [['', 'sequential', '64 in flight', 'polls'], ...rows]
}

function signingTable(samples: Samples['signing']): Row[] {
  const rows = SERVICES.map((service) => {
    const of = (contestant: Contestant): Samples['signing'] =>
      samples.filter((sample) => sample.service === service && sample.contestant === contestant)
    return [service, ...compared(of('ours'), of('sdk'))]
  })
  return [['', 'ours', 'SDK', 'ours/SDK'], ...rows]
}

function xmlTable(samples: Samples['xml']): Row[] {
  const rows = DIRECTIONS.map((direction) => {
    const of = (contestant: string): Samples['xml'] =>
      samples.filter((sample) => sample.direction === direction && sample.contestant === contestant)
    return [direction, ...compared(of('ours'), of('fast-xml-parser'))]
  })
  return [['', 'ours', 'fast-xml-parser', 'ours/fast-xml-parser'], ...rows]
}

function compared<Sample extends { readonly turn: number; readonly cpu: number }>(
  ours: readonly Sample[],
  others: readonly Sample[],
): string[] {
  return [
    ...[ours, others].map((samples) => tenths(summaryOf(samples.map(({ cpu }) => cpu)))),
    hundredths(pairedSummary(ours, others, (one, other) => one.cpu / other.cpu)),
  ]
}

function memoryTable(samples: Samples['memory']): Row[] {
  const rows = samples.map(({ service, contestant, before, after }) => [
    contestant === 'ours' ? service : contestantName(service, contestant),
    ...[before.heapUsed, after.heapUsed, after.heapUsed - before.heapUsed, before.rss, after.rss].map((bytes) =>
      (bytes / MEBIBYTE).toFixed(2),
    ),
  ])
  return [['', 'heap before', 'heap after', 'heap growth', 'RSS before', 'RSS after'], ...rows]
}

/** Those that were measured. */
function contestantsOf(samples: readonly { readonly contestant: Contestant }[]): Contestant[] {
  const all: Contestant[] = [...CONTESTANTS, 'before']
  return all.filter((contestant) => samples.some((sample) => sample.contestant === contestant))
}

function contestantName(service: Service, contestant: Contestant): string {
  return contestant === 'sdk' ? SDK_NAMES[service] : contestant
}

const MET = 'met'
const MISSED = 'MISSED'

function judged(summary: Summary | undefined, target: number, digits: number): [target: string, verdict: string] {
  return [target.toFixed(digits), summary !== undefined && summary.median <= target ? MET : MISSED]
}

function tenths(summary: Summary | undefined): string {
  return shown(summary, 1)
}

function hundredths(summary: Summary | undefined): string {
  return shown(summary, 2)
}

function shown(summary: Summary | undefined, digits: number): string {
  return summary === undefined ? '-' : `${summary.median.toFixed(digits)} ±${summary.spread.toFixed(digits)}`
}

/** The first column left-aligned, figures right-aligned. */
function table(title: string, rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  return [title, ...lines].join('\n')
}
