import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CloudMediaError } from '../../src/errors/errors.js'
import type { Settings } from '../../src/sending/settings.js'
import { ThrottleGate, type Admission } from '../../src/sending/throttle-gate.js'

/** A clock that goes only when it is told to. */
class VirtualClock implements Pick<Settings, 'monotonicNow' | 'sleep'> {
  readonly #sleepers = new Set<{ readonly due: number; readonly end: () => void }>()
  readonly #rejects: boolean
  #time = 1_000_000

  /** @param rejects whether a sleep that is aborted rejects */
  constructor(rejects = true) {
    this.#rejects = rejects
  }

  readonly monotonicNow = (): number => this.#time

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const sleeper = { due: this.#time + ms, end: resolve }
      this.#sleepers.add(sleeper)
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper)
        if (this.#rejects) reject(new Error('woken'))
        else resolve()
      })
    })

  get sleepers(): number {
    return this.#sleepers.size
  }

  async advance(ms: number): Promise<void> {
    const end = this.#time + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#time = Math.max(this.#time, next.due)
      this.#sleepers.delete(next)
      next.end()
      await setImmediate()
    }
    this.#time = end
  }

  #next(end: number): { readonly due: number; readonly end: () => void } | undefined {
    return [...this.#sleepers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
  }
}

const { signal: never } = new AbortController()

const THROTTLING = new CloudMediaError('SlowDown', { operation: 'test', attempts: 1, mayHaveRun: false })

/** Waits without a deadline; rejects where the gate gives no admission. */
async function admit(gate: ThrottleGate, order: number, signal: AbortSignal): Promise<Admission> {
  const admission = await gate.admit(order, Infinity, signal)
  if (admission === undefined) throw signal.reason
  return admission
}

/** The calls that were admitted, in that order, with their passes. */
function admissions(gate: ThrottleGate): {
  readonly passes: Map<number, Admission>
  readonly enter: (order: number, signal?: AbortSignal) => Promise<void>
} {
  const passes = new Map<number, Admission>()
  return {
    passes,
    enter: async (order, signal = never) => {
      passes.set(order, await admit(gate, order, signal))
    },
  }
}

/** A gate that a throttled attempt has closed for a second. */
async function closedGate(): Promise<{ readonly gate: ThrottleGate; readonly clock: VirtualClock }> {
  const clock = new VirtualClock()
  const gate = new ThrottleGate(clock)
  const pass = await admit(gate, 0, never)
  pass.throttled(1_000, THROTTLING)
  return { gate, clock }
}

describe('an open gate', () => {
  it('admits every call at once', () => {
    const gate = new ThrottleGate(new VirtualClock())
    for (const admission of [gate.admitIfOpen(), gate.admitIfOpen()]) expect(admission).toBeDefined()
  })

  it('stays open when attempts finish', async () => {
    const gate = new ThrottleGate(new VirtualClock())
    const pass = await admit(gate, 1, never)
    pass.finished()
    expect(gate.admitIfOpen()).toBeDefined()
  })
})

