import { setImmediate } from 'node:timers/promises'
import { AbortedError, ApiError, CloudMediaError, UnexpectedResponseError } from '../../src/errors/errors.js'
import type { WaitFailure } from '../../src/errors/wait-errors.js'
import type { WaitSettings } from '../../src/waiting/options.js'
import { SharedReads } from '../../src/waiting/shared-reads.js'
import type { Ending, ItemsRead, Watched } from '../../src/waiting/watched.js'
import { createVirtualTime, type VirtualTime } from '../support/virtual-time.js'

/** What is waited for in these tests. */
export interface Thing {
  readonly id: string
  readonly state?: string
  readonly progress?: number
}

const STATES = {
  running: ['Submitted', 'Running'],
  succeeded: ['Success'],
  failed: ['Failed'],
  cancelled: ['Cancel'],
  missing: ['NoThing'],
} as const

/** The error of a wait that ended without success. */
export class EndedError extends CloudMediaError {
  readonly ending: Ending
  readonly failure: WaitFailure<Thing>

  constructor(ending: Ending, failure: WaitFailure<Thing>) {
    const { operation, reads } = failure
    super(ending.kind, { operation, attempts: reads, mayHaveRun: false, cause: failure.cause })
    this.ending = ending
    this.failure = failure
  }
}

/** One request of the reader. */
export interface ReadRequest {
  readonly number: number
  readonly ids: readonly string[]
  readonly at: number
  readonly signal: AbortSignal
}

export interface WorldOptions {
  /** What a request returns when its time has come; an error rejects it. */
  readonly answer: (request: ReadRequest, now: number) => ItemsRead<Thing> | Error
  /** Milliseconds until then. Default: 0. */
  readonly latencyMs?: (request: ReadRequest) => number
  /** Milliseconds from the abort of a request until it rejects. Default: 0. */
  readonly abortMs?: number
  readonly graceMs?: number
  readonly random?: () => number
  readonly secrets?: readonly string[]
  /** Whether the clock of the waits stands still, and their sleeps take no time. */
  readonly isFrozen?: boolean
  /** Whether a sleep rejects when it is aborted. */
  readonly rejectsSleeps?: boolean
  /** Called by each of these, which then throws what this throws. */
  readonly called?: (name: 'now' | 'sleep' | 'random') => void
}

export interface World {
  readonly reads: SharedReads<Thing>
  readonly time: VirtualTime
  readonly requests: readonly ReadRequest[]
  /** How many requests are in progress. */
  readonly inProgress: () => number
  readonly mostInProgress: () => number
  readonly waitFor: (id: string, options?: Partial<WaitSettings<Thing>>) => Promise<Thing>
  /** Resolves at this time. */
  readonly at: (time: number) => Promise<void>
}

function never(): AbortSignal {
  return new AbortController().signal
}

/** A client that reads things, in virtual time. */
export function createWorld({
  answer,
  latencyMs = () => 0,
  abortMs = 0,
  graceMs = 0,
  random = () => 0,
  secrets = [],
  isFrozen = false,
  rejectsSleeps = false,
  called = () => undefined,
}: WorldOptions): World {
  const time = createVirtualTime(0)
  const requests: ReadRequest[] = []
  let [inProgress, mostInProgress] = [0, 0]
  const watched: Watched<Thing> = {
    operation: 'waitForThing',
    read: async (ids, signal) => {
      const request = { number: requests.length + 1, ids, at: time.now(), signal }
      requests.push(request)
      inProgress += 1
      mostInProgress = Math.max(mostInProgress, inProgress)
      await time.sleep(latencyMs(request), signal)
      if (signal.aborted) await time.sleep(abortMs, never())
      inProgress -= 1
      if (signal.aborted) throw new AbortedError('aborted', { operation: 'getThings', attempts: 1, mayHaveRun: true })
      const answered = answer(request, time.now())
      if (answered instanceof Error) throw answered
      return answered
    },
    idOf: ({ id }) => id,
    stateOf: ({ state }) => state,
    progressOf: ({ progress }) => progress,
    states: STATES,
    graceMs,
    errorOf: (ending, failure) => new EndedError(ending, failure),
  }
  const reads = new SharedReads(watched, {
    monotonicNow: () => {
      called('now')
      return isFrozen ? 0 : time.now()
    },
    sleep: async (ms, signal) => {
      called('sleep')
      if (isFrozen) return
      await time.sleep(ms, signal)
      if (rejectsSleeps) signal.throwIfAborted()
    },
    random: () => {
      called('random')
      return random()
    },
    provider: { errorCodes: ERROR_CODES },
    credentials: { secrets },
  })
  return {
    reads,
    time,
    requests,
    inProgress: () => inProgress,
    mostInProgress: () => mostInProgress,
    waitFor: (id, options) =>
      reads.waitFor(id, {
        timeoutMs: 30 * 60_000,
        pollIntervalMs: undefined,
        signal: undefined,
        onPoll: undefined,
        ...options,
      }),
    at: (at) => time.sleep(at - time.now(), never()),
  }
}

/** All promises that are settled by now have called back. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await setImmediate()
}

const ERROR_CODES = {
  SlowDown: { status: [429, 503], refusal: true, cure: 'throttled' },
  Illegal: { status: [400], refusal: true },
  Expired: { status: [400], refusal: true, cure: 'token' },
  NotImplemented: { status: [501], refusal: true },
} as const

export function apiError(status: number, code?: string): ApiError {
  const details = { status, code, providerMessage: '', summary: '', requestId: undefined, traceId: undefined, ids: [] }
  return new ApiError(details, { operation: 'getThings', attempts: 1, mayHaveRun: false })
}

/** The answer that has every ID in this state. */
export function all(ids: readonly string[], state?: string): ItemsRead<Thing> {
  return { items: ids.map((id) => ({ id, ...(state !== undefined && { state }) })), missing: [] }
}

export function unexpected(status: number): UnexpectedResponseError {
  const details = { status, requestId: undefined, excerpt: '', ids: [] }
  return new UnexpectedResponseError('a page', details, { operation: 'getThings', attempts: 1, mayHaveRun: true })
}
