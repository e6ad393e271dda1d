// Makes many calls against the server whose URL it is given, and prints what became of them as JSON.
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import { createHuaweiVodClient, createTencentCiClient } from '../../src/index.js'
import { createEmulator } from '../../src/testing/index.js'
import { seededRandom } from '../support/random.js'

const [endpoint = '', calls = '0', concurrency = '0'] = process.argv.slice(2)
const { huawei, tencent } = createEmulator().options
const common = { endpoint, timeoutMs: 300, sleep: () => turn(), random: seededRandom(1) }
const vod = createHuaweiVodClient({ ...huawei, ...common })
const ci = createTencentCiClient({ ...tencent, ...common })
const asset_id = '3e1cd21131a94525be55acf65888bf46'
const Input = { Object: 'in.mp3' }
const Output = { Region: tencent.region, Bucket: tencent.bucket, Object: 'out.mp3' }
const operations: readonly (() => Promise<unknown>)[] = [
  () => vod.createExtractAudioTask({ asset_id }),
  () => vod.unpublishAssets({ asset_id: [asset_id] }),
  () => ci.createVoiceSeparateJob({ Input, Operation: { Output }, QueueId: 'p1' }),
  () => ci.createNoiseReductionJob({ Input, Operation: { Output } }),
]

let unhandled = 0
process.on('unhandledRejection', () => {
  unhandled += 1
})
const settled = { results: 0, errors: {} as Record<string, number> }
const heaps: number[] = []
let started = 0

await callMany(Number(concurrency))
const before = await resources()
const listenersBefore = process.eventNames().length
for (let round = 0; round < 10; round++) {
  await callMany(Number(calls) / 10)
  heaps.push(await heapUsed())
}
const after = await resources()
process.stdout.write(
  JSON.stringify({
    settled,
    started,
    unhandled,
    before,
    after,
    listeners: process.eventNames().length - listenersBefore,
    heaps,
  }),
)
process.exit()

async function callMany(count: number): Promise<void> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await callOnce()
  }
  await Promise.all(Array.from({ length: Number(concurrency) }, worker))
}

async function callOnce(): Promise<void> {
  const operation = operations[started++ % operations.length]
  await operation?.().then(
    () => {
      settled.results += 1
    },
    (error: unknown) => {
      const name = error instanceof Error ? error.name : 'no error'
      settled.errors[name] = (settled.errors[name] ?? 0) + 1
    },
  )
}

/** What keeps the process alive, once idle connections had the time to close. */
async function resources(): Promise<Record<string, number>> {
  await delay(5_000)
  const counts: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** After a pause, as what ended just now is not yet let go. */
async function heapUsed(): Promise<number> {
  await delay(200)
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
