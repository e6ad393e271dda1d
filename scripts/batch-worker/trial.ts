import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { seededRandom } from '../../test/support/random.js'
import { Batch } from './batch.js'
import { FAULTS, type TrialProvider } from './providers.js'

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
const LIMIT_MS = 1_800_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Works through a batch while processes are killed and stopped, Redis is killed, and the emulator fails. */
export async function runTrial(application: string, provider: TrialProvider, input: TrialInput): Promise<Report> {
  const random = seededRandom(input.seed)
  const batch = await Batch.start({
    application,
    provider,
    files: provider.files(input.files),
    emulator: {
      jobDurationMs: 1_000,
      seed: String(input.seed),
      onRequest: ({ operation = '' }) => {
        if (!provider.operations.includes(operation) || random() >= FAULTS.length * input.faultShare) return
        batch.emulator.fail({ operation, with: pick(pick(FAULTS, random), random) })
      },
    },
    environment: {
      ...GRACE,
      LOCK_MS: String(LOCK_MS),
      LIMIT_FILES: '10',
      LIMIT_MS: '1000',
      POLL_INTERVAL_MS: '1000',
      DOUBT_INTERVAL_MS: '120000',
      THROTTLE_MS: '500',
    },
  })
  const { files, redis } = batch
  const startedMs = performance.now()
  try {
    await batch.enqueue()
    const workers = Array.from({ length: WORKERS }, () => batch.start('work'))
    const writer = batch.start('results', batch.resultsFile)
    const processes = [...workers, writer]

    const stops: Promise<void>[] = []
    for (let kill = 1; kill <= input.kills; kill++) {
      await pause(500 + 4_000 * random())
      pick(processes, random).kill()
      if (kill % 5 === 0) stops.push(pick(processes, random).stop(LOCK_MS * (1 + 2 * random())))
      if (kill === Math.ceil(input.kills / 3) || kill === Math.ceil((2 * input.kills) / 3)) {
        await redis.crash(1_000 * random())
      }
    }
    await Promise.all(stops)
    const killedMs = performance.now() - startedMs

    let doubts: string[] = []
    while (performance.now() - startedMs < LIMIT_MS) {
      const ended = await batch.ended()
      doubts = await batch.doubts()
      if (ended + doubts.length === files.length) break
      await pause(500)
    }
    writer.end()
    const lines = await batch.results()
    const runs = batch.runs()
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
      const [sender = '', error = ''] = await batch.record(file, 'sender', 'error')
      const pid = Number(sender.split('/').at(-2))
      if (error === '' && !killed.has(pid))
        violations.push(`${file} is in doubt, but its response was not lost: ${sender}`)
    }
    if (violations.length > 0) {
      await writeFile(path.join(os.tmpdir(), `batch-seed-${String(input.seed)}.log`), await batch.log())
    }
    const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`
    return {
      summary: [
        `${String(files.length)} files`,
        `${String(doubts.length)} in doubt`,
        `${String(await batch.count('claims'))} claims`,
        `${String(await batch.count('lost'))} responses lost`,
        `${String(killed.size)} kills in ${seconds(killedMs)}`,
        `${seconds(performance.now() - startedMs)} in all`,
      ].join(', '),
      violations,
    }
  } finally {
    await batch.close()
  }
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
