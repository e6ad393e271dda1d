import { createHook } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'

/** A server may notice a little later that its client has gone. */
const PATIENCE_MS = 1_000
const POLL_INTERVAL_MS = 10

/** Runs some work. Returns how many timers that the work has started still keep the process alive. */
export async function timersLeftBy(work: () => Promise<unknown>): Promise<number> {
  const timers = new Map<number, NodeJS.Timeout>()
  let isAtWork = true
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      // The resource of this type is the timer.
      if (isAtWork && type === 'Timeout') timers.set(id, resource as NodeJS.Timeout)
    },
    destroy: (id) => timers.delete(id),
  }).enable()
  const countLeft = (): number => [...timers.values()].filter((timer) => timer.hasRef()).length
  try {
    await work()
    isAtWork = false
    for (let waited = 0; countLeft() > 0 && waited < PATIENCE_MS; waited += POLL_INTERVAL_MS) {
      await delay(POLL_INTERVAL_MS)
    }
    return countLeft()
  } finally {
    hook.disable()
  }
}
