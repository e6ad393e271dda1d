// Measures all contestants, each in processes of its own, so that they share no garbage and no compiled code.
import path from 'node:path'
import { build } from 'esbuild'
import { countHandshakes, type HandshakeSample } from './handshakes.js'
import { measureCalls, type CallSample } from './measure-calls.js'
import { contestantsIn, orderFor, SERVICES, startServer, type Contestant, type Place, type Service } from './parties.js'
import { printedBy, run } from './processes.js'
import type { Sample } from './statistics.js'

/** The amounts to measure. */
export interface Amounts {
  /** Fresh processes for each first response, import, and cold call. */
  readonly processes: number
  /** Fresh processes for warm calls, signatures, and XML. */
  readonly rounds: number
  /** Turns of a process with warm calls. */
  readonly turns: number
  /** Calls before the warm ones. */
  readonly warmUp: number
  /** Calls between the two measurements of the memory. */
  readonly memoryCalls: number
}

/** Of a first response, or of a signature. */
export interface ServiceSample extends Sample {
  readonly service: Service
}

export const DIRECTIONS = ['encode', 'decode'] as const
interface XmlSample extends Omit<Sample, 'contestant'> {
  readonly direction: (typeof DIRECTIONS)[number]
  readonly contestant: 'ours' | 'fast-xml-parser'
}

const ORIGINS = {
  nothing: 'nothing',
  index: 'ours',
  'huawei-vod': 'ours',
  'tencent-ci': 'ours',
  callbacks: 'ours',
  testing: 'ours',
  '@huaweicloud/huaweicloud-sdk-vod': 'sdk',
  'cos-nodejs-sdk-v5': 'sdk',
} as const
export type Entry = keyof typeof ORIGINS
// Object.keys returns string[].
const ENTRIES = Object.keys(ORIGINS) as Entry[]
export const IMPORTS = ENTRIES.filter((entry) => entry !== 'nothing')
export const OUR_IMPORTS: readonly Entry[] = IMPORTS.filter((entry) => ORIGINS[entry] === 'ours')

/** CPU milliseconds of a process that imports the entry and ends. */
export interface ImportSample {
  readonly entry: Entry
  readonly turn: number
  readonly cpu: number
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
  readonly handshakes: readonly HandshakeSample[]
  readonly firsts: readonly ServiceSample[]
  readonly imports: readonly ImportSample[]
  readonly signing: readonly ServiceSample[]
  readonly xml: readonly XmlSample[]
  readonly memory: readonly MemorySample[]
}

/** Signatures, and XML documents written or read, in one round, after as many to warm up. */
const REPETITIONS = 20_000

export async function measure(place: Place, amounts: Amounts, onStep: (step: string) => void): Promise<Samples> {
  onStep('first responses and imports')
  const firsts = await measureFirsts(place, amounts)
  const imports = await measureImports(place, amounts)
  const calls = await measureCalls(place, amounts, onStep)
  onStep('handshakes')
  const handshakes = await countHandshakes(place)
  onStep('signatures and XML')
  const signing = await measureSigning(place, amounts)
  const xml = await measureXml(place, amounts)
  onStep('memory')
  const memory = await measureMemory(place, amounts)
  return { calls, handshakes, firsts, imports, signing, xml, memory }
}

async function measureFirsts(place: Place, { processes }: Amounts): Promise<ServiceSample[]> {
  const samples: ServiceSample[] = []
  const server = await startServer(place)
  for (let turn = 0; turn < processes; turn += 1) {
    for (const [service, contestant] of pairs(SERVICES, contestantsIn(place))) {
      const order = orderFor(place, service, contestant, server.endpointOf('http', contestant))
      const cpu = await printedBy('first.mjs', order, { home: place.folder })
      samples.push({ service, contestant, turn, cpu })
    }
  }
  server.end()
  return samples
}

async function measureImports({ dist, folder }: Place, { processes }: Amounts): Promise<ImportSample[]> {
  const samples: ImportSample[] = []
  for (let turn = 0; turn < processes; turn += 1) {
    for (const entry of ENTRIES) {
      const cpu = await printedBy('import.mjs', { origin: ORIGINS[entry], entry, dist, folder }, { home: folder })
      samples.push({ entry, turn, cpu })
    }
  }
  return samples
}

async function measureSigning(place: Place, { rounds }: Amounts): Promise<ServiceSample[]> {
  const samples: ServiceSample[] = []
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const [service, contestant] of pairs(SERVICES, ['ours', 'sdk'] as const)) {
      const order = { ...place, service, contestant, count: REPETITIONS }
      const cpu = await run<number>('signing.mjs', order, { home: place.folder })
      samples.push({ service, contestant, turn, cpu })
    }
  }
  return samples
}

async function measureXml(place: Place, { rounds }: Amounts): Promise<XmlSample[]> {
  const samples: XmlSample[] = []
  const codec = await bundleCodec(place)
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const [direction, contestant] of pairs(DIRECTIONS, ['ours', 'fast-xml-parser'] as const)) {
      const order = { codec, direction, contestant, count: REPETITIONS }
      const cpu = await run<number>('xml.mjs', order, { home: place.folder })
      samples.push({ direction, contestant, turn, cpu })
    }
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

async function measureMemory(place: Place, { memoryCalls, warmUp }: Amounts): Promise<MemorySample[]> {
  // They are the same for all services.
  const bare = pairs(['huawei-vod'] as const, ['node:http', 'fetch'] as const)
  const samples: MemorySample[] = []
  const server = await startServer(place)
  for (const [service, contestant] of [...pairs(SERVICES, ['ours', 'sdk'] as const), ...bare]) {
    const contestantOrder = orderFor(place, service, contestant, server.endpointOf('http', contestant))
    const order = { ...contestantOrder, count: memoryCalls, warmUp, atOnce: 64 }
    const figures = await run<Pick<MemorySample, 'before' | 'after'>>('memory.mjs', order, { home: place.folder }, [
      '--expose-gc',
    ])
    samples.push({ service, contestant, ...figures })
  }
  server.end()
  return samples
}

function pairs<First, Second>(first: readonly First[], second: readonly Second[]): [First, Second][] {
  return first.flatMap((one) => second.map((other): [First, Second] => [one, other]))
}
