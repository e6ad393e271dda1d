import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { AbortedError, ConnectionError, TimeoutError } from '../../src/errors/errors.js'
import type { ItemsRead } from '../../src/waiting/watched.js'
import { seededRandom } from '../support/random.js'
import { apiError, createWorld, EndedError, turns, type ReadRequest, type Thing, type World } from './world.js'

const SCHEDULES = 300
const CALL = { operation: 'getThings', attempts: 1, mayHaveRun: false }
const GRACE_MS = 10_000

/** A thing, and what becomes of it. */
interface Planned {
  readonly id: string
  readonly endsAt: number
  readonly endsAs: 'Success' | 'Failed' | 'Cancel' | 'gone' | 'wrong' | 'never'
}

/** How one wait has gone. */
interface Settled {
  readonly thing: Planned
  readonly startedAt: number
  readonly timeoutMs: number
  readonly abortsAt: number
  readonly settledAt: number
  readonly times: number
  readonly outcome: unknown
}

/** How often what a schedule may draw has happened. */
const drawn = {
  resolved: 0,
  failed: 0,
  timeout: 0,
  aborted: 0,
  missing: 0,
  refused: 0,
  key: 0,
  shared: 0,
  abandoned: 0,
}

it('300 random schedules settle each wait once, in time, as its item has ended, and leave nothing behind', async () => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const problems = await run(seed)
    expect({ seed, problems }).toEqual({ seed, problems: [] })
  }
  // Otherwise the schedules are not what this test is about.
  for (const [what, times] of Object.entries(drawn)) expect(times, what).toBeGreaterThan(SCHEDULES / 20)
})

async function run(seed: number): Promise<string[]> {
  const random = seededRandom(seed)
  const below = (most: number): number => Math.floor(random() * most)
  const chance = (share: number): boolean => random() < share
  const things = new Map(
    Array.from({ length: 1 + below(20) }, (_, number) => {
      const id = `a${String(number)}`
      const endsAs = pick(
        ['Success', 'Success', 'Success', 'Failed', 'Cancel', 'gone', 'wrong', 'never'] as const,
        random,
      )
      return [id, { id, endsAt: below(120_000), endsAs }]
    }),
  )
  const faults = random() * 0.5
  const slowest = pick([1, 300, 5_000, 40_000], random)
  const world = createWorld({
    random,
    graceMs: GRACE_MS,
    latencyMs: () => below(slowest),
    abortMs: below(3_000),
    answer: (request, now) => answer(request, now, things, faults, random),
  })
  const waits = Array.from({ length: 1 + below(30) }, async (): Promise<Settled> => {
    const thing = pick([...things.values()], random)
    const beginsAt = chance(0.5) ? 0 : below(60_000)
    const timeoutMs = 1 + below(200_000)
    const abortsAt = chance(0.3) ? beginsAt + below(100_000) : Infinity
    const pollIntervalMs = chance(0.5) ? undefined : 500 + below(40_000)
    const controller = new AbortController()
    if (beginsAt > 0) await world.at(beginsAt)
    const startedAt = world.time.now()
    if (abortsAt < Infinity)
      void world.at(abortsAt).then(() => {
        controller.abort()
      })
    let times = 0
    const wait = world.waitFor(thing.id, { timeoutMs, pollIntervalMs, signal: controller.signal })
    const count = (): number => (times += 1)
    void wait.then(count, count)
    const outcome = await wait.catch((error: unknown) => error)
    const settledAt = world.time.now()
    await turns()
    if (getEventListeners(controller.signal, 'abort').length > 0) throw new Error(`${thing.id} left a listener`)
    return { thing, startedAt, timeoutMs, abortsAt, settledAt, times, outcome }
  })
  const settled = await Promise.all(waits)
  drawn.shared += Number(world.requests.some(({ ids }) => ids.length > 1))
  drawn.abandoned += Number(world.requests.some(({ signal }) => signal.aborted))
  return [...settled.flatMap(problemsOf), ...(await problemsOfWorld(world, settled))]
}

