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

/** Tells that nobody waits any more. */
export interface Over {
  readonly signal: AbortSignal
}

/** Makes the signal when it is asked for: most waiting needs none. */
class Ending implements Over {
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  tell(): void {
    this.#controller?.abort()
  }
}

/** Waits for what `start` begins, for so long at most, and no longer than the caller does. */
export function limited<Value>(
  start: (over: Over) => Value | Promise<Value>,
  { ms, signal }: Limits,
): Limited<Value> | Promise<Limited<Value>> {
  if (signal?.aborted === true) return { ended: 'aborted' }
  const over = new Ending()
  const started = start(over)
  if (!(started instanceof Promise)) return { ended: 'done', value: started }
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const giveUp = (ended: 'timeout' | 'aborted'): void => {
      stop()
      resolve({ ended })
      over.tell()
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
