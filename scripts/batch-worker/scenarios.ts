// The promises of the batch worker's README, each with the commands that it names.
import assert from 'node:assert/strict'
import type { EmulatorOptions, FaultPlan } from '../../src/testing/index.js'
import { Batch } from './batch.js'
import { PROVIDERS } from './providers.js'
import { freePort } from './redis-server.js'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Times that let a file be disproved after five seconds. */
const QUICK = {
  HESITATION_MS: '500',
  TOTAL_TIMEOUT_MS: '2000',
  FLIGHT_MS: '500',
  LIST_LAG_MS: '2000',
  LOCK_MS: '2000',
  LIMIT_FILES: '100',
  LIMIT_MS: '1000',
  POLL_INTERVAL_MS: '500',
  DOUBT_INTERVAL_MS: '60000',
}

const LIMIT_MS = 60_000

interface Scenario {
  readonly title: string
  readonly provider: 'tencent-ci' | 'huawei-vod'
  readonly files: number
  /** Besides the defaults of the scenarios. */
  readonly emulator?: (port: number) => EmulatorOptions
  readonly environment?: (port: number) => Readonly<Record<string, string>>
  /** @param port free, and known to `emulator` and `environment` */
  readonly run: (batch: Batch, port: number) => Promise<void>
}

const [SUBMIT_CI, SUBMIT_VOD] = ['createNoiseReductionJob', 'createExtractAudioTask'] as const

