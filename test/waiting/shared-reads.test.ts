import { describe, expect, it } from 'vitest'
import { CloudMediaError, CredentialsError } from '../../src/errors/errors.js'
import type { WaitSettings } from '../../src/waiting/options.js'
import { pollDelayMs } from '../../src/waiting/schedule.js'
import type { ItemsRead } from '../../src/waiting/watched.js'
import { rejection } from '../support/clients.js'
import { seededRandom } from '../support/random.js'
import { all, apiError, createWorld, EndedError, turns, unexpected, type Thing, type World } from './world.js'

const CALL = { operation: 'getThings', attempts: 1, mayHaveRun: false }

function names(count: number, prefix = 'a'): string[] {
  return Array.from({ length: count }, (_, number) => prefix + String(number))
}

function waitForAll(
  { waitFor }: World,
  ids: readonly string[],
  options?: Partial<WaitSettings<Thing>>,
): Promise<Thing[]> {
  return Promise.all(ids.map((id) => waitFor(id, options)))
}

/** The requests as pairs of their second and their number of IDs. */
function sizes({ requests }: World): [at: number, ids: number][] {
  return requests.map(({ at, ids }) => [at / 1_000, ids.length])
}

async function expectNothingLeft({ time, inProgress, requests }: World): Promise<void> {
  await turns()
  expect([time.sleeping(), inProgress()]).toEqual([0, 0])
  const { length } = requests
  await time.sleep(3_600_000, new AbortController().signal)
  expect(requests).toHaveLength(length)
}

describe('the waits of a client', () => {
  it('read together, ten IDs in a request', async () => {
    const world = createWorld({ answer: ({ ids, at }) => all(ids, at < 3_000 ? 'Running' : 'Success') })
    await waitForAll(world, names(25))
    expect(sizes(world)).toEqual(
      [0, 2, 5].flatMap((at) => [
        [at, 10],
        [at, 10],
        [at, 5],
      ]),
    )
    expect(world.requests.slice(0, 3).flatMap(({ ids }) => ids)).toEqual(names(25))
    await expectNothingLeft(world)
  })

  it('have at most four requests in progress', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Success'), latencyMs: () => 1_000 })
    await waitForAll(world, names(95))
    expect(sizes(world)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2].map((at, number) => [at, number === 9 ? 5 : 10]))
    expect(world.mostInProgress()).toBe(4)
  })

  it('for one ID request it once, and each receives the response', async () => {
    const world = createWorld({ answer: ({ ids, at }) => all(ids, at < 3_000 ? 'Running' : 'Success') })
    const polls: string[] = []
    const waits = ['first', 'second'].map((name) => world.waitFor('a', { onPoll: () => polls.push(name) }))
    const [first, second] = await Promise.all(waits)
    expect(first).toBe(second)
    expect(world.requests.map(({ ids }) => ids)).toEqual([['a'], ['a'], ['a']])
    expect(polls).toEqual(['first', 'second', 'first', 'second', 'first', 'second'])
  })

  it('that join later are part of the next round', async () => {
    const world = createWorld({ answer: ({ ids, at }) => all(ids, at < 2_000 ? 'Running' : 'Success') })
    const early = world.waitFor('early')
    await world.at(1_200)
    const late = world.waitFor('late')
    await Promise.all([early, late])
    expect(world.requests.map(({ at, ids }) => [at, ids])).toEqual([
      [0, ['early']],
      [2_000, ['early', 'late']],
    ])
  })

  it('join a read once their delay is over, before their tick', async () => {
    const world = createWorld({ answer: ({ ids, at }) => all(ids, at < 31_000 ? 'Running' : 'Success') })
    const long = world.waitFor('long', { pollIntervalMs: 30_000 })
    const longer = world.waitFor('longer', { pollIntervalMs: 31_500 })
    await world.at(30_400)
    await Promise.all([long, longer, world.waitFor('new')])
    expect(world.requests.map(({ at, ids }) => [at, ids])).toEqual([
      [0, ['long', 'longer']],
      [31_000, ['new', 'long']],
      [32_000, ['longer']],
    ])
  })

  it('receive no response to a request from before they joined', async () => {
    const world = createWorld({
      answer: ({ ids, number }) => all(ids, number === 1 ? 'Failed' : 'Success'),
      latencyMs: () => 3_000,
    })
    const early = rejection(world.waitFor('a'))
    await world.at(1_500)
    const late = world.waitFor('a')
    expect(await early).toBeInstanceOf(EndedError)
    expect(await late).toMatchObject({ state: 'Success' })
    expect(sizes(world)).toEqual([
      [0, 1],
      [3, 1],
    ])
  })

  it('are read in the order in which they are due, so that a slow server leaves none out', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Running'), latencyMs: () => 10_000 })
    const ids = names(100)
    await Promise.all(ids.map((id) => rejection(world.waitFor(id, { timeoutMs: 300_000, pollIntervalMs: 500 }))))
    const counts = ids.map((id) => world.requests.filter((request) => request.ids.includes(id)).length)
    expect(Math.min(...counts)).toBeGreaterThan(Math.max(...counts) / 2)
    expect(world.mostInProgress()).toBe(4)
    await expectNothingLeft(world)
  })

  it('share their last read', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Running') })
    const early = rejection(world.waitFor('early', { timeoutMs: 20_000 }))
    await world.at(400)
    await Promise.all([early, rejection(world.waitFor('late', { timeoutMs: 20_000 }))])
    expect(world.requests.at(-1)).toMatchObject({
      at: 19_000,
      ids: expect.arrayContaining(['early', 'late']) as unknown,
    })
  })

  it('are read at once after a time without any', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Success') })
    await world.waitFor('a')
    await world.at(10_300)
    await world.waitFor('b')
    expect(sizes(world)).toEqual([
      [0, 1],
      [10.3, 1],
    ])
  })

  it('may begin in an onPoll', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Success') })
    const begun: Promise<Thing>[] = []
    await world.waitFor('a', { onPoll: () => begun.push(world.waitFor('b')) })
    expect(await Promise.all(begun)).toEqual([{ id: 'b', state: 'Success' }])
  })
})

