// Prints the figures as tables.
import {
  AT_ONCE,
  CONTESTANTS,
  DIRECTIONS,
  ENTRIES,
  SERVICES,
  type CallSample,
  type Contestant,
  type Entry,
  type Samples,
  type Service,
  type Time,
} from './measure.js'

/** The maximum for ours, as a fraction of the provider's SDK. */
const CPU_TARGETS: Readonly<Record<Service, number>> = { 'huawei-vod': 0.6, 'tencent-ci': 0.75 }
const IMPORT_TARGETS: Partial<Record<Entry, { readonly sdk: Entry; readonly target: number }>> = {
  'huawei-vod': { sdk: '@huaweicloud/huaweicloud-sdk-vod', target: 1 / 5 },
  'tencent-ci': { sdk: 'cos-nodejs-sdk-v5', target: 1 / 2 },
}
const SDK_NAMES: Readonly<Record<Service, string>> = { 'huawei-vod': 'Huawei SDK', 'tencent-ci': 'COS SDK' }
const MEBIBYTE = 2 ** 20

type Row = readonly string[]

export function report({ calls, signing, xml, imports, memory }: Samples): string {
  const cpu = SERVICES.map((service) => cpuTable(service, calls))
  const load = importTable(imports)
  const targets = [...cpu.flat(), ...load].flatMap((row) => row.filter((cell) => cell === MET || cell === MISSED))
  const met = targets.filter((target) => target === MET)
  return [
    ...SERVICES.map((service, index) =>
      table(`CPU time of one call, ${service}, microseconds of the client's process`, cpu[index] ?? []),
    ),
    ...SERVICES.flatMap((service) => beforeTable(service, calls)),
    ...SERVICES.map((service) => table(`Wall time of one call, ${service}, microseconds`, wallTable(service, calls))),
    table('CPU time of one signature, microseconds', signingTable(signing)),
    table('CPU time of the XML of one job, microseconds', xmlTable(xml)),
    table('Import, milliseconds', load),
    table('Memory before and after the calls, garbage collected, MiB', memoryTable(memory)),
    `Targets met: ${String(met.length)} of ${String(targets.length)}. ${noise(calls)}`,
  ].join('\n\n')
}

function cpuTable(service: Service, calls: readonly CallSample[]): Row[] {
  const head = ['', 'at once', ...contestantNames(service), 'ours/SDK', 'at most', '', 'ours/node:http', 'ours/fetch']
  const rows = cells(service, calls, 'cpu').map(({ operation, atOnce, medians: [ours, sdk, bare, fetch] }) => [
    operation,
    String(atOnce),
    ...[ours, sdk, bare, fetch].map(whole),
    ...judged(ratio(ours, sdk), CPU_TARGETS[service]),
    fraction(ratio(ours, bare)),
    fraction(ratio(ours, fetch)),
  ])
  return [head, ...rows]
}

/** Ours beside an earlier build of ours; nothing where none was measured. */
function beforeTable(service: Service, calls: readonly CallSample[]): string[] {
  const rows = cells(service, calls, 'cpu').map(({ operation, atOnce, medians: [ours] }) => {
    const before = medianOf(calls, { service, operation, atOnce, contestant: 'before' }, ({ cpu }) => cpu)
    return [operation, String(atOnce), whole(ours), whole(before), fraction(ratio(ours, before))]
  })
  if (!calls.some(({ contestant }) => contestant === 'before')) return []
  const head = ['', 'at once', 'ours', 'before', 'ours/before']
  return [table(`CPU time of one call and of an earlier build, ${service}, microseconds`, [head, ...rows])]
}

function wallTable(service: Service, calls: readonly CallSample[]): Row[] {
  const head = ['', 'at once', ...contestantNames(service), 'ours/SDK', 'ours/node:http', 'ours/fetch']
  const rows = cells(service, calls, 'wall').map(({ operation, atOnce, medians: [ours, ...others] }) => [
    operation,
    String(atOnce),
    ...[ours, ...others].map(whole),
    ...others.map((other) => fraction(ratio(ours, other))),
  ])
  return [head, ...rows]
}

/** Each operation, sequential and parallel, with a median per contestant. */
function cells(
  service: Service,
  calls: readonly CallSample[],
  time: keyof Time,
): { operation: string; atOnce: number; medians: (number | undefined)[] }[] {
  const own = calls.filter((call) => call.service === service)
  const operations = [...new Set(own.map(({ operation }) => operation))]
  return operations.flatMap((operation) =>
    AT_ONCE.map((atOnce) => ({
      operation,
      atOnce,
      medians: CONTESTANTS.map((contestant) => medianOf(own, { operation, atOnce, contestant }, (call) => call[time])),
    })),
  )
}

