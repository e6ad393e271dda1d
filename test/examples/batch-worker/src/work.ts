// Submits the files of the batch, and waits for the ends of their jobs. Any number of processes may run.
import { randomUUID } from 'node:crypto'
import { EventEmitter, setMaxListeners } from 'node:events'
import { hostname } from 'node:os'
import { DelayedError, WaitingError, Worker } from 'bullmq'
import { huaweiVod } from './huawei-vod.js'
import { prefixOf, QUEUE, wakeChannel } from './names.js'
import { processFile, type ProcessContext } from './process-file.js'
import { Records } from './records.js'
import { connect, openQueue, type FileJob } from './redis.js'
import { readSettings } from './settings.js'
import { tencentCi } from './tencent-ci.js'

const settings = readSettings()
const redis = connect(settings)
const queue = openQueue(settings, redis)
const stop = new AbortController()
// Each file that waits for its grace time listens to it.
setMaxListeners(0, stop.signal)

// BullMQ holds the other processes back as well.
const holdBack = async (ms: number): Promise<void> => {
  await queue.rateLimit(Math.ceil(ms))
}
const createProvider = settings.operation === 'createExtractAudioTask' ? huaweiVod : tencentCi

// Not AbortSignal.any(): in Node 20 each signal of it that includes a lasting one stays in memory.
const wakes = new EventEmitter()
const subscriber = connect(settings)
subscriber.on('message', (_channel, id) => wakes.emit(`wake ${id}`))
if (settings.callbackUrl !== undefined) await subscriber.subscribe(wakeChannel(settings))

const context: ProcessContext = {
  records: new Records(redis, settings),
  provider: createProvider(settings, (ms) => {
    holdBack(ms).catch(console.error)
  }),
  settings,
  worker: `${hostname()}/${String(process.pid)}/${randomUUID().slice(0, 8)}`,
  signal: stop.signal,
  onKeysRefused: async (error) => {
    console.error(`The batch is paused, as the keys were rejected. "npm run resume" continues it.\n${String(error)}`)
    await queue.pause()
  },
  onThrottled: () => holdBack(settings.throttleMs),
  wakeOf: (id) => {
    const controller = new AbortController()
    const abort = (): void => {
      controller.abort()
    }
    wakes.on(`wake ${id}`, abort)
    return { signal: controller.signal, forget: () => wakes.off(`wake ${id}`, abort) }
  },
}

const worker = new Worker<FileJob>(
  QUEUE,
  async (job, token) => {
    let isDone: boolean
    try {
      isDone = await processFile(job.data.file, context)
    } catch (error) {
      if (!stop.signal.aborted) throw error
      await job.moveToWait(token)
      throw new WaitingError()
    }
    if (isDone) return
    // A response may still arrive, at a process that was stopped and resumes, and then ends.
    await job.moveToDelayed(Date.now() + settings.doubtIntervalMs, token)
    throw new DelayedError()
  },
  {
    connection: connect(settings),
    prefix: prefixOf(settings),
    concurrency: settings.concurrency,
    limiter: settings.limiter,
    lockDuration: settings.lockMs,
    stalledInterval: settings.lockMs,
    // A process may end any number of times: the records tell how far its files are.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
  },
)
worker.on('error', () => undefined)
worker.on('failed', (job, error) => {
  console.error(`${job?.data.file ?? ''}: ${String(error)}`)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort()
    for (const name of wakes.eventNames()) wakes.emit(name)
    void worker.close().finally(() => process.exit())
  })
}
