import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createEmulator } from '../../src/testing/index.js'
import { seededRandom } from '../../test/support/random.js'
import { Process } from './processes.js'
import { FAULTS, type TrialProvider } from './providers.js'
import { RedisServer } from './redis-server.js'

export interface TrialInput {
  readonly seed: number
  readonly files: number
  readonly kills: number
  /** Share of the requests that get each kind of fault. */
  readonly faultShare: number
}

interface Report {
  readonly summary: string
  readonly violations: readonly string[]
}

const WORKERS = 4
const LOCK_MS = 3_000
const GRACE = { HESITATION_MS: '500', TOTAL_TIMEOUT_MS: '2000', FLIGHT_MS: '500', LIST_LAG_MS: '2000' }
const LIMIT_MS = 900_000

const run = promisify(execFile)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Works through a batch while processes are killed and stopped, Redis is killed, and the emulator fails. */
export async function runTrial(application: string, provider: TrialProvider, input: TrialInput): Promise<Report> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'batch-trial-'))
  const redisServer = await RedisServer.start(folder)
  const files = provider.files(input.files)
  const random = seededRandom(input.seed)
  const emulator = createEmulator({
    ...provider.options(files),
    jobDurationMs: 1_000,
    seed: String(input.seed),
    onRequest: ({ operation = '' }) => {
      if (!provider.operations.includes(operation) || random() >= FAULTS.length * input.faultShare) return
      emulator.fail({ operation, with: pick(pick(FAULTS, random), random) })
    },
  })
  const listening = await emulator.listen()
  const batch = `seed-${String(input.seed)}`
  const environment = {
    ...provider.environment,
    ...GRACE,
    REDIS_URL: redisServer.url,
    BATCH: batch,
    ENDPOINT: listening.url,
    LOCK_MS: String(LOCK_MS),
    LIMIT_FILES: '10',
    LIMIT_MS: '1000',
    POLL_INTERVAL_MS: '1000',
    DOUBT_INTERVAL_MS: '3000',
  }
  const log = path.join(folder, 'log.txt')
  const results = path.join(folder, 'results.jsonl')
  const processes: Process[] = []
  const startedMs = performance.now()
  try {
    const list = path.join(folder, 'files.txt')
    await writeFile(list, files.join('\n'))
    const command = (script: string, ...parameters: string[]): Promise<unknown> =>
      run(process.execPath, ['--import', 'tsx', `src/${script}.ts`, ...parameters], {
        cwd: application,
        env: { ...process.env, ...environment },
      })
    await command('enqueue', list)
    for (let count = 0; count < WORKERS; count++) processes.push(new Process(application, 'work', [], environment, log))
    const writer = new Process(application, 'results', [results], environment, log)
    processes.push(writer)

    const stops: Promise<void>[] = []
    for (let kill = 1; kill <= input.kills; kill++) {
      await pause(300 + 900 * random())
      pick(processes, random).kill()
      if (kill % 5 === 0) stops.push(pick(processes, random).stop(LOCK_MS * (1 + 2 * random())))
      if (kill === Math.ceil(input.kills / 3) || kill === Math.ceil((2 * input.kills) / 3)) {
        await redisServer.crash(1_000 * random())
      }
    }
    await Promise.all(stops)
    const killedMs = performance.now() - startedMs

    let ended = 0
    let doubts: string[] = []
    while (performance.now() - startedMs < LIMIT_MS) {
      const counts = await redisServer.ask('HMGET', `{${batch}}:counts`, 'succeeded', 'failed', 'refused')
      ended = counts.reduce((sum, count) => sum + Number(count), 0)
      doubts = (await redisServer.ask('ZRANGE', `{${batch}}:doubts`, '0', '-1')).filter((file) => file !== '')
      if (ended + doubts.length === files.length) break
      await pause(500)
    }
    writer.end()
    await command('results', results, '--once')
    const lines = (await readFile(results, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; state: string; error?: string })
    const runs = provider.runs(emulator)
    const violations = [
      ...files.flatMap((file) => {
        const count = runs.get(file) ?? 0
        const isInDoubt = doubts.includes(file)
        if (count === 1 || (isInDoubt && count === 0)) return []
        return `${file} ran ${String(count)} times${isInDoubt ? ', and is in doubt' : ''}`
      }),
      ...files.flatMap((file) => {
        const count = lines.filter((line) => line.file === file).length
        return count === (doubts.includes(file) ? 0 : 1) ? [] : `${file} has ${String(count)} results`
      }),
      ...lines
        .filter(({ state }) => state !== 'succeeded')
        .map(({ file, state, error }) => `${file} ${state}: ${String(error)}`),
      ...(provider.hasDoubts ? [] : doubts.map((file) => `${file} is in doubt`)),
    ]
    const killed = new Set(processes.flatMap((one) => one.killed))
    for (const file of doubts) {
      const [sender = '', error = ''] = await redisServer.ask('HMGET', `{${batch}}:file:${file}`, 'sender', 'error')
      const pid = Number(sender.split('/').at(-2))
      if (error === '' && !killed.has(pid))
        violations.push(`${file} is in doubt, but its response was not lost: ${sender}`)
    }
    const [claims = '', lost = ''] = await redisServer.ask('HMGET', `{${batch}}:counts`, 'claims', 'lost')
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0)
    if (violations.length > 0) await writeFile(path.join(os.tmpdir(), `batch-${batch}.log`), await readFile(log))
    return {
      summary: `${String(files.length)} files, ${String(doubts.length)} in doubt, ${claims} claims, ${lost} responses lost, ${String(killed.size)} kills in ${(killedMs / 1_000).toFixed(0)} s, ${seconds} s in all`,
      violations,
    }
  } finally {
    for (const one of processes) one.end()
    redisServer.stop()
    await listening.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