describe('an ID that the response lacks', () => {
  it('is read again, and affects no other', async () => {
    const world = createWorld({
      answer: ({ ids, number }) => all(number <= 2 ? ids.filter((id) => id !== 'a3') : ids, 'Success'),
    })
    await waitForAll(world, names(10))
    expect(sizes(world)).toEqual([
      [0, 10],
      [2, 1],
      [6, 1],
    ])
  })
})

describe('a 400 response to several IDs', () => {
  const illegal = apiError(400, 'Illegal')
  const refuse =
    (bad: string, state = 'Success') =>
    ({ ids }: { readonly ids: readonly string[] }): ItemsRead<Thing> | Error =>
      ids.includes(bad) ? illegal : all(ids, state)

  it('ends the wait for the one that is wrong; the others are read one by one', async () => {
    const world = createWorld({ answer: refuse('a3') })
    const waits = names(10).map((id) => world.waitFor(id))
    expect(await rejection(waits[3] ?? Promise.resolve())).toBe(illegal)
    expect(await Promise.all(waits.toSpliced(3, 1))).toHaveLength(9)
    expect(sizes(world)).toEqual([[0, 10], ...names(10).map(() => [0, 1])])
    expect(world.mostInProgress()).toBe(4)
    await expectNothingLeft(world)
  })

  it('leaves the others together in the next round', async () => {
    const world = createWorld({ answer: (request) => refuse('a3', request.at > 0 ? 'Success' : 'Running')(request) })
    const waits = names(10).map((id) => world.waitFor(id))
    await rejection(waits[3] ?? Promise.resolve())
    await Promise.all(waits.toSpliced(3, 1))
    expect(sizes(world).slice(11)).toEqual([[2, 9]])
  })

  it('holds up no other request, even if one of its IDs is not due yet', async () => {
    const world = createWorld({
      answer: ({ ids, at }) => (ids.includes('bad') && at > 0 ? illegal : all(ids, 'Running')),
    })
    const slow = rejection(world.waitFor('slow', { pollIntervalMs: 7_500, timeoutMs: 20_000 }))
    await world.at(7_600)
    const bad = rejection(world.waitFor('bad'))
    const good = rejection(world.waitFor('good', { pollIntervalMs: 1_000, timeoutMs: 10_000 }))
    expect(await bad).toBe(illegal)
    await Promise.all([slow, good])
    const readsOf = (id: string): number[] =>
      world.requests.filter(({ ids }) => ids.includes(id)).map(({ at }) => at / 1_000)
    expect(readsOf('bad')).toEqual([8, 8])
    expect(readsOf('good').slice(0, 4)).toEqual([8, 8, 9, 10])
  })
})

