import { startTimer } from './timer.js'

/** Runs each action once, when the clock reaches its time. */
export interface Agenda {
  /** Plans the action of an ID, or moves it; Infinity is never. An action that has run does not run again. */
  readonly plan: (id: string, at: number, action: () => void) => void
  /** Runs what is due. */
  readonly runDue: () => void
  /** Cancels all actions. No other follows. */
  readonly close: () => void
}

/** The response to a submission goes first, and jobs that end together share one look. */
const MIN_DELAY_MS = 10

/**
 * Actions run on a timer, which does not keep the process alive. If the clock of a test stands still or jumps, they run
 * when somebody calls `runDue`.
 */
export function createAgenda(now: () => number): Agenda {
  const planned = new Map<string, { readonly at: number; readonly action: () => void }>()
  const done = new Set<string>()
  /** No action is due before. */
  let earliest = Infinity
  let stopTimer: (() => void) | undefined
  let isClosed = false

  function plan(id: string, at: number, action: () => void): void {
    // A request that was under way when the emulator was reset.
    if (isClosed || done.has(id)) return
    planned.delete(id)
    if (at < Infinity) planned.set(id, { at, action })
    if (at >= earliest) return
    earliest = at
    restartTimer()
  }

  function runDue(): void {
    const time = now()
    if (time >= earliest) {
      const due = [...planned].filter(([, { at }]) => at <= time).sort(([, one], [, other]) => one.at - other.at)
      for (const [id, { action }] of due) {
        planned.delete(id)
        done.add(id)
        action()
      }
      earliest = [...planned.values()].reduce((least, { at }) => Math.min(least, at), Infinity)
      restartTimer()
    } else if (stopTimer === undefined) restartTimer()
  }

  function restartTimer(): void {
    stopTimer?.()
    stopTimer = undefined
    if (earliest === Infinity || isClosed) return
    const startedAt = now()
    stopTimer = startTimer(Math.max(MIN_DELAY_MS, earliest - startedAt), () => {
      stopTimer = undefined
      runFromTimer(startedAt)
    })
  }

  function runFromTimer(startedAt: number): void {
    try {
      const time = now()
      // With a clock that stands still, a new timer would fire again and again.
      if (time >= earliest || time > startedAt) runDue()
    } catch {
      // A clock that throws must not stop the process.
    }
  }

  return {
    plan,
    runDue,
    close: () => {
      isClosed = true
      planned.clear()
      earliest = Infinity
      stopTimer?.()
    },
  }
}