function contestantNames(service: Service): string[] {
  return CONTESTANTS.map((contestant) => contestantName(service, contestant))
}

function contestantName(service: Service, contestant: Contestant): string {
  return contestant === 'sdk' ? SDK_NAMES[service] : contestant
}

function signingTable(samples: Samples['signing']): Row[] {
  const rows = SERVICES.map((service) => {
    const ours = medianOf(samples, { service, contestant: 'ours' }, ({ cpu }) => cpu)
    const sdk = medianOf(samples, { service, contestant: 'sdk' }, ({ cpu }) => cpu)
    return [service, tenths(ours), tenths(sdk), fraction(ratio(ours, sdk))]
  })
  return [['', 'ours', 'SDK', 'ours/SDK'], ...rows]
}

function xmlTable(samples: Samples['xml']): Row[] {
  const rows = DIRECTIONS.map((direction) => {
    const ours = medianOf(samples, { direction, contestant: 'ours' }, ({ cpu }) => cpu)
    const plain = medianOf(samples, { direction, contestant: 'fast-xml-parser' }, ({ cpu }) => cpu)
    return [direction, tenths(ours), tenths(plain), fraction(ratio(ours, plain))]
  })
  return [['', 'ours', 'fast-xml-parser', 'ours/fast-xml-parser'], ...rows]
}

function importTable(samples: Samples['imports']): Row[] {
  const loadOf = (entry: Entry) => medianOf(samples, { entry }, ({ load }) => load)
  const rows = ENTRIES.map((entry) => {
    const whole = medianOf(samples, { entry }, (sample) => sample.process)
    const { sdk, target } = IMPORT_TARGETS[entry] ?? {}
    const verdict = sdk === undefined ? ['', '', ''] : judged(ratio(loadOf(entry), loadOf(sdk)), target)
    return [entry, tenths(loadOf(entry)), tenths(whole), ...verdict]
  })
  return [['', 'import', 'whole process', 'ours/SDK', 'at most', ''], ...rows]
}

function memoryTable(samples: Samples['memory']): Row[] {
  const rows = samples.map(({ service, contestant, before, after }) => [
    contestant === 'ours' ? service : contestantName(service, contestant),
    ...[before.heapUsed, after.heapUsed, after.heapUsed - before.heapUsed, before.rss, after.rss].map((bytes) =>
      fraction(bytes / MEBIBYTE),
    ),
  ])
  return [['', 'heap before', 'heap after', 'heap growth', 'RSS before', 'RSS after'], ...rows]
}

const MET = 'met'
const MISSED = 'MISSED'

function judged(value: number | undefined, target = 0): [ratio: string, target: string, verdict: string] {
  return [fraction(value), fraction(target), value !== undefined && value <= target ? MET : MISSED]
}

/** How far the rounds of one cell differ: a smaller difference between ratios means nothing. */
function noise(calls: readonly CallSample[]): string {
  const cellOf = ({ contestant, operation, atOnce }: CallSample) => [contestant, operation, atOnce].join()
  const spreads = [...new Set(calls.map(cellOf))].map((cell) => {
    const values = calls.filter((call) => cellOf(call) === cell).map(({ cpu }) => cpu)
    return ((Math.max(...values) - Math.min(...values)) / 2 / (median(values) ?? 1)) * 100
  })
  const worst = Math.max(...spreads)
  return `CPU times of one cell lie within ${whole(median(spreads))} % of their median in most cells, ${whole(worst)} % in the worst.`
}

function medianOf<Sample extends object>(
  samples: readonly Sample[],
  wanted: Partial<Sample>,
  figure: (sample: Sample) => number,
): number | undefined {
  // Object.entries returns string keys.
  const fitting = samples.filter((sample) =>
    Object.entries(wanted).every(([name, value]) => sample[name as keyof Sample] === value),
  )
  return median(fitting.map(figure))
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined || sorted.length % 2 === 1) return middle
  return (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2
}

function ratio(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other
}

function whole(value: number | undefined): string {
  return value?.toFixed(0) ?? '-'
}

function tenths(value: number | undefined): string {
  return value?.toFixed(1) ?? '-'
}

function fraction(value: number | undefined): string {
  return value?.toFixed(2) ?? '-'
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