const SCENARIOS: readonly Scenario[] = [
  {
    title: 'a callback of CI has its job read at once',
    provider: 'tencent-ci',
    files: 10,
    environment: (port) => ({
      CALLBACK_URL: `http://127.0.0.1:${String(port)}/ci/SECRETEXAMPLE`,
      SECRET: 'SECRETEXAMPLE',
      PORT: String(port),
      POLL_INTERVAL_MS: '600000',
    }),
    run: receive,
  },
  {
    title: 'an event of VOD has its asset read at once',
    provider: 'huawei-vod',
    files: 10,
    emulator: (port) => ({ huawei: { events: { url: `http://127.0.0.1:${String(port)}/mfs`, key: 'KEYEXAMPLE' } } }),
    environment: (port) => ({
      CALLBACK_URL: `http://127.0.0.1:${String(port)}/mfs`,
      MFS_KEYS: 'KEYEXAMPLE',
      PORT: String(port),
      POLL_INTERVAL_MS: '600000',
    }),
    run: receive,
  },
  {
    title: 'the results tell refused and failed files',
    provider: 'tencent-ci',
    files: 3,
    environment: () => ({ CONCURRENCY: '1' }),
    run: async (batch) => {
      await batch.enqueue()
      batch.emulator.settle({ source: batch.files[1] ?? '' }, { State: 'Failed', Code: 'InputFileError' })
      batch.emulator.fail({ operation: SUBMIT_CI, with: { kind: 'error', code: 'InvalidArgument', status: 400 } })
      batch.start('work')
      await allEnd(batch)
      const results = await batch.results()
      assert.deepEqual(results.map(({ state }) => state).sort(), ['failed', 'refused', 'succeeded'])
      for (const { state, error = '' } of results) {
        assert.match(error, { failed: /InputFileError/, refused: /InvalidArgument/ }[state] ?? /^$/)
      }
    },
  },
  {
    title: 'rejected keys pause the batch until resume',
    provider: 'tencent-ci',
    files: 20,
    environment: () => ({ LIMIT_FILES: '1', LIMIT_MS: '200' }),
    run: async (batch) => {
      const { TENCENTCLOUD_SECRET_KEY: key = '' } = batch.environment
      batch.environment['TENCENTCLOUD_SECRET_KEY'] = 'WRONGEXAMPLE'
      await batch.enqueue()
      const worker = batch.start('work')
      await until(async () => (await batch.log()).includes('npm run resume'))
      const refused = batch.emulator.requests.length
      await pause(2_000)
      // Those that had begun.
      assert(batch.emulator.requests.length <= refused + 2, `${String(batch.emulator.requests.length)} requests`)
      worker.end()
      batch.environment['TENCENTCLOUD_SECRET_KEY'] = key
      batch.start('work')
      await pause(2_000)
      assert.equal(await batch.ended(), 0)
      await batch.run('resume')
      await allEnd(batch)
    },
  },
  {
    title: 'doubts are listed, and settled with --id or --again',
    provider: 'huawei-vod',
    files: 3,
    environment: () => ({ CONCURRENCY: '1' }),
    run: async (batch) => {
      batch.emulator.fail({ operation: SUBMIT_VOD, with: { kind: 'reset', executes: true } })
      batch.emulator.fail({ operation: SUBMIT_VOD, with: { kind: 'silence' } })
      await batch.enqueue()
      batch.start('work')
      await until(async () => (await batch.doubts()).length === 2 && (await batch.ended()) === 1)
      const [ran, didNotRun] = await batch.doubts()
      assert(ran && didNotRun)
      const listed = await batch.run('doubts')
      assert.match(listed, new RegExp(`^\\d{4}-\\S+Z  ${ran}  .*Error.*\n\\S+Z  ${didNotRun}  .*Error`))
      const audio = batch.emulator
        .assets()
        .find(({ asset_id: id, base_info: info }) => info?.title === ran && id !== ran)
      assert(audio)
      await batch.run('doubts', ran, '--id', audio.asset_id)
      await batch.run('doubts', didNotRun, '--again')
      await allEnd(batch)
      const result = (await batch.results()).find(({ file }) => file === ran)
      assert.equal(result?.id, audio.asset_id)
    },
  },
  {
    title: 'a late response settles a doubt',
    provider: 'huawei-vod',
    files: 1,
    environment: () => ({ DOUBT_INTERVAL_MS: '2000' }),
    run: async (batch) => {
      batch.emulator.fail({ operation: SUBMIT_VOD, with: { kind: 'slow', delayMs: 1_000 } })
      await batch.enqueue()
      const late = batch.start('work')
      await until(() => batch.emulator.assets().length === 2)
      const resumed = late.stop(12_000)
      batch.start('work')
      await until(async () => (await batch.doubts()).length === 1)
      await resumed
      await allEnd(batch)
    },
  },
  {
    title: 'an ID that Redis rejects for a while is not lost',
    provider: 'huawei-vod',
    files: 1,
    run: async (batch) => {
      batch.emulator.fail({ operation: SUBMIT_VOD, with: { kind: 'slow', delayMs: 1_500 } })
      await batch.enqueue()
      batch.start('work')
      await until(() => batch.emulator.assets().length === 2)
      await batch.redis.ask('CONFIG', 'SET', 'maxmemory', '1')
      await until(async () => (await batch.log()).includes('is not recorded yet: '))
      await pause(8_000)
      await batch.redis.ask('CONFIG', 'SET', 'maxmemory', '0')
      await allEnd(batch)
    },
  },
  {
    title: 'FIND_SINCE finds the jobs of lost records',
    provider: 'tencent-ci',
    files: 5,
    run: async (batch) => {
      const since = new Date().toISOString()
      await batch.enqueue()
      const worker = batch.start('work')
      await allEnd(batch)
      worker.end()
      await batch.redis.ask('FLUSHALL')
      await batch.enqueue()
      batch.environment['FIND_SINCE'] = since
      batch.start('work')
      await allEnd(batch)
    },
  },
  {
    title: 'a file that has ended is not submitted again when it is enqueued again',
    provider: 'tencent-ci',
    files: 5,
    run: async (batch) => {
      await batch.enqueue()
      batch.start('work')
      await allEnd(batch)
      await batch.enqueue()
      await until(async () => (await batch.waiting()) === 0)
      await allEnd(batch)
      assert.equal((await batch.results()).length, 5)
    },
  },
  {
    title: 'SIGTERM finishes what is submitted, and gives back the rest',
    provider: 'tencent-ci',
    files: 20,
    run: async (batch) => {
      batch.emulator.fail({ operation: SUBMIT_CI, times: 20, with: { kind: 'slow', delayMs: 1_000 } })
      await batch.enqueue()
      const first = batch.start('work')
      await until(() => batch.emulator.jobs().length === 20)
      const startedMs = performance.now()
      assert.equal(await first.terminate(), 0)
      assert(performance.now() - startedMs < 5_000)
      const ids = await Promise.all(batch.files.map((file) => batch.record(file, 'id')))
      assert.deepEqual(
        ids.flat().toSorted(),
        batch.emulator
          .jobs()
          .map(({ JobId }) => JobId)
          .toSorted(),
      )
      batch.start('work')
      await allEnd(batch)
    },
  },
  {
    title: 'the limit holds for all processes together',
    provider: 'tencent-ci',
    files: 30,
    environment: () => ({ LIMIT_FILES: '1', LIMIT_MS: '300' }),
    run: async (batch) => {
      const times = await startThree(batch)
      await allEnd(batch)
      // Twelve submissions begin in twelve windows, so eleven windows lie between the first and the last, less some jitter.
      for (const [index, time] of times.entries()) {
        const ms = (times[index + 11] ?? Infinity) - time
        assert(ms > 3_000, `12 submissions in ${String(ms)} ms`)
      }
    },
  },
  {
    title: 'a throttled process holds the others back',
    provider: 'tencent-ci',
    files: 40,
    environment: () => ({ LIMIT_FILES: '1', LIMIT_MS: '100', TOTAL_TIMEOUT_MS: '20000' }),
    run: async (batch) => {
      const times = await throttle(batch, { operation: SUBMIT_CI, with: { kind: 'throttle', retryAfter: '3' } })
      const before = times.length
      await pause(2_500)
      // Those that BullMQ had given to a process.
      assert(times.length - before <= 4, `${String(times.length - before)} submissions after the throttle`)
      await allEnd(batch)
    },
  },
  {
    title: 'a throttle that is longer than a submission may take holds the others back, too',
    provider: 'huawei-vod',
    files: 40,
    environment: () => ({ LIMIT_FILES: '1', LIMIT_MS: '100' }),
    run: async (batch) => {
      // The window of VOD is a minute.
      await throttle(batch, { operation: SUBMIT_VOD, with: { kind: 'throttle' } })
      const before = await batch.count('claims')
      await pause(8_000)
      const begun = (await batch.count('claims')) - before
      assert(begun <= 4, `${String(begun)} files have begun after the throttle`)
    },
  },
  {
    title: 'status prints a line a second, and serves Prometheus',
    provider: 'tencent-ci',
    files: 5,
    environment: (port) => ({ METRICS_PORT: String(port) }),
    run: async (batch, port) => {
      await batch.enqueue()
      batch.start('work')
      batch.start('status')
      await allEnd(batch)
      await until(async () => (await batch.log()).includes('succeeded 5  '))
      const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text()
      assert.match(metrics, /^batch_files\{state="succeeded"\} 5$/m)
      assert.match(metrics, /^batch_events\{event="claim"\} 5$/m)
    },
  },
]

