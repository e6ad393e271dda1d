import type { CloudMediaError } from '../errors/errors.js'
import type { Settings } from './settings.js'

type Clock = Pick<Settings, 'monotonicNow' | 'sleep'>

/** Admission for one attempt. The attempt reports its end by exactly one of the methods. */
export interface Admission {
  /** The provider throttled the attempt: no other call is admitted for so many milliseconds, at most a minute. */
  readonly throttled: (ms: number, error: CloudMediaError) => void
  /** The provider answered without throttling. */
  readonly finished: () => void
  /** There was no answer, which proves nothing: after a probe, the next call probes in so many milliseconds. */
  readonly unanswered: (ms: number) => void
}

interface WaitingCall {
  readonly order: number
  /** On the gate's clock. */
  readonly deadline: number
  readonly admit: (admission: Admission) => void
  /** Ends the wait without an admission. */
  readonly leave: () => void
}

/** The longest time without a probe, whatever a response says. */
export const LONGEST_CLOSURE_MS = 60_000

/**
 * Holds back the calls of one operation while the provider throttles it. The gate is open at first. A throttled attempt
 * closes it; after the delay one waiting call probes alone, and the provider's answer opens or closes the gate for all.
 */
export class ThrottleGate {
  /** The last throttling error. */
  lastError: CloudMediaError | undefined
  readonly #clock: Clock
  readonly #free: Admission
  readonly #waiting: WaitingCall[] = []
  /** The time of the next probe; undefined while the gate is open. */
  #closedUntil: number | undefined
  #isProbing = false
  /** Ends the sleep before the next probe. */
  #sleep: AbortController | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#free = {
      throttled: (ms, error) => {
        this.#close(ms, error)
      },
      finished: () => undefined,
      unanswered: () => undefined,
    }
  }

  /** Admits at once; undefined while the gate is closed. */
  admitIfOpen(): Admission | undefined {
    return this.#closedUntil === undefined ? this.#free : undefined
  }

  /**
   * Admits at once while the gate is open, otherwise when it is this call's turn. Resolves with undefined as soon as its
   * turn cannot come before its deadline.
   *
   * @param order calls with a lower number go first
   * @param signal ends the wait, also with undefined. An admission that was given before must be finished
   */
  admit(order: number, deadline: number, signal: AbortSignal): Promise<Admission | undefined> {
    if (this.#closedUntil === undefined) return Promise.resolve(this.#free)
    return new Promise((resolve) => {
      const admit = (admission: Admission | undefined): void => {
        signal.removeEventListener('abort', leave)
        resolve(admission)
      }
      const leave = (): void => {
        this.#remove(waiting)
        admit(undefined)
      }
      const waiting = { order, deadline, admit, leave }
      this.#waiting.splice(this.#waiting.findLastIndex((other) => other.order <= order) + 1, 0, waiting)
      if (signal.aborted) {
        leave()
      } else {
        signal.addEventListener('abort', leave)
        this.#advance()
      }
    })
  }

  #close(ms: number, error = this.lastError): void {
    const until = this.#clock.monotonicNow() + Math.min(ms, LONGEST_CLOSURE_MS)
    this.#closedUntil = Math.max(this.#closedUntil ?? -Infinity, until)
    this.lastError = error
    this.#advance()
  }

  #open(): void {
    this.#closedUntil = undefined
    for (const { admit } of this.#waiting.splice(0)) admit(this.#free)
  }

  /** Starts the next probe or the sleep before it, unless one is in progress or no call waits. */
  #advance(): void {
    const closedUntil = this.#closedUntil
    if (closedUntil === undefined) return
    for (const { leave } of this.#waiting.filter(({ deadline }) => deadline <= closedUntil)) leave()
    if (this.#isProbing || this.#sleep !== undefined || this.#waiting.length === 0) return
    if (this.#clock.monotonicNow() >= closedUntil) this.#probe(closedUntil)
    else void this.#sleepUntil(closedUntil)
  }

  async #sleepUntil(time: number): Promise<void> {
    const own = new AbortController()
    this.#sleep = own
    try {
      await this.#clock.sleep(time - this.#clock.monotonicNow(), own.signal)
    } catch {
      // The sleep was aborted, and another one may be in progress.
    }
    if (this.#sleep !== own) return
    this.#sleep = undefined
    // Without asking the clock: a sleep that returns at once, as tests inject it, would loop for ever.
    if (this.#closedUntil === time) this.#probe(time)
    else this.#advance()
  }

  #remove(call: WaitingCall): void {
    this.#waiting.splice(this.#waiting.indexOf(call), 1)
    if (this.#waiting.length > 0) return
    this.#sleep?.abort()
    this.#sleep = undefined
  }

  #probe(closedUntil: number): void {
    this.#isProbing = true
    const closeAgain = (ms: number, error?: CloudMediaError): void => {
      this.#isProbing = false
      this.#close(ms, error)
    }
    this.#waiting.shift()?.admit({
      throttled: closeAgain,
      unanswered: closeAgain,
      finished: () => {
        this.#isProbing = false
        // An attempt from before may have been throttled during the probe.
        if (this.#closedUntil === closedUntil) this.#open()
        else this.#advance()
      },
    })
  }
}