describe('a closed gate', () => {
  it('lets one call try when the time is over, and all others pass in order when that is done', async () => {
    const { gate, clock } = await closedGate()
    const { passes, enter } = admissions(gate)
    const entered = [3, 1, 2].map((order) => enter(order))
    await clock.advance(999)
    expect([...passes.keys()]).toEqual([])
    await clock.advance(1)
    expect([...passes.keys()]).toEqual([1])
    await clock.advance(60_000)
    expect([...passes.keys()]).toEqual([1])
    passes.get(1)?.finished()
    await Promise.all(entered)
    expect([...passes.keys()]).toEqual([1, 2, 3])
    expect(gate.admitIfOpen()).toBeDefined()
  })

  it('closes again if the one that tries is throttled, which then goes first', async () => {
    const { gate, clock } = await closedGate()
    const { passes, enter } = admissions(gate)
    void enter(1)
    void enter(2)
    await clock.advance(1_000)
    passes.get(1)?.throttled(5_000, THROTTLING)
    passes.clear()
    void enter(1)
    await clock.advance(4_999)
    expect([...passes.keys()]).toEqual([])
    await clock.advance(1)
    expect([...passes.keys()]).toEqual([1])
  })

  it('keeps the order of arrival among equals', async () => {
    const { gate, clock } = await closedGate()
    const admitted: string[] = []
    for (const name of ['first', 'second']) {
      void Promise.resolve(admit(gate, 1, never)).then((pass) => {
        admitted.push(name)
        pass.finished()
      })
    }
    await clock.advance(1_000)
    expect(admitted).toEqual(['first', 'second'])
  })

  it('stays closed until the last of several windows is over', async () => {
    const clock = new VirtualClock()
    const gate = new ThrottleGate(clock)
    const inside = [await admit(gate, 1, never), await admit(gate, 2, never), await admit(gate, 3, never)]
    const { passes, enter } = admissions(gate)
    inside[0]?.throttled(1_000, THROTTLING)
    void enter(4)
    inside[1]?.throttled(3_000, THROTTLING)
    inside[2]?.throttled(2_000, THROTTLING)
    await clock.advance(2_999)
    expect(passes.size).toBe(0)
    await clock.advance(1)
    expect(passes.size).toBe(1)
  })

  it('is not opened by an attempt from before it closed', async () => {
    const clock = new VirtualClock()
    const gate = new ThrottleGate(clock)
    const before = await admit(gate, 1, never)
    const throttled = await admit(gate, 2, never)
    throttled.throttled(1_000, THROTTLING)
    const { passes, enter } = admissions(gate)
    void enter(3)
    void enter(4)
    before.finished()
    await clock.advance(999)
    expect(passes.size).toBe(0)
    await clock.advance(1)
    expect(passes.size).toBe(1)
  })

  it('is not opened by a probe if an earlier attempt is throttled meanwhile', async () => {
    const clock = new VirtualClock()
    const gate = new ThrottleGate(clock)
    const before = await admit(gate, 1, never)
    const throttled = await admit(gate, 2, never)
    throttled.throttled(1_000, THROTTLING)
    const { passes, enter } = admissions(gate)
    void enter(3)
    void enter(4)
    await clock.advance(1_000)
    before.throttled(1_000, THROTTLING)
    await clock.advance(5_000)
    expect([...passes.keys()]).toEqual([3])
    before.throttled(1_000, THROTTLING)
    passes.get(3)?.finished()
    await clock.advance(999)
    expect([...passes.keys()]).toEqual([3])
    await clock.advance(1)
    expect([...passes.keys()]).toEqual([3, 4])
  })

  it('admits a call at once if the delay is over already', async () => {
    const { gate, clock } = await closedGate()
    await clock.advance(1_000)
    const { passes, enter } = admissions(gate)
    void enter(1)
    void enter(2)
    await setImmediate()
    expect([...passes.keys()]).toEqual([1])
  })
})

describe('a deadline', () => {
  it('before the next probe ends the waiting at once, and keeps no sleep', async () => {
    const { gate, clock } = await closedGate()
    const soon = clock.monotonicNow() + 1_000
    expect(await gate.admit(1, soon, never)).toBeUndefined()
    expect(clock.sleepers).toBe(0)
    const later = gate.admit(2, soon + 1, never)
    await clock.advance(1_000)
    expect(await later).toBeDefined()
  })

  it('before the probe after the next one ends the waiting as soon as that is known', async () => {
    const { gate, clock } = await closedGate()
    const { passes, enter } = admissions(gate)
    void enter(1)
    const ended = [3_000, 3_001].map((ms, index) => gate.admit(index + 2, clock.monotonicNow() + ms, never))
    await clock.advance(1_000)
    passes.get(1)?.throttled(2_000, THROTTLING)
    expect(await ended[0]).toBeUndefined()
    expect(clock.sleepers).toBe(1)
    await clock.advance(2_000)
    expect(await ended[1]).toBeDefined()
  })

  it('of the last waiting call, before the end of a later window, leaves a gate that lets the next call probe', async () => {
    const clock = new VirtualClock()
    const gate = new ThrottleGate(clock)
    const inside = [gate.admitIfOpen(), gate.admitIfOpen()]
    inside[0]?.throttled(1_000, THROTTLING)
    const waiting = gate.admit(1, clock.monotonicNow() + 2_000, never)
    inside[1]?.throttled(5_000, THROTTLING)
    expect(await waiting).toBeUndefined()
    expect(clock.sleepers).toBe(0)
    const next = gate.admit(2, Infinity, never)
    await clock.advance(5_000)
    expect(await next).toBeDefined()
  })
})

