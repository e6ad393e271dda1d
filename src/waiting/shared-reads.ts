import { CloudMediaError } from '../errors/errors.js'
import { createRedactor } from '../errors/redact.js'
import { plainError } from '../sending/failure.js'
import type { Provider } from '../sending/provider.js'
import type { Settings } from '../sending/settings.js'
import { plainFailure } from '../transport/failure-reason.js'
import { isRecord } from '../type-guards.js'
import type { WaitSettings } from './options.js'
import { readFailureOf } from './read-failure.js'
import { pauseMs, Ticks } from './schedule.js'
import { abortedWait, Wait, type WaitContext } from './wait.js'
import type { ItemsRead, Watched } from './watched.js'

/** Both providers read at most ten items by their IDs in one request. */
const MAX_IDS = 10
const MAX_READS = 4

/** The settings of the client that its waits go by. */
interface SharedSettings extends Pick<Settings, 'monotonicNow' | 'sleep' | 'random'> {
  readonly provider: Pick<Provider, 'errorCodes'>
  readonly credentials: Pick<Settings['credentials'], 'secrets'>
}

/** The waits for one ID. */
interface Entry<Item> {
  readonly id: string
  readonly waits: Set<Wait<Item>>
  /** The read that is in progress, if any. */
  read: Read<Item> | undefined
  /** Whether it is read alone, as a read of several failed. */
  isAlone: boolean
}

/** A read in progress. */
interface Read<Item> {
  readonly entries: readonly Entry<Item>[]
  /** The waits that it is for. Those that join later wait for the next read. */
  readonly waits: Set<Wait<Item>>
  readonly controller: AbortController
}

interface Alarm {
  readonly at: number
  readonly controller: AbortController
}

/**
 * The waits of one client, which read together: on common ticks, ten IDs in a request, four requests at a time. Each
 * answer goes to the waits of its ID. While the provider throttles, nothing is read.
 */
export class SharedReads<Item> {
  /** Name of the method that waits, such as `waitForJob`. */
  readonly operation: string
  readonly #watched: Watched<Item>
  readonly #settings: SharedSettings
  readonly #context: WaitContext<Item>
  readonly #entries = new Map<string, Entry<Item>>()
  /** What was to be read at the last tick: first what was due, then what may ride along. */
  #queue: Entry<Item>[] = []
  #ticks = new Ticks(0)
  #readsInProgress = 0
  #pausedUntil = -Infinity
  /** Pauses since the last answer. */
  #pauses = 0
  /** The sleep until the next read or deadline. */
  #alarm: Alarm | undefined
  /** The latest time until which a sleep lasted. */
  #sleptUntil = -Infinity

  constructor(watched: Watched<Item>, settings: SharedSettings) {
    this.operation = watched.operation
    this.#watched = watched
    this.#settings = settings
    this.#context = {
      watched,
      random: settings.random,
      redact: (value) => redacted(value, this.#redactor()),
      onEnd: (wait) => {
        this.#remove(wait)
      },
    }
  }

