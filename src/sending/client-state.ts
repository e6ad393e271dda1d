import type { Operation } from './operation.js'
import type { Settings } from './settings.js'
import { ThrottleGate } from './throttle-gate.js'

/** Each path that a raw request makes up is an operation of its own. */
const MAX_GATES = 1_000

/** What the calls of one client share, and what each of them learns for the others. */
export class ClientState<Credentials extends object = object> {
  readonly settings: Settings<Credentials>
  /** How far the server's clock is ahead of the local one, as far as it is known. */
  clockSkewMs = 0
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
