import type { Operation } from './operation.js'
import type { Settings } from './settings.js'
import { ThrottleGate } from './throttle-gate.js'

/** Each path that a raw request makes up is an operation of its own. */
const MAX_GATES = 1_000

/** No server's clock is before this, and a local one that is has not been set. */
const EARLIEST = /* @__PURE__ */ Date.UTC(2020, 0, 1)
const LATEST = /* @__PURE__ */ Date.UTC(2060, 0, 1)
const YEAR_MS = 366 * 86_400_000

/** What the calls of one client share, and what each of them learns for the others. */
export class ClientState<Credentials extends object = object> {
  readonly settings: Settings<Credentials>
  /** How far the server's clock is ahead of the local one: by the last request that was not refused for its clock. */
  clockSkewMs = 0
  /** A clock skew that the next call tries, as the one that measured it had no attempt left. */
  untriedSkewMs: number | undefined
  #calls = 0
  readonly #gates = new Map<string, ThrottleGate>()

  constructor(settings: Settings<Credentials>) {
    this.settings = settings
  }

  /** The number of a new call: the throttle gate admits older calls first. */
  nextOrder(): number {
    this.#calls += 1
    return this.#calls
  }

  /** Nobody may obtain signatures for a far future: at most a year ahead, unless the local clock has not been set. */
  isPlausibleSkew(skewMs: number): boolean {
    const now = this.settings.now()
    const known = now + this.clockSkewMs
    const latest = known < EARLIEST ? LATEST : known + YEAR_MS
    return now + skewMs >= EARLIEST && now + skewMs <= latest
  }

  gateOf({ name }: Operation): ThrottleGate {
    let gate = this.#gates.get(name)
    if (gate === undefined) {
      if (this.#gates.size >= MAX_GATES) this.#dropOpenGates()
      gate = new ThrottleGate(this.settings)
      this.#gates.set(name, gate)
    }
    return gate
  }

  #dropOpenGates(): void {
    for (const [name, gate] of this.#gates) if (gate.admitIfOpen() !== undefined) this.#gates.delete(name)
  }
}