  /**
   * Reads the item until it has succeeded. Ends at its deadline, at an abort, at a final state without success, and at an
   * error that a later read cannot overcome.
   */
  waitFor(id: string, settings: WaitSettings<Item>): Promise<Item> {
    const { signal } = settings
    if (signal?.aborted === true) return Promise.reject(abortedWait(this.operation, 0, signal))
    try {
      return this.#add(id, settings).result
    } catch (failure) {
      return Promise.reject(this.#defect(failure))
    }
  }

  #add(id: string, settings: WaitSettings<Item>): Wait<Item> {
    const now = this.#now()
    if (this.#entries.size === 0) this.#ticks = new Ticks(now)
    const wait = new Wait(id, settings, this.#context, this.#ticks, now)
    const entry = this.#entries.get(id) ?? { id, waits: new Set(), read: undefined, isAlone: false }
    this.#entries.set(id, entry)
    entry.waits.add(wait)
    this.#wakeBy(Math.min(wait.dueAt, wait.deadline))
    return wait
  }

  /** A replaced sleep may return although the clock stands still: without its time, this would loop for ever. */
  #now(): number {
    return Math.max(this.#settings.monotonicNow(), this.#sleptUntil)
  }

  #remove(wait: Wait<Item>): void {
    const entry = this.#entries.get(wait.id)
    if (entry === undefined) return
    entry.waits.delete(wait)
    if (entry.waits.size === 0) this.#entries.delete(entry.id)
    entry.read?.waits.delete(wait)
    if (entry.read?.waits.size === 0) this.#abandon(entry.read)
    if (this.#entries.size > 0) return
    this.#queue = []
    this.#cancelAlarm()
  }

  /** Aborts a read that no wait needs. The waits that have joined since are read at once. */
  #abandon(read: Read<Item>): void {
    detach(read)
    read.controller.abort()
    this.#wakeBy(-Infinity)
  }

  /** Goes on at this time, or before. */
  #wakeBy(at: number): void {
    if (at === Infinity) return
    if (this.#alarm !== undefined && this.#alarm.at <= at) return
    this.#alarm?.controller.abort()
    this.#alarm = { at, controller: new AbortController() }
    void this.#goOnAt(this.#alarm)
  }

  async #goOnAt(alarm: Alarm): Promise<void> {
    await this.#guarded(async () => {
      const ms = alarm.at - this.#now()
      // Even without a sleep, the waits that begin in the same turn are read together.
      await (ms > 0 ? this.#sleep(ms, alarm) : undefined)
      if (this.#alarm !== alarm) return
      this.#alarm = undefined
      this.#sleptUntil = Math.max(alarm.at, this.#sleptUntil)
      this.#goOn()
    })
  }

  async #sleep(ms: number, alarm: Alarm): Promise<void> {
    try {
      await this.#settings.sleep(ms, alarm.controller.signal)
    } catch (error) {
      // A sleep that is aborted may reject.
      if (this.#alarm === alarm) throw error
    }
  }

  /** Ends the waits whose deadline has passed, begins the reads that are due, and sleeps until the next of both. */
  #goOn(): void {
    const now = this.#now()
    for (const wait of this.#waits()) if (wait.deadline <= now) wait.timeOut(now)
    this.#queue = this.#queueAt(now)
    this.#beginReads(now)
    this.#wakeBy(this.#nextTime(now))
  }

  #waits(): Wait<Item>[] {
    return [...this.#entries.values()].flatMap(({ waits }) => [...waits])
  }

  #queueAt(now: number): Entry<Item>[] {
    const byDueTime = [...this.#entries.values()]
      .filter((entry) => entry.read === undefined && earliest(entry, entry.isAlone ? 'dueAt' : 'readyAt') <= now)
      .map((entry) => ({ entry, dueAt: earliest(entry, 'dueAt') }))
      .sort((one, other) => one.dueAt - other.dueAt)
      .map(({ entry }) => entry)
    return [...byDueTime.filter(({ isAlone }) => isAlone), ...byDueTime.filter(({ isAlone }) => !isAlone)]
  }

