// The signal of a Request holds the caller's signal weakly: after garbage collection it would never abort.
const held = new Set<AbortSignal>()

/** Resolves after so many milliseconds, never after Infinity. Rejects with the signal's reason when it aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      held.delete(signal)
      clearTimeout(timer)
      // The reason is the caller's own, whatever it is.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason)
    }
    const end = (): void => {
      held.delete(signal)
      signal.removeEventListener('abort', abort)
      resolve()
    }
    // A timer with Infinity fires at once.
    const timer = ms === Infinity ? undefined : setTimeout(end, ms)
    held.add(signal)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
