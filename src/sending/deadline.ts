/** Waits so many milliseconds or until the signal aborts; then it may resolve or reject. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>

/** How a wait ended: with its value, at its time limit, or by the caller's signal. */
export type Waited<Value> =
  { readonly ended: 'done'; readonly value: Value } | { readonly ended: 'timeout' } | { readonly ended: 'aborted' }

/** Waits for the promise, at most so many milliseconds and until the signal aborts. Rejects only as the promise does. */
export function waitAtMost<Value>(
  ms: number,
  signal: AbortSignal | undefined,
  promise: Promise<Value>,
): Promise<Waited<Value>> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const end = (ended: 'timeout' | 'aborted'): void => {
      stop()
      resolve({ ended })
    }
    const abort = (): void => {
      end('aborted')
    }
    const timer = setTimeout(end, ms, 'timeout')
    promise.then(
      (value) => {
        stop()
        resolve({ ended: 'done', value })
      },
      (error: unknown) => {
        stop()
        // The promise's own reason, whatever it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(error)
      },
    )
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}

/** Sleeps by a timer of the platform. */
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