  #beginReads(now: number): void {
    while (this.#readsInProgress < MAX_READS && now >= this.#pausedUntil) {
      const batch = this.#nextBatch(now)
      if (batch.length === 0) return
      void this.#read(batch)
    }
  }

  /** The next ten of the queue, or one that is read alone; none if nothing is due. */
  #nextBatch(now: number): Entry<Item>[] {
    const batch: Entry<Item>[] = []
    for (let entry = this.#queue[0]; entry !== undefined && batch.length < MAX_IDS; entry = this.#queue[0]) {
      const isCurrent = this.#entries.get(entry.id) === entry && entry.read === undefined
      if (isCurrent) {
        const isOver = batch.length === 0 ? earliest(entry, 'dueAt') > now : entry.isAlone
        if (isOver) break
        batch.push(entry)
      }
      this.#queue.shift()
      if (isCurrent && entry.isAlone) break
    }
    return batch
  }

  /** The time of the next read or deadline after now. What is due by then begins when a read in progress ends. */
  #nextTime(now: number): number {
    let next = Infinity
    for (const entry of this.#entries.values()) {
      const readAt = entry.read === undefined ? Math.max(earliest(entry, 'dueAt'), this.#pausedUntil) : Infinity
      for (const time of [readAt, earliest(entry, 'deadline')]) if (time > now && time < next) next = time
    }
    return next
  }

  async #read(entries: readonly Entry<Item>[]): Promise<void> {
    const waits = new Set(entries.flatMap((entry) => [...entry.waits]))
    const read: Read<Item> = { entries, waits, controller: new AbortController() }
    for (const entry of entries) entry.read = read
    for (const wait of waits) wait.countRead()
    this.#readsInProgress += 1
    let take: () => void
    try {
      const ids = entries.map(({ id }) => id)
      const answer = await this.#watched.read(ids, read.controller.signal)
      take = () => {
        this.#takeAnswer(answer, read)
      }
    } catch (error) {
      take = () => {
        this.#takeFailure(error, read)
      }
    }
    this.#readsInProgress -= 1
    detach(read)
    await this.#guarded(() => {
      take()
      this.#beginReads(this.#now())
      for (const entry of entries) this.#wakeBy(Math.max(earliest(entry, 'dueAt'), this.#pausedUntil))
    })
  }

  #takeAnswer({ items, missing }: ItemsRead<Item>, { entries, waits }: Read<Item>): void {
    const now = this.#now()
    const found = new Map(items.map((item) => [this.#watched.idOf(item), item]))
    this.#pauses = 0
    for (const entry of entries) entry.isAlone = false
    for (const wait of [...waits]) {
      const item = found.get(wait.id)
      if (item !== undefined || missing.includes(wait.id)) wait.takeAnswer(item, now)
      else wait.takeFailure(undefined, now)
    }
  }

  #takeFailure(error: unknown, { entries, waits }: Read<Item>): void {
    const now = this.#now()
    // Nobody waits for it: its error may be that of the abort.
    if (waits.size === 0) return
    const failure = readFailureOf(error, this.#settings.provider.errorCodes)
    const mayConcernOne = (failure === 'request' || failure === 'response') && entries.length > 1
    if (mayConcernOne) for (const entry of entries) entry.isAlone = true
    if (failure === 'throttled') this.#pause(now)
    if (failure === 'throttled' || failure === 'transient' || failure === 'response') {
      for (const wait of waits) wait.takeFailure(error, now)
    } else if (!mayConcernOne) {
      // The key is the same for all, and more attempts would lock it.
      for (const wait of failure === 'key' ? this.#waits() : [...waits]) wait.fail(error)
    }
    // After a wrong request, what was due still is, and is read now.
  }

  #pause(now: number): void {
    // Reads that began together are throttled together.
    if (now < this.#pausedUntil) return
    this.#pauses += 1
    this.#pausedUntil = now + pauseMs(this.#pauses, this.#settings.random)
    this.#wakeBy(this.#pausedUntil)
  }

  /** What throws must not leave a wait without an end. */
  async #guarded(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (failure) {
      this.#cancelAlarm()
      const error = this.#defect(failure)
      for (const wait of this.#waits()) wait.fail(error)
    }
  }

  /** The error for a function among the options that throws, or a defect of the library. */
  #defect(failure: unknown): CloudMediaError {
    const cause = plainError(plainFailure(failure), this.#redactor())
    const message = `${this.operation}: an unexpected failure: ${cause.message}`
    return new CloudMediaError(message, { operation: this.operation, attempts: 0, mayHaveRun: false, cause })
  }

  #redactor(): (text: string) => string {
    return createRedactor(this.#settings.credentials.secrets)
  }

  #cancelAlarm(): void {
    this.#alarm?.controller.abort()
    this.#alarm = undefined
  }
}

/** Frees the IDs of a read for another one. */
function detach<Item>(read: Read<Item>): void {
  for (const entry of read.entries) if (entry.read === read) entry.read = undefined
}

/** Infinity without waits. */
function earliest<Item>({ waits }: Entry<Item>, time: 'readyAt' | 'dueAt' | 'deadline'): number {
  let first = Infinity
  for (const wait of waits) first = Math.min(first, wait[time])
  return first
}

/** A copy of plain data without the secrets in its texts. */
function redacted<Value>(value: Value, redact: (text: string) => string): Value {
  // A copy of plain data has the type of the data.
  return copyOf(value, redact) as Value
}

function copyOf(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => copyOf(item, redact))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOf(one, redact)]))
}
