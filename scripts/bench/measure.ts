// Runs each contestant in processes of its own, so that no garbage and no compiled code is shared.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { run, timeOfScript, withServer } from './processes.js'

/** The amounts to measure. */
export interface Amounts {
  readonly rounds: number
  /** Calls of one operation in one round. */
  readonly calls: number
  /** Calls between the two measurements of the memory. */
  readonly memoryCalls: number
  /** Calls of one operation before the measured ones. After some thousands, V8 has compiled all hot code. */
  readonly warmUp: number
}

/** The folders that the contestants need. */
export interface Place {
  /** Our build. */
  readonly dist: string
  /** An earlier build of ours to compare with. */
  readonly before: string | undefined
  /** The folder with the providers' SDKs, which is also the home directory of every contestant. */
  readonly folder: string
  /** The root of the sources, for our XML codec. */
  readonly root: string
}

export const SERVICES = ['huawei-vod', 'tencent-ci'] as const
export type Service = (typeof SERVICES)[number]
export const CONTESTANTS = ['ours', 'sdk', 'node:http', 'fetch'] as const
/** `before` is an earlier build of ours. */
export type Contestant = (typeof CONTESTANTS)[number] | 'before'
export const AT_ONCE = [1, 64]

/** Microseconds for one call, signature or document. */
export interface Time {
  /** User and system, of the whole process. */
  readonly cpu: number
  readonly wall: number
}

export interface CallSample extends Time {
  readonly service: Service
  readonly contestant: Contestant
  readonly operation: string
  readonly atOnce: number
}

interface SigningSample extends Time {
  readonly service: Service
  readonly contestant: Contestant
}

export const DIRECTIONS = ['encode', 'decode'] as const
interface XmlSample extends Time {
  readonly direction: (typeof DIRECTIONS)[number]
  readonly contestant: 'ours' | 'fast-xml-parser'
}

const ORIGINS = {
  nothing: 'nothing',
  index: 'ours',
  'huawei-vod': 'ours',
  'tencent-ci': 'ours',
  '@huaweicloud/huaweicloud-sdk-vod': 'sdk',
  'cos-nodejs-sdk-v5': 'sdk',
} as const
export type Entry = keyof typeof ORIGINS
// Object.keys returns string[].
export const ENTRIES = Object.keys(ORIGINS) as Entry[]

interface ImportSample {
  readonly entry: Entry
  /** Milliseconds of the import alone. */
  readonly load: number
  /** Milliseconds from the start of the process to its end. */
  readonly process: number
}

/** Bytes. */
interface Memory {
  readonly heapUsed: number
  readonly rss: number
}

interface MemorySample {
  readonly service: Service
  readonly contestant: Contestant
  readonly before: Memory
  readonly after: Memory
}

export interface Samples {
  readonly calls: readonly CallSample[]
  readonly signing: readonly SigningSample[]
  readonly xml: readonly XmlSample[]
  readonly imports: readonly ImportSample[]
  readonly memory: readonly MemorySample[]
}

/** Signatures, and XML documents written or read, in one round, after as many to warm up. */
const REPETITIONS = 20_000

export async function measure(place: Place, amounts: Amounts, onStep: (step: string) => void): Promise<Samples> {
  const codec = await bundleCodec(place)
  const calls: CallSample[] = []
  const signing: SigningSample[] = []
  const xml: XmlSample[] = []
  const imports: ImportSample[] = []
  await withServer(async (endpoint) => {
    for (let round = 1; round <= amounts.rounds; round += 1) {
      onStep(`round ${String(round)} of ${String(amounts.rounds)}`)
      calls.push(...(await callRound(place, endpoint, amounts)))
      signing.push(...(await signingRound(place)))
      xml.push(...(await xmlRound(place, codec)))
      imports.push(...(await importRound(place)))
    }
  })
  onStep('memory')
  const memory = await withServer((endpoint) => memoryOf(place, endpoint, amounts))
  return { calls, signing, xml, imports, memory }
}

