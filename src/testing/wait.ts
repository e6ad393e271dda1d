// The signal of a Request follows the caller's one weakly: once collected, it is never aborted.
const held = new Set<AbortSignal>()

/** Resolves after so many milliseconds, after Infinity never. Rejects with the signal's reason once that is aborted. */
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
    // A timer cannot wait for ever: it fires at once.
    const timer = ms === Infinity ? undefined : setTimeout(end, ms)
    held.add(signal)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