describe('an ID that is read alone', () => {
  it('holds up no other while its tick has not come', async () => {
    const illegal = apiError(400, 'Illegal')
    const world = createWorld({
      answer: ({ ids }) => (ids.includes('bad') ? illegal : all(ids, 'Running')),
    })
    // Ready after 30 seconds, due after 32. It rides along with the one that is wrong, and is to be read alone then.
    const slow = rejection(world.waitFor('slow', { pollIntervalMs: 30_000, timeoutMs: 40_000 }))
    await world.at(30_400)
    expect(await rejection(world.waitFor('bad'))).toBe(illegal)
    const quick = rejection(world.waitFor('quick', { pollIntervalMs: 500, timeoutMs: 3_000 }))
    await Promise.all([slow, quick])
    const readsOfQuick = world.requests.filter(({ ids }) => ids.includes('quick')).map(({ at }) => at / 1_000)
    expect(readsOfQuick.slice(0, 2)).toEqual([31, 31.5])
  })
})

describe('a broken response to several IDs', () => {
  it('has them read one by one in the next round, so that only the broken one has to wait', async () => {
    const broken = unexpected(200)
    const world = createWorld({ answer: ({ ids }) => (ids.includes('a3') ? broken : all(ids, 'Success')) })
    const waits = names(10).map((id) => world.waitFor(id, { timeoutMs: 10_000 }))
    expect(await rejection(waits[3] ?? Promise.resolve())).toMatchObject({ ending: { kind: 'timeout' }, cause: broken })
    expect(await Promise.all(waits.toSpliced(3, 1))).toHaveLength(9)
    expect(sizes(world)).toEqual([[0, 10], ...names(10).map(() => [2, 1]), [6, 1], [9, 1]])
  })

  it('does not, if it is the page of a proxy', async () => {
    const world = createWorld({
      answer: ({ ids, number }) => (number === 1 ? unexpected(502) : all(ids, 'Success')),
    })
    await waitForAll(world, names(10))
    expect(sizes(world)).toEqual([
      [0, 10],
      [2, 10],
    ])
  })
})

describe('a response that concerns all IDs', () => {
  it.each([
    ['403', apiError(403)],
    ['407 of a proxy', unexpected(407)],
    ['a page with 401', unexpected(401)],
    ['an expired token', apiError(400, 'Expired')],
    ['no credentials', new CredentialsError('none', CALL)],
  ])('is not read one by one: %s ends the waits of the request, and no others', async (_, error) => {
    const world = createWorld({ answer: ({ ids, number }) => (number === 1 ? error : all(ids, 'Success')) })
    const waits = names(15).map((id) => world.waitFor(id).catch((failure: unknown) => failure))
    const outcomes = await Promise.all(waits)
    expect(outcomes.filter((outcome) => outcome === error)).toHaveLength(10)
    expect(sizes(world)).toEqual([
      [0, 10],
      [0, 5],
    ])
    await expectNothingLeft(world)
  })

  it('a 401 ends all waits, as more of them would lock the key', async () => {
    const error = apiError(401)
    const world = createWorld({ answer: () => error, latencyMs: ({ number }) => number * 100 })
    const later = world.waitFor('later').catch((failure: unknown) => failure)
    const waits = names(94).map((id) => world.waitFor(id).catch((failure: unknown) => failure))
    expect(await Promise.all([later, ...waits])).toEqual(Array(95).fill(error))
    expect(world.requests.map(({ signal }) => signal.aborted)).toEqual([false, true, true, true])
    await expectNothingLeft(world)
  })
})

