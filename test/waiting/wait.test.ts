import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import {
  AbortedError,
  CloudMediaError,
  ConnectionError,
  CredentialsError,
  TimeoutError,
} from '../../src/errors/errors.js'
import type { PollFacts } from '../../src/waiting/options.js'
import { rejection } from '../support/clients.js'
import {
  all,
  apiError,
  createWorld,
  EndedError,
  turns,
  unexpected,
  type Thing,
  type World,
  type WorldOptions,
} from './world.js'

const CALL = { operation: 'getThings', attempts: 1, mayHaveRun: false }
const EXPIRED = Object.assign(new Error('certificate'), { code: 'CERT_HAS_EXPIRED' })

/** What a read shows: a state, or one of these. */
const GONE = 'is in the list of missing ones'
const NOTHING = 'is not answered'
const NO_STATE = 'has no state'

/** The world in which a read shows what stands in its place, and all later ones what stands last. */
function worldOf(steps: readonly (string | Error)[], options: Omit<WorldOptions, 'answer'> = {}): World {
  return createWorld({
    ...options,
    answer: ({ ids, number }) => {
      const step = steps[Math.min(number, steps.length) - 1]
      if (step instanceof Error) return step
      if (step === GONE) return { items: [], missing: ids }
      if (step === NOTHING) return { items: [], missing: [] }
      return all(ids, step === NO_STATE ? undefined : step)
    },
  })
}

/** How a wait has ended, and with how many reads. */
async function outcomeOf({ requests, waitFor }: World, signal?: AbortSignal): Promise<[string, number]> {
  const ended = await waitFor('a', { signal }).then(
    ({ state }) => `resolves with ${String(state)}`,
    (error: unknown) => {
      if (error instanceof EndedError) {
        expect(error.failure.reads).toBe(requests.length)
        return error.ending.kind
      }
      return error instanceof CloudMediaError ? error.name : 'a foreign error'
    },
  )
  return [ended, requests.length]
}

const sequences: [steps: string[], outcome: string, reads: number][] = [
  [['Success'], 'resolves with Success', 1],
  [['Submitted', 'Running', 'Success'], 'resolves with Success', 3],
  [['Submitted', 'Running', 'Running', 'Running', 'Success'], 'resolves with Success', 5],
  [['Failed'], 'failed', 1],
  [['Submitted', 'Running', 'Failed'], 'failed', 3],
  [['Cancel'], 'cancelled', 1],
  [['Submitted', 'Cancel'], 'cancelled', 2],
  [[GONE], 'missing', 1],
  [['Running', GONE], 'missing', 2],
  [['NoThing'], 'missing', 1],
  [['Unheard', NO_STATE, 'Unheard', 'Success'], 'resolves with Success', 4],
  // 30 minutes: at 0, 2, 5, 10, 18, 30, 48, and 72 seconds, then every 32 seconds, and a last look.
  [['Running'], 'timeout', 62],
  [['Unheard'], 'timeout', 62],
  [[NO_STATE], 'timeout', 62],
]

const transient: [what: string, error: string | Error][] = [
  ['no connection', new ConnectionError('reset', CALL)],
  ['a timeout', new TimeoutError('timeout', CALL)],
  ['a 500', apiError(500, 'InternalError')],
  ['a 503 without a code', apiError(503)],
  ['an error in a 200', apiError(200, 'Unheard')],
  ['a page of a proxy', unexpected(502)],
  ['half a document', unexpected(200)],
  ['an ID that is not answered', NOTHING],
  ['a 429', apiError(429)],
  ['a throttling code under 503', apiError(503, 'SlowDown')],
  ['a page with 429', unexpected(429)],
  ['no turn while throttled', new TimeoutError('no turn', { ...CALL, cause: apiError(429, 'SlowDown') })],
]

const final: [what: string, error: Error][] = [
  ['a refusal', apiError(400, 'Illegal')],
  ['an unknown code under 400', apiError(400, 'Unheard')],
  ['a 404', apiError(404)],
  ['a 401', apiError(401)],
  ['a 403', apiError(403)],
  ['an expired token under 400', apiError(400, 'Expired')],
  ['a refusal in a 200', apiError(200, 'Illegal')],
  ['a refusal under 501', apiError(501, 'NotImplemented')],
  ['a redirect', apiError(307)],
  ['a login page', unexpected(302)],
  ['a page with 403', unexpected(403)],
  ['a page with 404', unexpected(404)],
  ['no credentials', new CredentialsError('none', CALL)],
  ['a certificate that expired', new ConnectionError('certificate', { ...CALL, cause: EXPIRED })],
  ['a defect', new CloudMediaError('defect', CALL)],
]

