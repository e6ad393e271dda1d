/** A timer with more than 31 bits of milliseconds fires at once. */
const MAX_MS = 2 ** 31 - 1

/** Runs an action after so many milliseconds if the process still lives then. Returns a function that cancels it. */
export function startTimer(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, Math.min(ms, MAX_MS))
  // A number where timers never keep a process alive.
  if (typeof (timer as unknown) === 'object') timer.unref()
  return () => {
    clearTimeout(timer)
  }
}
