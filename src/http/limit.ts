/** Waits so many milliseconds, or until the signal is aborted; then it may resolve or reject. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>

/** How waiting ended: what was waited for came, the time was over, or the caller gave up. */
export type Limited<Value> =
  { readonly ended: 'done'; readonly value: Value } | { readonly ended: 'timeout' } | { readonly ended: 'aborted' }

/** How long to wait. */
export interface Limits {
  readonly ms: number
  readonly signal: AbortSignal | undefined
}

/**
 * Waits for what `start` begins, for so long at most, and no longer than the caller does. `start` gets a signal that is
 * aborted when nobody waits any more.
 */
export function limited<Value>(
  start: (over: AbortSignal) => Value | Promise<Value>,
  { ms, signal }: Limits,
): Limited<Value> | Promise<Limited<Value>> {
  if (signal?.aborted === true) return { ended: 'aborted' }
  const over = new AbortController()
  const started = start(over.signal)
  if (!(started instanceof Promise)) return { ended: 'done', value: started }
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const giveUp = (ended: 'timeout' | 'aborted'): void => {
      stop()
      resolve({ ended })
      over.abort()
    }
    const abort = (): void => {
      giveUp('aborted')
    }
    const timer = setTimeout(giveUp, ms, 'timeout')
    signal?.addEventListener('abort', abort, { once: true })
    started.then(
      (value) => {
        stop()
        resolve({ ended: 'done', value })
      },
      (error: unknown) => {
        stop()
        // Whatever start rejects with is passed on.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error)
      },
    )
  })
}

/** By a timer of the platform. */
export const sleepOnTimer: Sleep = (ms, signal) =>
  new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