/** They mostly wait. */
const AT_ONCE = 4

/** Runs the scenarios whose title has `part`. Returns how many fail. */
export async function runScenarios(application: string, part: string): Promise<number> {
  const waiting = SCENARIOS.filter(({ title }) => title.includes(part)).values()
  let failures = 0
  const work = async (): Promise<void> => {
    for (const scenario of waiting) if (!(await isKept(scenario, application))) failures += 1
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return failures
}

async function isKept(
  { title, files, environment, emulator, ...scenario }: Scenario,
  application: string,
): Promise<boolean> {
  const provider = PROVIDERS[scenario.provider]
  assert(provider)
  const port = await freePort()
  const batch = await Batch.start({
    application,
    provider,
    files: provider.files(files),
    emulator: { jobDurationMs: 500, ...emulator?.(port) },
    environment: { ...QUICK, ...environment?.(port) },
  })
  const startedMs = performance.now()
  try {
    await scenario.run(batch, port)
    console.log(`ok: ${title}, ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`)
    return true
  } catch (error) {
    console.log(`FAILED: ${title}\n${String(error)}\n${await batch.log()}`)
    return false
  } finally {
    await batch.close()
  }
}

async function receive(batch: Batch): Promise<void> {
  batch.start('receive')
  await batch.enqueue()
  batch.start('work')
  await allEnd(batch)
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now()
  while (!(await isTrue())) {
    assert(performance.now() - startedMs < LIMIT_MS, `not within a minute: ${String(isTrue)}`)
    await pause(100)
  }
}

/** Waits until all files have ended, and checks that each that was not refused ran once. */
async function allEnd(batch: Batch): Promise<void> {
  await until(async () => (await batch.ended()) === batch.files.length)
  const refused = await batch.count('refused')
  const runs = [...batch.runs().values()]
  assert.deepEqual(
    runs,
    Array.from({ length: batch.files.length - refused }, () => 1),
  )
}

/** Begins the batch in three processes. Returns the times at which submissions arrive, to which later ones are added. */
async function startThree(batch: Batch): Promise<readonly number[]> {
  const times: number[] = []
  batch.onSubmission = () => times.push(performance.now())
  for (let count = 0; count < 3; count++) batch.start('work')
  await pause(3_000)
  await batch.enqueue()
  return times
}

/** Begins the batch in three processes, and throttles one after ten submissions. Returns what `startThree` does. */
async function throttle(batch: Batch, plan: FaultPlan): Promise<readonly number[]> {
  const times = await startThree(batch)
  await until(() => times.length >= 10)
  batch.emulator.fail(plan)
  await until(() => batch.emulator.requests.some(({ fault }) => fault === 'throttle'))
  return times
}
