import { AbortedError, type CloudMediaError } from '../errors/errors.js'
import { onAbort } from '../sending/deadline.js'
import type { WaitSettings } from './options.js'
import { failureDelayMs, halfOfWhatIsLeftMs, pollDelayMs, type ProgressAt, type Ticks } from './schedule.js'
import { groupOf, type Ending, type Watched } from './watched.js'

/** What the waits of a client have in common. */
export interface WaitContext<Item> {
  readonly watched: Watched<Item>
  /** A number from 0 to below 1. */
  readonly random: () => number
  /** Removes the client's credentials from every text in a value. */
  readonly redact: <Value>(value: Value) => Value
  /** Called once, when the wait has ended. */
  readonly onEnd: (wait: Wait<Item>) => void
}

/** One wait: judges what is read, and decides when the next read is due. */
export class Wait<Item> {
  readonly id: string
  readonly result: Promise<Item>
  readonly deadline: number
  /** When the next read is due, on a tick; Infinity if none is before the deadline. */
  dueAt: number
  /** From when on it may ride along with a read of others. */
  readyAt: number
  readonly #settings: WaitSettings<Item>
  readonly #context: WaitContext<Item>
  readonly #ticks: Ticks
  readonly #startedAt: number
  #reads = 0
  #answers = 0
  /** Reads without an answer since the last answer. */
  #failures = 0
  /** As the last answer had it. */
  #item: Item | undefined
  #progress: ProgressAt
  /** The error of the last read. */
  #error: unknown
  #hasEnded = false
  #resolve: (item: Item) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  readonly #forgetSignal: (() => void) | undefined

  constructor(id: string, settings: WaitSettings<Item>, context: WaitContext<Item>, ticks: Ticks, now: number) {
    this.id = id
    this.#settings = settings
    this.#context = context
    this.#ticks = ticks
    this.#startedAt = now
    this.#progress = { percent: 0, at: now }
    this.deadline = now + settings.timeoutMs
    this.readyAt = now
    this.dueAt = ticks.firstLook(now, settings.pollIntervalMs, this.deadline)
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const { signal } = settings
    this.#forgetSignal =
      signal &&
      onAbort(signal, () => {
        this.fail(abortedWait(context.watched.operation, this.#reads, signal))
      })
  }

  /** A read of the item has begun. */
  countRead(): void {
    this.#reads += 1
  }

  /**
   * The read has an answer.
   *
   * @param item undefined if there is none with this ID
   */
  takeAnswer(item: Item | undefined, now: number): void {
    const { stateOf, states, graceMs } = this.#context.watched
    this.#answers += 1
    this.#failures = 0
    this.#error = undefined
    const progress = item && this.#show(item, now)
    const group = item === undefined ? 'missing' : groupOf(stateOf(item), states)
    if (item !== undefined && group === 'succeeded') {
      this.#end(() => {
        this.#resolve(item)
      })
    } else if (group === 'failed' || group === 'cancelled') this.#failAs({ kind: group }, now)
    else if (group === 'missing' && now - this.#startedAt >= graceMs) this.#failAs({ kind: group }, now)
    // An unknown state may be a new name for running.
    else this.#readAfter(this.#settings.pollIntervalMs ?? this.#growingDelayMs(progress, now), now)
  }

  /** The read has no answer; a later one may. */
  takeFailure(error: unknown, now: number): void {
    this.#failures += 1
    this.#error = error
    this.#readAfter(Math.max(this.#settings.pollIntervalMs ?? 0, failureDelayMs(this.#failures)), now)
  }

  timeOut(now: number): void {
    const state = this.#item && this.#context.watched.stateOf(this.#item)
    this.#failAs({ kind: 'timeout', timeoutMs: this.#settings.timeoutMs, state }, now)
  }

  fail(error: unknown): void {
    this.#end(() => {
      this.#reject(error)
    })
  }

  /** Keeps the item and calls `onPoll`. Returns the progress in percent, if it is known. */
  #show(item: Item, now: number): number | undefined {
    const { stateOf, progressOf } = this.#context.watched
    this.#item = item
    const percent = progressOf(item)
    const progress = percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined
    const elapsedMs = now - this.#startedAt
    this.#settings.onPoll?.({ state: stateOf(item), progress, elapsedMs, reads: this.#reads }, item)
    return progress
  }

  #growingDelayMs(percent: number | undefined, now: number): number {
    const delayMs = pollDelayMs(this.#answers, this.#context.random)
    if (percent === undefined) return delayMs
    const [before, progress] = [this.#progress, { percent, at: now }]
    this.#progress = progress
    return Math.min(delayMs, halfOfWhatIsLeftMs(before, progress))
  }

  #readAfter(delayMs: number, now: number): void {
    this.dueAt = this.#ticks.nextLook(now, delayMs, this.deadline)
    // A last look comes before the delay is over.
    this.readyAt = Math.min(now + delayMs, this.dueAt)
  }

  #failAs(ending: Ending, now: number): void {
    const { watched, redact } = this.#context
    const { operation } = watched
    const { id } = this
    const [reads, elapsedMs] = [this.#reads, now - this.#startedAt]
    this.fail(
      watched.errorOf(ending, { operation, id, item: redact(this.#item), reads, elapsedMs, cause: this.#error }),
    )
  }

  #end(settle: () => void): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#forgetSignal?.()
    settle()
    this.#context.onEnd(this)
  }
}

/** The error of a wait that the caller's signal has ended. */
export function abortedWait(operation: string, reads: number, { reason }: AbortSignal): CloudMediaError {
  const message = `${operation}: aborted by the caller`
  return new AbortedError(message, { operation, attempts: reads, mayHaveRun: false, cause: reason })
}