async function callRound(place: Place, endpoint: string, { calls, warmUp }: Amounts): Promise<CallSample[]> {
  const samples: CallSample[] = []
  const contestants: readonly Contestant[] = place.before === undefined ? CONTESTANTS : ['before', ...CONTESTANTS]
  for (const [service, contestant] of pairs(SERVICES, contestants)) {
    const dist = contestant === 'before' ? place.before : place.dist
    const order = { ...place, dist, endpoint, service, contestant, count: calls, warmUp, atOnce: AT_ONCE }
    const figures = await run<Omit<CallSample, 'service' | 'contestant'>[]>('calls.mjs', order, place.folder)
    samples.push(...figures.map((figure) => ({ service, contestant, ...figure })))
  }
  return samples
}

async function signingRound(place: Place): Promise<SigningSample[]> {
  const samples: SigningSample[] = []
  for (const [service, contestant] of pairs(SERVICES, ['ours', 'sdk'] as const)) {
    const time = await run<Time>('signing.mjs', { ...place, service, contestant, count: REPETITIONS }, place.folder)
    samples.push({ service, contestant, ...time })
  }
  return samples
}

async function xmlRound(place: Place, codec: string): Promise<XmlSample[]> {
  const samples: XmlSample[] = []
  for (const [direction, contestant] of pairs(DIRECTIONS, ['ours', 'fast-xml-parser'] as const)) {
    const time = await run<Time>('xml.mjs', { codec, direction, contestant, count: REPETITIONS }, place.folder)
    samples.push({ direction, contestant, ...time })
  }
  return samples
}

/** The package does not export the codec. */
async function bundleCodec({ root, folder }: Place): Promise<string> {
  const outfile = path.join(folder, 'codec.mjs')
  const contents = `
    export { encodeXml } from './src/xml/encode.js'
    export { decodeXml } from './src/xml/decode.js'
    export { voiceSeparateRequest, voiceSeparateResponse } from './generated/tencent-ci/xml.js'
    export { XMLBuilder, XMLParser } from 'fast-xml-parser'
  `
  const stdin = { contents, resolveDir: root, loader: 'ts' } as const
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
  return outfile
}

async function importRound(place: Place): Promise<ImportSample[]> {
  const samples: ImportSample[] = []
  for (const entry of ENTRIES) {
    const { load, process } = await timeOfScript(importScript(place, entry), place.folder)
    samples.push({ entry, load, process })
  }
  return samples
}

/** Imports our entry point, and requires an SDK, as their users do. */
function importScript({ dist, folder }: Place, entry: Entry): string {
  const steps = {
    nothing: '',
    ours: `await import(${JSON.stringify(pathToFileURL(path.join(dist, `${entry}.mjs`)).href)})`,
    sdk: `createRequire(${JSON.stringify(path.join(folder, 'package.json'))})(${JSON.stringify(entry)})`,
  }
  return `
    import { createRequire } from 'node:module'
    const start = performance.now()
    ${steps[ORIGINS[entry]]}
    console.log(performance.now() - start)
  `
}

async function memoryOf(place: Place, endpoint: string, { memoryCalls, warmUp }: Amounts): Promise<MemorySample[]> {
  // They are the same for all services.
  const bare = pairs(['huawei-vod'] as const, ['node:http', 'fetch'] as const)
  const samples: MemorySample[] = []
  for (const [service, contestant] of [...pairs(SERVICES, ['ours', 'sdk'] as const), ...bare]) {
    const order = { ...place, endpoint, service, contestant, count: memoryCalls, warmUp, atOnce: 64 }
    const figures = await run<Pick<MemorySample, 'before' | 'after'>>('memory.mjs', order, place.folder, [
      '--expose-gc',
    ])
    samples.push({ service, contestant, ...figures })
  }
  return samples
}

function pairs<First, Second>(first: readonly First[], second: readonly Second[]): [First, Second][] {
  return first.flatMap((one) => second.map((other): [First, Second] => [one, other]))
}
