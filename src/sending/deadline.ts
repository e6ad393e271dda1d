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
      forget?.()
    }
    const end = (ended: 'timeout' | 'aborted'): void => {
      stop()
      resolve({ ended })
    }
    const abort = (): void => {
      end('aborted')
    }
    const timer = setTimeout(end, ms, 'timeout')
    const forget = signal && onAbort(signal, abort)
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
  })
}

const callbacksOf = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls back when the signal aborts. Returns a function that takes the callback away. */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksOf.get(signal) ?? new Set()
  // One listener for all calls with a signal: from the eleventh on, Node warns of a leak.
  if (callbacks.size === 0) signal.addEventListener('abort', callAll)
  callbacksOf.set(signal, callbacks.add(callback))
  return () => {
    callbacks.delete(callback)
    if (callbacks.size === 0) signal.removeEventListener('abort', callAll)
  }
}

function callAll(this: AbortSignal): void {
  for (const callback of callbacksOf.get(this) ?? []) callback()
}

/** Sleeps by a timer of the platform. */
export const sleepOnTimer: Sleep = (ms, signal) => waitAtMost(ms, signal, new Promise(() => undefined))
