import { setImmediate } from 'node:timers/promises'

/** A clock for tests, and the sleep that goes by it. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves when the clock is so far, or when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** How many milliseconds each sleep was asked for, in order. */
  readonly sleeps: readonly number[]
  /** How many sleep now. */
  readonly sleeping: () => number
  /** Sets the clock forward, and wakes those whose time has come. */
  readonly advance: (ms: number) => void
}

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/** Promises that follow one another, and a response with its body, take a few turns. */
const IDLE_TURNS = 4

/**
 * A clock that stands still while anything is done, and goes on to the next sleeper when nothing is.
 *
 * @param isManual goes on only by `advance`
 */
export function createVirtualTime(start: number, { isManual = false } = {}): VirtualTime {
  const sleepers = new Set<Sleeper>()
  const sleeps: number[] = []
  let time = start
  let isWatching = false

  return { now: () => time, sleep, sleeps, sleeping: () => sleepers.size, advance }

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    sleeps.push(ms)
    return new Promise((resolve) => {
      const wake = (): void => {
        sleepers.delete(sleeper)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper = { due: time + ms, wake }
      sleepers.add(sleeper)
      if (signal.aborted) wake()
      else signal.addEventListener('abort', wake)
      if (!isManual) void goOnWhenIdle()
    })
  }

  function advance(ms: number): void {
    time += ms
    for (const { due, wake } of byDue()) if (due <= time) wake()
  }

  async function goOnWhenIdle(): Promise<void> {
    if (isWatching) return
    isWatching = true
    while (sleepers.size > 0) {
      for (let turn = 0; turn < IDLE_TURNS; turn++) await setImmediate()
      const [next] = byDue()
      if (next !== undefined) advance(Math.max(0, next.due - time))
    }
    isWatching = false
  }

  function byDue(): Sleeper[] {
    return [...sleepers].sort((one, other) => one.due - other.due)
  }
}