describe('throttling', () => {
  const throttled = apiError(429, 'SlowDown')

  it('pauses all reads, and for longer each time', async () => {
    const world = createWorld({
      answer: ({ ids, number }) => (number <= 3 ? throttled : all(ids, 'Running')),
      latencyMs: ({ number }) => (number === 1 ? 500 : 0),
    })
    const throttledWaits = rejection(world.waitFor('a', { timeoutMs: 60_000 }))
    await world.at(700)
    const other = rejection(world.waitFor('b', { timeoutMs: 60_000 }))
    await Promise.all([throttledWaits, other])
    // Until 2.5 after the first, for 4 and 8 seconds after the second and third.
    expect(sizes(world).slice(0, 4)).toEqual([
      [0, 1],
      [2.5, 2],
      [6.5, 2],
      [14.5, 2],
    ])
  })

  it('counts once for requests that began together', async () => {
    const world = createWorld({
      answer: ({ ids, at }) => (at === 0 ? throttled : all(ids, 'Success')),
      latencyMs: ({ number }) => number,
    })
    await waitForAll(world, names(80))
    expect(world.requests.filter(({ at }) => at === 0)).toHaveLength(4)
    expect(world.requests[4]?.at).toBe(2_001)
  })

  it('that is over is forgotten', async () => {
    const answers = [throttled, throttled, undefined, throttled]
    const world = createWorld({ answer: ({ ids, number }) => answers[number - 1] ?? all(ids, 'Running') })
    await rejection(world.waitFor('a', { timeoutMs: 30_000 }))
    expect(
      sizes(world)
        .slice(0, 5)
        .map(([at]) => at),
    ).toEqual([0, 2, 6, 8, 10])
  })

  it('delays no deadline', async () => {
    const world = createWorld({ answer: () => throttled })
    const error = await rejection(world.waitFor('a', { timeoutMs: 100_000 }))
    expect(world.time.now()).toBe(100_000)
    expect(error).toMatchObject({ ending: { kind: 'timeout' }, cause: throttled })
    await expectNothingLeft(world)
  })

  it('ends with reads of all delayed waits, even if the throttled ones are due much later', async () => {
    const world = createWorld({
      answer: ({ ids, number }) => (number === 1 ? throttled : all(ids, 'Success')),
      latencyMs: ({ number }) => (number === 1 ? 1_500 : 0),
    })
    const slow = world.waitFor('slow', { pollIntervalMs: 600_000 })
    await world.at(1_200)
    await world.waitFor('quick')
    expect(world.time.now()).toBe(3_500)
    await slow
  })
})

describe('an abort', () => {
  it('ends the request only if no wait needs it', async () => {
    const world = createWorld({ answer: ({ ids }) => all(ids, 'Success'), latencyMs: () => 5_000 })
    const [one, other] = [new AbortController(), new AbortController()]
    const waits = [one, other].map(({ signal }) => rejection(world.waitFor('a', { signal })))
    const third = rejection(world.waitFor('b', { signal: other.signal }))
    await world.at(1_000)
    one.abort()
    expect(world.requests.map(({ signal }) => signal.aborted)).toEqual([false])
    other.abort()
    expect(world.requests.map(({ signal }) => signal.aborted)).toEqual([true])
    expect(await Promise.all([...waits, third])).toHaveLength(3)
    await expectNothingLeft(world)
  })

  it('lets the ID be waited for again while the aborted request is still in progress', async () => {
    const world = createWorld({
      answer: ({ ids }) => all(ids, 'Success'),
      latencyMs: ({ number }) => (number === 1 ? 60_000 : 500),
      abortMs: 20_000,
    })
    const controller = new AbortController()
    const first = rejection(world.waitFor('a', { signal: controller.signal }))
    await world.at(3_000)
    controller.abort()
    await first
    const again = await world.waitFor('a')
    expect(again).toEqual({ id: 'a', state: 'Success' })
    expect(world.time.now()).toBe(3_500)
    expect(world.inProgress()).toBe(1)
    await world.at(30_000)
    await expectNothingLeft(world)
  })

  it('of all waits that a request was for lets one that joined since be read at once', async () => {
    const world = createWorld({
      answer: ({ ids }) => all(ids, 'Success'),
      latencyMs: ({ number }) => (number === 1 ? 60_000 : 500),
      abortMs: 20_000,
    })
    const controller = new AbortController()
    const first = rejection(world.waitFor('a', { signal: controller.signal }))
    await world.at(3_000)
    const second = world.waitFor('a')
    await world.at(4_200)
    controller.abort()
    await Promise.all([first, second])
    expect(world.time.now()).toBe(4_700)
  })
})