describe('a window of any length', () => {
  it.each([60_001, 86_400_000, Infinity])('of %d ms ends after a minute', async (ms) => {
    const clock = new VirtualClock()
    const gate = new ThrottleGate(clock)
    gate.admitIfOpen()?.throttled(ms, THROTTLING)
    const { passes, enter } = admissions(gate)
    void enter(1)
    await clock.advance(59_999)
    expect(passes.size).toBe(0)
    await clock.advance(1)
    expect(passes.size).toBe(1)
  })
})

describe('a probe without a response', () => {
  it('leaves the gate closed, and the next call probes after the delay', async () => {
    const { gate, clock } = await closedGate()
    const { passes, enter } = admissions(gate)
    for (const order of [1, 2, 3]) void enter(order)
    await clock.advance(1_000)
    passes.get(1)?.unanswered(250)
    await clock.advance(249)
    expect([...passes.keys()]).toEqual([1])
    await clock.advance(1)
    expect([...passes.keys()]).toEqual([1, 2])
    passes.get(2)?.finished()
    await setImmediate()
    expect([...passes.keys()]).toEqual([1, 2, 3])
  })

  it('closes no gate that is open', async () => {
    const gate = new ThrottleGate(new VirtualClock())
    const admission = await admit(gate, 1, never)
    admission.unanswered(60_000)
    expect(gate.admitIfOpen()).toBeDefined()
  })
})

describe('time', () => {
  it('is slept through once, and only while a call waits', async () => {
    const { gate, clock } = await closedGate()
    expect(clock.sleepers).toBe(0)
    const controllers = [new AbortController(), new AbortController()]
    const waiting = controllers.map(({ signal }, order) =>
      expect(admit(gate, order, signal)).rejects.toThrow('aborted'),
    )
    expect(clock.sleepers).toBe(1)
    controllers[0]?.abort()
    expect(clock.sleepers).toBe(1)
    controllers[1]?.abort()
    expect(clock.sleepers).toBe(0)
    await Promise.all(waiting)
    const { passes, enter } = admissions(gate)
    void enter(3)
    expect(clock.sleepers).toBe(1)
    await clock.advance(1_000)
    expect(passes.size).toBe(1)
  })

  it('may be skipped: a sleep that returns at once ends the window', async () => {
    const slept: number[] = []
    const sleep = (ms: number): Promise<void> => {
      slept.push(ms)
      return Promise.resolve()
    }
    const gate = new ThrottleGate({ monotonicNow: () => 0, sleep })
    const first = await admit(gate, 1, never)
    first.throttled(60_000, THROTTLING)
    const second = await admit(gate, 1, never)
    second.throttled(70_000, THROTTLING)
    const third = await admit(gate, 1, never)
    third.finished()
    expect(gate.admitIfOpen()).toBeDefined()
    expect(slept).toEqual([60_000, 60_000])
  })
})

describe('the signal', () => {
  it('ends the waiting, and does not affect other calls', async () => {
    const { gate, clock } = await closedGate()
    const { passes, enter } = admissions(gate)
    const controller = new AbortController()
    const reason = new Error('user left')
    const left = expect(enter(1, controller.signal)).rejects.toBe(reason)
    void enter(2)
    controller.abort(reason)
    await left
    await clock.advance(1_000)
    expect([...passes.keys()]).toEqual([2])
  })

  it('ends the waiting at once if it is aborted already', async () => {
    const { gate, clock } = await closedGate()
    const reason = new Error('user left')
    await expect(admit(gate, 1, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(clock.sleepers).toBe(0)
  })

  it('keeps no listener, however the waiting ends', async () => {
    const { gate, clock } = await closedGate()
    const { enter } = admissions(gate)
    const controllers = [new AbortController(), new AbortController()]
    const settled = Promise.allSettled(controllers.map(({ signal }, order) => enter(order, signal)))
    const listeners = (): number[] => controllers.map(({ signal }) => getEventListeners(signal, 'abort').length)
    expect(listeners()).toEqual([1, 1])
    controllers[1]?.abort()
    await clock.advance(1_000)
    expect(listeners()).toEqual([0, 0])
    await settled
  })
})

/** What may happen next; `which` picks one of those that it may happen to. */
const event = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'call' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('done' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('throttled' as const),
      which: fc.nat(),
      ms: fc.nat(5_000),
      again: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.nat(4_000) }) },
)

