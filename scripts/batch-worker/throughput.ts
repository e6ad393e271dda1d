import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { Batch } from './batch.js'
import type { TrialProvider } from './providers.js'

const execute = promisify(execFile)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Works through a batch without faults, as fast as it can, in one process. Prints what it costs, and what a call costs. */
export async function measureThroughput(application: string, provider: TrialProvider, count: number): Promise<void> {
  const batch = await Batch.start({
    application,
    provider,
    files: provider.files(count),
    emulator: { jobDurationMs: 1_000 },
    environment: { LIMIT_FILES: '10000', LIMIT_MS: '1000', POLL_INTERVAL_MS: '2000', CONCURRENCY: '4000' },
  })
  const { emulator, redis } = batch
  const memory = async (): Promise<number> =>
    Number(/used_memory:(\d+)/.exec((await redis.ask('INFO', 'memory')).join('\n'))?.[1])
  try {
    const empty = await memory()
    await batch.enqueue()
    console.log(`Redis: ${(((await memory()) - empty) / count).toFixed(0)} bytes per waiting file`)
    const worker = batch.start('work')
    const startedMs = performance.now()
    let warm: { readonly ended: number; readonly cpuMs: number } | undefined
    for (let ended = 0; ended < count;) {
      await pause(2_000)
      ended = await batch.count('succeeded')
      const { cpuMs, rssBytes } = await worker.usage()
      if (ended > count / 4) warm ??= { ended, cpuMs }
      const seconds = (performance.now() - startedMs) / 1_000
      console.log(
        [
          `${seconds.toFixed(0)} s`,
          `${String(ended)} files`,
          `${(ended / seconds).toFixed(0)} files/s`,
          `CPU ${(cpuMs / 1_000).toFixed(1)} s`,
          ...(warm === undefined || warm.ended === ended
            ? []
            : [`${((1_000 * (cpuMs - warm.cpuMs)) / (ended - warm.ended)).toFixed(0)} µs/file`]),
          `${(rssBytes / 2 ** 20).toFixed(0)} MiB`,
          `${String(emulator.requests.length + emulator.droppedRequests)} requests`,
        ].join('  '),
      )
    }
    worker.end()
    console.log(`Redis: ${(((await memory()) - empty) / count).toFixed(0)} bytes per file with its result`)
    const submission = emulator.requests.find(({ operation }) => operation === batch.environment['OPERATION'])
    for (const kind of ['node:http', 'client']) {
      const calls = execute(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'calls.ts'), kind], {
        env: { ...process.env, ...batch.environment },
      })
      calls.child.stdin?.end(JSON.stringify({ ...submission, file: batch.files[0] }))
      console.log(`A submission, ${kind}: CPU ${(await calls).stdout.trim()} µs`)
    }
    console.log(await batch.log())
  } finally {
    await batch.close()
  }
}
