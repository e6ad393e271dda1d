import { sleepOnTimer } from '../sending/deadline.js'

// The signal of a Request holds the caller's signal weakly: after garbage collection it would never abort.
const held = new Set<AbortSignal>()

/** Resolves after so many milliseconds, never after Infinity. Rejects with the signal's reason when it aborts. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  held.add(signal)
  // A timer with Infinity fires at once.
  if (ms === Infinity)
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve)
    })
  else await sleepOnTimer(ms, signal)
  held.delete(signal)
  signal.throwIfAborted()
}