describe('a wait', () => {
  it.each(sequences)('that reads %j', async (steps, outcome, reads) => {
    expect(await outcomeOf(worldOf(steps))).toEqual([outcome, reads])
  })

  describe.each(sequences.filter(([, outcome]) => outcome !== 'timeout'))('that reads %j', (steps, outcome, reads) => {
    const places = Array.from(steps, (_, place) => place)

    it.each(transient)('survives %s before each of them', async (_, error) => {
      for (const place of places) {
        const world = worldOf([...steps.slice(0, place), error, error, ...steps.slice(place)])
        expect(await outcomeOf(world)).toEqual([outcome, reads + 2])
      }
    })

    it.each(final)('ends at %s before each of them', async (_, error) => {
      for (const place of places) {
        const { requests, waitFor } = worldOf([...steps.slice(0, place), error, ...steps.slice(place)])
        expect(await rejection(waitFor('a'))).toBe(error)
        expect(requests).toHaveLength(place + 1)
      }
    })

    it('ends at an abort in each of its reads, and aborts the read', async () => {
      for (const place of places) {
        const controller = new AbortController()
        const abortsAt = (number: number): boolean => number === place + 1
        const world = worldOf(steps, {
          latencyMs: ({ number }) => {
            if (abortsAt(number))
              queueMicrotask(() => {
                controller.abort('enough')
              })
            return abortsAt(number) ? 5_000 : 0
          },
        })
        const error = await rejection(world.waitFor('a', { signal: controller.signal }))
        expect(error).toBeInstanceOf(AbortedError)
        expect(error).toMatchObject({ cause: 'enough', attempts: place + 1, mayHaveRun: false })
        expect(world.requests.at(-1)?.signal.aborted).toBe(true)
        await expectNothingLeft(world, controller.signal)
      }
    })

    it('ends at an abort after each of its reads but the last, and reads no more', async () => {
      for (const place of places.slice(0, -1)) {
        const controller = new AbortController()
        const world = worldOf(steps)
        const wait = rejection(world.waitFor('a', { signal: controller.signal }))
        while (world.requests.length <= place) await world.at(world.time.now() + 1_000)
        await world.at(world.time.now() + 500)
        controller.abort()
        expect(await wait).toMatchObject({ name: 'AbortError', attempts: place + 1 })
        await expectNothingLeft(world, controller.signal)
      }
    })
  })

  it('is read, and ends, at these times', async () => {
    const { requests, time, waitFor } = worldOf(['Running'], { latencyMs: () => 200 })
    const error = await rejection(waitFor('a', { timeoutMs: 120_000 }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual([0, 3, 7, 12, 20, 32, 48, 72, 104, 119])
    expect(time.now()).toBe(120_000)
    expect(error).toMatchObject({ ending: { kind: 'timeout', timeoutMs: 120_000, state: 'Running' } })
    expect(error).toMatchObject({ failure: { reads: 10, elapsedMs: 120_000, item: { id: 'a', state: 'Running' } } })
  })

  it('has a jitter', async () => {
    const { requests, waitFor } = worldOf(['Running'], { random: () => 0.999 })
    await rejection(waitFor('a', { timeoutMs: 100_000 }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual([0, 2, 5, 9, 15, 24, 36, 56, 80, 99])
  })

  it('resolves with the item as it was read', async () => {
    const thing: Thing = { id: 'a', state: 'Success', progress: 100 }
    const { waitFor } = createWorld({ answer: () => ({ items: [thing], missing: [] }) })
    expect(await waitFor('a')).toBe(thing)
  })

  it('accepts an interval, and counts it from the response', async () => {
    const { requests, waitFor } = worldOf(['Running'], { latencyMs: () => 3_500 })
    await rejection(waitFor('a', { timeoutMs: 60_000, pollIntervalMs: 5_000 }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual([0, 9, 18, 27, 36, 45, 54, 59])
  })

  it('grows the delay of an interval while reads fail, and no longer', async () => {
    const failed = apiError(500)
    const { requests, waitFor } = worldOf(['Running', failed, failed, failed, 'Running'])
    await rejection(waitFor('a', { timeoutMs: 40_000, pollIntervalMs: 3_000 }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual([0, 3, 6, 10, 18, 21, 24, 27, 30, 33, 36, 39])
  })

  it('reports the error of the last read at its deadline, and no older one', async () => {
    const failed = apiError(500)
    const at = { timeoutMs: 4_500 }
    expect(await rejection(worldOf(['Running', failed]).waitFor('a', at))).toMatchObject({ cause: failed })
    const recovered = await rejection(worldOf([failed, 'Running']).waitFor('a', at))
    expect(recovered).toMatchObject({ ending: { kind: 'timeout' }, cause: undefined })
    expect(await rejection(worldOf([failed, 'Failed']).waitFor('a', at))).toMatchObject({ cause: undefined })
  })

  it('ends at its deadline while a read is in progress, and aborts the read', async () => {
    const world = worldOf(['Running'], { latencyMs: ({ number }) => (number === 1 ? 0 : 600_000) })
    const error = await rejection(world.waitFor('a', { timeoutMs: 10_000 }))
    expect(world.time.now()).toBe(10_000)
    expect(error).toMatchObject({ ending: { kind: 'timeout' }, failure: { reads: 2 } })
    expect(world.requests.map(({ signal }) => signal.aborted)).toEqual([false, true])
    await expectNothingLeft(world)
  })

  it('is read once even if its time is short', async () => {
    const world = worldOf(['Running'])
    const long = rejection(world.waitFor('long', { timeoutMs: 10_000 }))
    await world.at(1_300)
    const short = await rejection(world.waitFor('short', { timeoutMs: 200 }))
    expect(short).toMatchObject({ failure: { reads: 1, elapsedMs: 200 } })
    await long
  })

  it('that was aborted before is not read', async () => {
    const world = worldOf(['Success'])
    const error = await rejection(world.waitFor('a', { signal: AbortSignal.abort('before') }))
    expect(error).toMatchObject({ name: 'AbortError', cause: 'before', attempts: 0 })
    expect(world.requests).toHaveLength(0)
    await expectNothingLeft(world)
  })

  it('does not delay another wait with the same signal', async () => {
    const { signal } = new AbortController()
    const { waitFor } = worldOf(['Running', 'Success'])
    await Promise.all(Array.from({ length: 20 }, (_, n) => waitFor(String(n), { signal })))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('shows no credentials in what it has read', async () => {
    const { waitFor } = worldOf(['Failed'], { secrets: ['SECRETEXAMPLE'] })
    const error = await rejection(waitFor('the SECRETEXAMPLE'))
    expect(error).toMatchObject({ failure: { item: { id: 'the ***', state: 'Failed' } } })
  })
})

describe('a missing item', () => {
  const graceMs = 60_000

  it.each([GONE, 'NoThing'])('that %s may appear within the grace time', async (gone) => {
    const world = worldOf([gone, gone, 'Running', 'Success'], { graceMs })
    expect(await outcomeOf(world)).toEqual(['resolves with Success', 4])
  })

  it.each([GONE, 'NoThing'])('that %s does not exist after it', async (gone) => {
    const world = worldOf([gone], { graceMs })
    // At 0, 2, 5, 10, 18, 30, 48, and 72 seconds.
    expect(await outcomeOf(world)).toEqual(['missing', 8])
    expect(world.time.now()).toBeGreaterThanOrEqual(graceMs)
  })
})

describe('progress', () => {
  /** The times of the reads of an item that has this progress by then. */
  async function timesOf(progressAt: (seconds: number) => number, timeoutMs: number): Promise<number[]> {
    const { requests, waitFor } = createWorld({
      answer: ({ ids }, now) => {
        const progress = progressAt(now / 1_000)
        return {
          items: ids.map((id) => ({ id, state: progress >= 100 ? 'Success' : 'Running', progress })),
          missing: [],
        }
      },
    })
    await waitFor('a', { timeoutMs }).catch(() => undefined)
    return requests.map(({ at }) => at / 1_000)
  }

  it('shortens the delay to half of what it leaves', async () => {
    expect(await timesOf((seconds) => seconds, 200_000)).toEqual([0, 2, 5, 10, 18, 30, 48, 72, 88, 94, 97, 99, 100])
  })

  it('does not shorten it while it stands still', async () => {
    expect(await timesOf((seconds) => Math.min(seconds * 10, 99), 120_000)).toEqual([
      0, 2, 5, 8, 9, 10, 11, 40, 72, 104, 119,
    ])
  })

  it.each([NaN, -1, 101, Infinity])('of %s has no effect', async (progress) => {
    const without = [0, 2, 5, 10, 18, 30, 48, 59]
    const polls: PollFacts[] = []
    const { requests, waitFor } = createWorld({
      answer: ({ ids }) => ({ items: ids.map((id) => ({ id, state: 'Running', progress })), missing: [] }),
    })
    await rejection(waitFor('a', { timeoutMs: 60_000, onPoll: (facts) => polls.push(facts) }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual(without)
    expect(polls[0]).toEqual({ state: 'Running', progress: undefined, elapsedMs: 0, reads: 1 })
  })

  it('does not change a fixed interval', async () => {
    const { requests, waitFor } = createWorld({
      answer: ({ ids }, now) => ({ items: ids.map((id) => ({ id, progress: now / 100 })), missing: [] }),
    })
    await rejection(waitFor('a', { timeoutMs: 9_000, pollIntervalMs: 3_000 }))
    expect(requests.map(({ at }) => at / 1_000)).toEqual([0, 3, 6, 8])
  })
})

describe('onPoll', () => {
  it('is called for every response, also the last one', async () => {
    const polls: [PollFacts, Thing][] = []
    const { waitFor } = worldOf(['Submitted', apiError(500), GONE, NO_STATE, 'Success'], { graceMs: 60_000 })
    await waitFor('a', { onPoll: (...poll) => polls.push(poll) })
    expect(polls).toEqual([
      [
        { state: 'Submitted', progress: undefined, elapsedMs: 0, reads: 1 },
        { id: 'a', state: 'Submitted' },
      ],
      [{ state: undefined, progress: undefined, elapsedMs: 7_000, reads: 4 }, { id: 'a' }],
      [
        { state: 'Success', progress: undefined, elapsedMs: 12_000, reads: 5 },
        { id: 'a', state: 'Success' },
      ],
    ])
  })

  it('may abort the wait, whatever the response', async () => {
    const controller = new AbortController()
    const world = worldOf(['Success'])
    const onPoll = (): void => {
      controller.abort()
    }
    expect(await rejection(world.waitFor('a', { signal: controller.signal, onPoll }))).toBeInstanceOf(AbortedError)
    await expectNothingLeft(world, controller.signal)
  })
})

describe('a wait never polls without a delay', () => {
  it.each([['Unheard'], [NOTHING], [NO_STATE], [GONE]])('with a server that responds at once: %s', async (step) => {
    const { requests, waitFor } = worldOf([step], { graceMs: Infinity })
    await rejection(waitFor('a', { timeoutMs: 600_000 }))
    expect(requests.length).toBeLessThan(30)
  })

  it.each(transient)('with a server that always has %s', async (_, error) => {
    const { requests, waitFor } = worldOf([error])
    await rejection(waitFor('a', { timeoutMs: 600_000 }))
    expect(requests.length).toBeLessThan(30)
  })

  it('with progress that creeps', async () => {
    const { requests, waitFor } = createWorld({
      answer: ({ ids }, now) => ({ items: ids.map((id) => ({ id, progress: 100 - 100 / (1 + now) })), missing: [] }),
    })
    await rejection(waitFor('a', { timeoutMs: 600_000 }))
    expect(requests.length).toBeLessThan(60)
  })

  it('with an interval of half a second, the shortest', async () => {
    const { requests, waitFor } = worldOf(['Running'])
    await rejection(waitFor('a', { timeoutMs: 10_000, pollIntervalMs: 500 }))
    expect(requests).toHaveLength(19)
  })

  it('with a clock that stands still and a sleep that takes no time', async () => {
    const { requests, waitFor } = worldOf(['Running'], { isFrozen: true })
    await rejection(waitFor('a', { timeoutMs: 600_000 }))
    expect(requests.length).toBeLessThan(30)
  })
})

/** No sleep, no read, and no listener. */
async function expectNothingLeft(world: World, signal?: AbortSignal): Promise<void> {
  await turns()
  expect([world.time.sleeping(), world.inProgress()]).toEqual([0, 0])
  if (signal !== undefined) expect(getEventListeners(signal, 'abort')).toHaveLength(0)
}