/** A server with faults: what is wrong in a request, or in some of its IDs, or nothing. */
function answer(
  { ids }: ReadRequest,
  now: number,
  things: ReadonlyMap<string, Planned>,
  faults: number,
  random: () => number,
): ItemsRead<Thing> | Error {
  const asked = ids.map((id) => things.get(id)).filter((thing) => thing !== undefined)
  const ended = asked.filter(({ endsAt }) => endsAt <= now)
  if (random() < faults) {
    const isRare = random() < 0.02
    if (isRare) return apiError(401)
    const failures = [
      apiError(500),
      apiError(503, 'SlowDown'),
      new ConnectionError('reset', CALL),
      new TimeoutError('slow', CALL),
    ]
    return pick(failures, random)
  }
  if (ended.some(({ endsAs }) => endsAs === 'wrong')) return apiError(400, 'Illegal')
  const isGone = ({ id, endsAs }: Planned): boolean => endsAs === 'gone' && ended.some((one) => one.id === id)
  const answered = asked.filter(() => random() >= faults / 4)
  return {
    items: answered
      .filter((thing) => !isGone(thing))
      .map(({ id, endsAs }) => {
        const hasEnded = endsAs !== 'never' && ended.some((one) => one.id === id)
        return {
          id,
          state: hasEnded ? endsAs : pick(['Submitted', 'Running', 'Unheard'], random),
          progress: random() * 100,
        }
      }),
    missing: answered.filter(isGone).map(({ id }) => id),
  }
}

function problemsOf({ thing, startedAt, timeoutMs, abortsAt, settledAt, times, outcome }: Settled): string[] {
  const end = Math.min(startedAt + timeoutMs, abortsAt)
  const hasEnded = settledAt >= thing.endsAt
  const ending = outcome instanceof EndedError ? outcome.ending.kind : undefined
  const isKey = outcome instanceof Error && 'status' in outcome && outcome.status === 401
  const isRefusal = outcome instanceof Error && 'status' in outcome && outcome.status === 400
  const isResolved = !(outcome instanceof Error)
  drawn.resolved += Number(isResolved)
  drawn.failed += Number(ending === 'failed')
  drawn.missing += Number(ending === 'missing')
  drawn.timeout += Number(ending === 'timeout')
  drawn.aborted += Number(outcome instanceof AbortedError)
  drawn.refused += Number(isRefusal)
  drawn.key += Number(isKey)
  const isRight =
    (isResolved && hasEnded && thing.endsAs === 'Success') ||
    (ending === 'failed' && hasEnded && thing.endsAs === 'Failed') ||
    (ending === 'cancelled' && hasEnded && thing.endsAs === 'Cancel') ||
    (ending === 'missing' && hasEnded && thing.endsAs === 'gone' && settledAt >= startedAt + GRACE_MS) ||
    (ending === 'timeout' && settledAt === startedAt + timeoutMs) ||
    (outcome instanceof AbortedError && settledAt === abortsAt) ||
    (isRefusal && hasEnded && thing.endsAs === 'wrong') ||
    isKey
  return [
    ...(times === 1 ? [] : [`${thing.id} settled ${String(times)} times`]),
    ...(settledAt <= end ? [] : [`${thing.id} settled at ${String(settledAt)}, after ${String(end)}`]),
    ...(isRight
      ? []
      : [`${thing.id}, ${thing.endsAs} at ${String(thing.endsAt)}, ended at ${String(settledAt)}: ${String(outcome)}`]),
  ]
}

async function problemsOfWorld(world: World, settled: readonly Settled[]): Promise<string[]> {
  const { requests, time } = world
  const { length } = requests
  await time.sleep(3_600_000, new AbortController().signal)
  const waitedMs = settled.reduce((sum, { startedAt, settledAt }) => sum + settledAt - startedAt, 0)
  // The IDs of a request that was refused are read once more.
  const most = settled.length * 3 + waitedMs / 500
  const twice = requests.filter(({ ids }) => new Set(ids).size < ids.length || ids.length > 10 || ids.length === 0)
  return [
    ...(requests.length === length ? [] : ['it was read after all waits had ended']),
    ...(world.inProgress() === 0 && time.sleeping() === 0 ? [] : ['a read or a sleep was left']),
    ...(world.mostInProgress() <= 4 ? [] : [`${String(world.mostInProgress())} reads at a time`]),
    ...(length <= most ? [] : [`${String(length)} reads of ${String(most)}`]),
    ...twice.map(({ ids }) => `a request for ${ids.join(',')}`),
  ]
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