/** Calls that go through one gate, and what must hold of them after every step. */
class Traffic {
  readonly #clock: VirtualClock
  readonly #gate: ThrottleGate
  readonly #waiting = new Map<number, AbortController>()
  readonly #inside = new Map<number, Admission>()
  #admitted: { readonly order: number; readonly pass: Admission }[] = []
  #calls = 0
  #closedUntil: number | undefined
  #probe: { readonly order: number; readonly closedUntil: number } | undefined

  constructor(rejects: boolean) {
    this.#clock = new VirtualClock(rejects)
    this.#gate = new ThrottleGate(this.#clock)
  }

  async step(next: typeof event extends fc.Arbitrary<infer Event> ? Event : never): Promise<void> {
    switch (next.kind) {
      case 'call':
        this.#enter(this.#calls++)
        break
      case 'done':
        this.#end(pick(this.#inside, next.which))
        break
      case 'throttled': {
        const order = pick(this.#inside, next.which)
        this.#end(order, next.ms)
        if (next.again && order !== undefined) this.#enter(order)
        break
      }
      case 'abort': {
        const order = pick(this.#waiting, next.which)
        if (order !== undefined) this.#waiting.get(order)?.abort(order)
        break
      }
      case 'time':
        await this.#clock.advance(next.ms)
    }
    await setImmediate()
    this.#check()
  }

  /** Ends everything; returns how many calls have not been settled by that. */
  async drain(): Promise<number> {
    for (let count = this.#waiting.size + this.#inside.size; count > 0; count--) {
      await this.step({ kind: 'time', ms: 5_000 })
      await this.step({ kind: 'done', which: 0 })
    }
    return this.#waiting.size + this.#inside.size
  }

  #enter(order: number): void {
    const controller = new AbortController()
    this.#waiting.set(order, controller)
    void admit(this.#gate, order, controller.signal).then(
      (pass) => this.#admitted.push({ order, pass }),
      (reason: unknown) => {
        expect(reason).toBe(order)
        this.#leave(order)
      },
    )
  }

  #leave(order: number): void {
    const signal = this.#waiting.get(order)?.signal
    expect(signal === undefined ? undefined : getEventListeners(signal, 'abort')).toEqual([])
    this.#waiting.delete(order)
  }

  #end(order: number | undefined, throttledMs?: number): void {
    if (order === undefined) return
    const pass = this.#inside.get(order)
    this.#inside.delete(order)
    const probe = this.#probe?.order === order ? this.#probe : undefined
    if (probe !== undefined) this.#probe = undefined
    if (throttledMs !== undefined) {
      this.#closedUntil = Math.max(this.#closedUntil ?? 0, this.#clock.monotonicNow() + throttledMs)
      pass?.throttled(throttledMs, THROTTLING)
    } else {
      if (probe?.closedUntil === this.#closedUntil) this.#closedUntil = undefined
      pass?.finished()
    }
  }

  #check(): void {
    for (const { order, pass } of this.#admitted.splice(0)) {
      this.#leave(order)
      this.#inside.set(order, pass)
      for (const other of this.#waiting.keys()) expect(other).toBeGreaterThan(order)
      if (this.#closedUntil === undefined) continue
      expect(this.#probe).toBeUndefined()
      expect(this.#clock.monotonicNow()).toBeGreaterThanOrEqual(this.#closedUntil)
      this.#probe = { order, closedUntil: this.#closedUntil }
    }
    const mayGo =
      this.#closedUntil === undefined || (this.#probe === undefined && this.#clock.monotonicNow() >= this.#closedUntil)
    if (mayGo) expect(this.#waiting.size).toBe(0)
    expect(this.#clock.sleepers).toBe(!mayGo && this.#probe === undefined && this.#waiting.size > 0 ? 1 : 0)
  }
}

function pick(calls: ReadonlyMap<number, unknown>, which: number): number | undefined {
  return [...calls.keys()][which % calls.size]
}

it('any mix of calls, throttles and aborts settles every call, in order, one alone after each window', async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(event, { maxLength: 60 }), async (rejects, events) => {
      const traffic = new Traffic(rejects)
      for (const next of events) await traffic.step(next)
      expect(await traffic.drain()).toBe(0)
    }),
    { numRuns: 500, seed: 20260101 },
  )
})
