import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createEmulator } from '../../src/testing/index.js'
import { Process } from './processes.js'
import type { TrialProvider } from './providers.js'
import { RedisServer } from './redis-server.js'

const run = promisify(execFile)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Works through a batch without faults, as fast as it can, in one process. Prints what it costs. */
export async function measureThroughput(application: string, provider: TrialProvider, count: number): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'batch-throughput-'))
  const redisServer = await RedisServer.start(folder)
  const files = provider.files(count)
  const emulator = createEmulator({ ...provider.options(files), jobDurationMs: 1_000 })
  const listening = await emulator.listen()
  const environment = {
    ...provider.environment,
    REDIS_URL: redisServer.url,
    BATCH: 'throughput',
    ENDPOINT: listening.url,
    LIMIT_FILES: '10000',
    LIMIT_MS: '1000',
    POLL_INTERVAL_MS: '2000',
    CONCURRENCY: '1000',
  }
  const memory = async (): Promise<number> =>
    Number(/used_memory:(\d+)/.exec((await redisServer.ask('INFO', 'memory')).join('\n'))?.[1])
  let worker: Process | undefined
  try {
    const list = path.join(folder, 'files.txt')
    await writeFile(list, files.join('\n'))
    const empty = await memory()
    await run(process.execPath, ['--import', 'tsx', 'src/enqueue.ts', list], {
      cwd: application,
      env: { ...process.env, ...environment },
    })
    const full = await memory()
    console.log(`Redis: ${((full - empty) / count).toFixed(0)} bytes per waiting file`)
    worker = new Process(application, 'work', [], environment, path.join(folder, 'log.txt'))
    const startedMs = performance.now()
    for (let ended = 0; ended < count;) {
      await pause(5_000)
      ended = Number((await redisServer.ask('HGET', '{throughput}:counts', 'succeeded'))[0])
      const { cpuMs, rssBytes } = await worker.usage()
      const seconds = (performance.now() - startedMs) / 1_000
      console.log(
        [
          `${seconds.toFixed(0)} s`,
          `${String(ended)} files`,
          `${(ended / seconds).toFixed(0)} files/s`,
          `CPU ${((1_000 * cpuMs) / Math.max(1, ended)).toFixed(0)} µs/file`,
          `${(rssBytes / 2 ** 20).toFixed(0)} MiB`,
          `${String(emulator.requests.length + emulator.droppedRequests)} requests`,
        ].join('  '),
      )
    }
    console.log(`Redis: ${(((await memory()) - empty) / count).toFixed(0)} bytes per file with its result`)
    console.log(await readFile(path.join(folder, 'log.txt'), 'utf8'))
  } finally {
    worker?.end()
    redisServer.stop()
    await listening.close()
    await rm(folder, { recursive: true, force: true })
  }
}