describe('a function among the options that throws', () => {
  it.each<[what: string, broken: 'now' | 'sleep' | 'random', at: number]>([
    ['the clock', 'now', 3],
    ['the clock, later', 'now', 9],
    ['the sleep', 'sleep', 1],
    ['the sleep, later', 'sleep', 3],
    ['the random numbers', 'random', 2],
  ])('ends all waits: %s', async (_, broken, at) => {
    const calls = { now: 0, sleep: 0, random: 0 }
    let isBroken = true
    const world = createWorld({
      answer: ({ ids }) => all(ids, isBroken ? 'Running' : 'Success'),
      secrets: ['SECRETEXAMPLE'],
      called: (name) => {
        calls[name] += 1
        if (isBroken && name === broken && calls[name] >= at) throw new Error('broken with SECRETEXAMPLE')
      },
    })
    const waits = names(3).map((id) => rejection(world.waitFor(id)))
    for (const error of await Promise.all(waits)) {
      expect(error).toBeInstanceOf(CloudMediaError)
      expect(error).toMatchObject({
        message: 'waitForThing: an unexpected failure: broken with ***',
        mayHaveRun: false,
      })
    }
    isBroken = false
    await waitForAll(world, names(3))
    await expectNothingLeft(world)
  })

  it('is not a sleep that rejects as it is aborted', async () => {
    const world = createWorld({
      answer: ({ ids, at }) => all(ids, at < 2_000 ? 'Running' : 'Success'),
      rejectsSleeps: true,
    })
    const early = world.waitFor('early')
    await world.at(500)
    // Its first look is before the one that is slept for.
    await Promise.all([early, world.waitFor('late')])
    await expectNothingLeft(world)
  })
})

describe('1,000 waits', () => {
  it.each([
    ['all at once', 0, undefined],
    ['in the course of a minute', 60_000, undefined],
    ['all at once, every 2 seconds', 0, 2_000],
    ['in the course of a minute, every 5 seconds', 60_000, 5_000],
    ['all at once, every 30 seconds', 0, 30_000],
    ['in the course of a minute, every 30 seconds', 60_000, 30_000],
  ])('%s cost at most a tenth of the reads of single polling', async (_, spreadMs, pollIntervalMs) => {
    const random = seededRandom(1)
    const things = names(1_000).map((id) => {
      const begins = random() * spreadMs
      return { id, begins, ends: begins + 20_000 + random() * 100_000 }
    })
    const ends = new Map(things.map(({ id, ends }) => [id, ends]))
    const stateAt = (id: string, now: number): string => (now >= (ends.get(id) ?? Infinity) ? 'Success' : 'Running')
    const latency = (): number => 50 + random() * 250
    const world = createWorld({
      random,
      latencyMs: latency,
      answer: ({ ids }, now) => ({ items: ids.map((id) => ({ id, state: stateAt(id, now) })), missing: [] }),
    })
    const settled: string[] = []
    await Promise.all(
      things.map(async ({ id, begins }) => {
        if (begins > 0) await world.at(begins)
        settled.push((await world.waitFor(id, { pollIntervalMs })).id)
      }),
    )
    let single = 0
    for (const { begins, ends } of things) {
      let now = begins
      for (let answers = 1; ; answers += 1) {
        now += latency()
        single += 1
        if (now >= ends) break
        now += pollIntervalMs ?? pollDelayMs(answers, random)
      }
    }
    expect(world.requests.length).toBeLessThanOrEqual(single / 10)
    expect(settled.sort()).toEqual(names(1_000).sort())
    expect(world.mostInProgress()).toBeLessThanOrEqual(4)
    await expectNothingLeft(world)
  })
})
