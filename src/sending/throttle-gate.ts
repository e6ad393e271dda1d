import type { Over } from './deadline.js'

/** The time that a gate lives by. */
export interface Clock {
  /** Milliseconds since any point in time. */
  readonly now: () => number
  /** Settles after so many milliseconds, or when the signal is aborted; whether it resolves then makes no difference. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
}

/** Leave for one attempt. One of the two is called when the attempt has ended, however it ended. */
export interface Pass {
  /** The attempt was refused for now: nobody else is to try for so many milliseconds. */
  readonly throttled: (ms: number) => void
  /** The attempt ended in any other way. */
  readonly done: () => void
}

/** What the calls of one operation go through, so that they wait while it is throttled instead of being refused too. */
export interface Gate {
  /**
   * A pass: at once while the operation is not throttled, else when it is this call's turn. A pass that was given has to
   * be ended even if the signal was aborted since.
   *
   * @param order the number of the call: lower ones go first
   * @param over its signal ends the waiting; the promise rejects with its reason
   */
  readonly enter: (order: number, over: Over) => Pass | Promise<Pass>
}

interface Waiting {
  readonly order: number
  readonly admit: (pass: Pass) => void
}

/** An open gate. After a throttled attempt it is closed; then one call tries alone, and what it finds is for all. */
export function createGate({ now, sleep }: Clock): Gate {
  const line: Waiting[] = []
  const free: Pass = { throttled: close, done: () => undefined }
  /** When the operation may be tried again; undefined while the gate is open. */
  let closedUntil: number | undefined
  /** Whether a call is inside to try if the operation is still throttled. */
  let probing = false
  /** Ends the sleep that is under way. */
  let sleeping: AbortController | undefined

  return { enter: (order, over) => (closedUntil === undefined ? free : wait(order, over.signal)) }

  function wait(order: number, signal: AbortSignal): Promise<Pass> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        line.splice(line.indexOf(waiting), 1)
        if (line.length === 0) wake()
        // The reason is the caller's own, whatever it is.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(signal.reason)
      }
      const admit = (pass: Pass): void => {
        signal.removeEventListener('abort', leave)
        resolve(pass)
      }
      const waiting = { order, admit }
      line.splice(line.findLastIndex((other) => other.order <= order) + 1, 0, waiting)
      if (signal.aborted) {
        leave()
      } else {
        signal.addEventListener('abort', leave, { once: true })
        advance()
      }
    })
  }

  function close(ms: number): void {
    closedUntil = Math.max(closedUntil ?? -Infinity, now() + ms)
    advance()
  }

  function open(): void {
    closedUntil = undefined
    for (const { admit } of line.splice(0)) admit(free)
  }

  /** Goes on towards the next probe, unless one is inside or nobody waits. */
  function advance(): void {
    if (closedUntil === undefined || probing || sleeping !== undefined || line.length === 0) return
    if (now() >= closedUntil) admitProbe(closedUntil)
    else void sleepUntil(closedUntil)
  }

  async function sleepUntil(time: number): Promise<void> {
    const own = new AbortController()
    sleeping = own
    try {
      await sleep(time - now(), own.signal)
    } catch {
      // It was woken, and another one may be under way already.
    }
    if (sleeping !== own) return
    sleeping = undefined
    // The clock is not asked again: with a sleep that returns at once, as tests inject it, that would never end.
    if (closedUntil === time) admitProbe(time)
    else advance()
  }

  function wake(): void {
    sleeping?.abort()
    sleeping = undefined
  }

  function admitProbe(closedBefore: number): void {
    probing = true
    line.shift()?.admit({
      throttled: (ms) => {
        probing = false
        close(ms)
      },
      done: () => {
        probing = false
        // Unless a call from before the throttling was refused meanwhile.
        if (closedUntil === closedBefore) open()
        else advance()
      },
    })
  }
}
