import type { UnsignedRequest } from '../signing/authentication.js'
import type { Operation } from './operation.js'
import { RetryLoop, type SendOptions, type Sent } from './retry-loop.js'
import type { Settings } from './settings.js'
import { ThrottleGate } from './throttle-gate.js'

/** Each path that a raw request makes up is an operation of its own. */
const MAX_GATES = 1_000

/** Sends the requests of one client, whose calls share what each of them learns. */
export class Sender<Credentials extends object = object> {
  readonly settings: Settings<Credentials>
  /** How far the server's clock is ahead of the local one, as far as it is known. */
  clockSkewMs = 0
  #calls = 0
  readonly #gates = new Map<string, ThrottleGate>()

  constructor(settings: Settings<Credentials>) {
    this.settings = settings
  }

  /** Sends a request until it has a result or a retry is not allowed. Rejects only on a defect of the library. */
  send(request: UnsignedRequest, operation: Operation, options: SendOptions | undefined): Promise<Sent> {
    this.#calls += 1
    return new RetryLoop(this, request, operation, options ?? {}, this.#calls).run()
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
