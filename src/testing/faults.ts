import { isRecord } from '../type-guards.js'
import { nearestTo, suggestionFor } from '../client/suggestion.js'
import type { Service } from './exchange.js'

/** A fault. Faults that damage a real response always run the operation. */
export type Fault =
  | {
      /** An error response of the provider. */
      readonly kind: 'error'
      /** Such as `VOD.10051` or `InternalError`. A code that is not in the spec requires a status. */
      readonly code: string
      /** Default: the first status that the spec lists for the code. */
      readonly status?: number
      /** Default: the provider's own where it is known, or else the code. */
      readonly message?: string
      /** Whether the operation runs although its response is lost. Default: false. */
      readonly executes?: boolean
    }
  | {
      /** The provider's throttling error. The operation never runs. */
      readonly kind: 'throttle'
      /** Default: the documented message; that of Huawei has a limit and a window. */
      readonly message?: string
      /** Value of the Retry-After header: seconds or an HTTP date. Default: no header. */
      readonly retryAfter?: string
    }
  | {
      /** The connection is reset before the response. */
      readonly kind: 'reset'
      /** Whether the operation runs although its response is lost. Default: false. */
      readonly executes?: boolean
    }
  | {
      /** The connection is reset in the middle of the response. */
      readonly kind: 'reset-inside'
    }
  | {
      /** No response, and the connection stays open. */
      readonly kind: 'silence'
      /** Whether the operation runs although its response is lost. Default: false. */
      readonly executes?: boolean
    }
  | {
      /** The response is late. */
      readonly kind: 'slow'
      /** Milliseconds before the response. */
      readonly delayMs: number
    }
  | {
      /** A complete HTTP response with half of the body. */
      readonly kind: 'truncated'
    }
  | {
      /** An HTML page of a proxy instead of the provider's response. */
      readonly kind: 'html'
      /** Default: 502. */
      readonly status?: number
      /** Whether the operation runs although its response is lost. Default: false. */
      readonly executes?: boolean
    }

/** A fault and the calls it affects. */
export interface FaultPlan {
  /** Name of the operation, such as `createExtractAudioTask`. */
  readonly operation: string
  /** Number of calls that it affects. Default: 1. */
  readonly times?: number
  /** The fault. */
  readonly with: Fault
}

/** The faults to inject, in the order in which they were planned. */
export class Faults {
  #waiting: { operation: string; left: number; fault: Fault }[] = []

  /** @throws TypeError for a plan that can never take effect */
  add(plan: FaultPlan, services: readonly Service[]): void {
    checkPlan(plan, services)
    this.#waiting.push({ operation: plan.operation, left: plan.times ?? 1, fault: plan.with })
  }

  /** The fault of this call; undefined if it has none. */
  take(operation: string | undefined): Fault | undefined {
    const next = this.#waiting.find((plan) => plan.operation === operation)
    if (next === undefined) return undefined
    next.left -= 1
    this.#waiting = this.#waiting.filter(({ left }) => left > 0)
    return next.fault
  }
}

/** A misspelled plan would never take effect, and its test would pass for no reason. */
function checkPlan({ operation, times = 1, with: fault }: FaultPlan, services: readonly Service[]): void {
  const service = services.find(({ operations }) => operations.includes(operation))
  if (service === undefined) {
    const known = services.flatMap(({ operations }) => operations)
    throw new TypeError(`fail: ${operation} is not an operation; ${suggestionFor(operation, known)}`)
  }
  demand(
    times === Infinity || (Number.isInteger(times) && times >= 1),
    'times must be a whole number from 1, or Infinity',
  )
  demand(isRecord(fault), 'with must be an object with the kind of the fault')
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(`fail: ${fault.kind} is not a fault; ${suggestionFor(fault.kind, Object.keys(KINDS))}`)
  }
  if (fault.kind === 'slow') {
    // A timer with more than 31 bits of milliseconds fires at once.
    demand(fault.delayMs >= 0 && fault.delayMs < 2 ** 31, 'delayMs must be a number from 0 to below 2147483648')
  }
  if ('status' in fault) {
    const { status } = fault
    const isPossible = Number.isInteger(status) && status >= 200 && status <= 599 && ![204, 205, 304].includes(status)
    demand(isPossible, 'status must be from 200 to 599, and one whose response has a body')
  }
  if (fault.kind === 'throttle') {
    demand(/^[\x20-\x7e]*$/.test(fault.retryAfter ?? ''), 'retryAfter must be printable ASCII text')
  }
  if (fault.kind === 'error' && fault.status === undefined && !Object.hasOwn(service.errorCodes, fault.code)) {
    const suggestion = nearestTo(fault.code, Object.keys(service.errorCodes))
    const instead = suggestion === undefined ? '' : `did you mean ${suggestion}? Otherwise `
    throw new TypeError(`fail: ${fault.code} is not a code of the spec; ${instead}set a status`)
  }
}

function demand(condition: boolean, rule: string): void {
  if (!condition) throw new TypeError(`fail: ${rule}`)
}

const KINDS: Readonly<Record<Fault['kind'], true>> = {
  error: true,
  throttle: true,
  reset: true,
  'reset-inside': true,
  silence: true,
  slow: true,
  truncated: true,
  html: true,
}
