import { isRecord } from '../type-guards.js'
import { nearestTo, suggestionFor } from '../client/suggestion.js'
import type { Service } from './exchange.js'

/**
 * What goes wrong. `executes` tells whether the operation runs although its answer is lost; by default it does not. The
 * faults that spoil a real answer always run it.
 */
export type Fault =
  /** An error of the provider. */
  | {
      readonly kind: 'error'
      /** Such as `VOD.10051` or `InternalError`; a code the spec does not know needs a status. */
      readonly code: string
      /** Default: the first that the spec lists for the code. */
      readonly status?: number
      /** Default: what the spec says the code means. */
      readonly message?: string
      readonly executes?: boolean
    }
  /** The provider's way of saying that there were too many requests. It never runs. */
  | {
      readonly kind: 'throttle'
      /** Default: the documented one; for Huawei it names a limit and a window. */
      readonly message?: string
      /** Value of a Retry-After header: seconds, or an HTTP date. Default: no such header. */
      readonly retryAfter?: string
    }
  /** The connection is reset before any answer. */
  | { readonly kind: 'reset'; readonly executes?: boolean }
  /** The connection is reset in the middle of the answer. */
  | { readonly kind: 'reset-inside' }
  /** No answer, and the connection stays open. */
  | { readonly kind: 'silence'; readonly executes?: boolean }
  /** The answer comes, but late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** A whole HTTP answer that holds half of the document. */
  | { readonly kind: 'truncated' }
  /** A page of a proxy instead of an answer of the provider. */
  | {
      readonly kind: 'html'
      /** Default 502. */
      readonly status?: number
      readonly executes?: boolean
    }

/** A fault and the calls it befalls. */
export interface FaultPlan {
  /** Name of the operation, such as `createExtractAudioTask`. */
  readonly operation: string
  /** How many of its next calls. Default 1. */
  readonly times?: number
  readonly with: Fault
}

/** The faults to come, in the order they were asked for. */
export interface Faults {
  /** @throws TypeError for a plan that could never come true */
  readonly add: (plan: FaultPlan, services: readonly Service[]) => void
  /** The fault that befalls this call; undefined if none does. */
  readonly take: (operation: string | undefined) => Fault | undefined
  readonly clear: () => void
}

export function createFaults(): Faults {
  let waiting: { operation: string; left: number; fault: Fault }[] = []
  return {
    add: (plan, services) => {
      checkPlan(plan, services)
      waiting.push({ operation: plan.operation, left: plan.times ?? 1, fault: plan.with })
    },
    take: (operation) => {
      const next = waiting.find((plan) => plan.operation === operation)
      if (next === undefined) return undefined
      next.left -= 1
      waiting = waiting.filter(({ left }) => left > 0)
      return next.fault
    },
    clear: () => {
      waiting = []
    },
  }
}

/** A misspelt plan would never come true, and the test it is for would pass for no reason. */
function checkPlan({ operation, times = 1, with: fault }: FaultPlan, services: readonly Service[]): void {
  const service = services.find(({ operations }) => operations.includes(operation))
  if (service === undefined) {
    const known = services.flatMap(({ operations }) => operations)
    throw new TypeError(`fail: there is no operation ${operation}; ${suggestionFor(operation, known)}`)
  }
  demand(
    times === Infinity || (Number.isInteger(times) && times >= 1),
    'times must be a whole number from 1, or Infinity',
  )
  demand(isRecord(fault), 'with must be an object that says what goes wrong')
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(`fail: there is no fault ${fault.kind}; ${suggestionFor(fault.kind, Object.keys(KINDS))}`)
  }
  if (fault.kind === 'slow') {
    // A timer fires at once for more than 31 bits of milliseconds.
    demand(fault.delayMs >= 0 && fault.delayMs < 2 ** 31, 'delayMs must be a number from 0 and below 2147483648')
  }
  if ('status' in fault) checkStatus(fault.status)
  if (fault.kind === 'throttle') {
    demand(/^[\x20-\x7e]*$/.test(fault.retryAfter ?? ''), 'retryAfter must be printable ASCII text')
  }
  if (fault.kind === 'error' && fault.status === undefined && !Object.hasOwn(service.errorCodes, fault.code)) {
    const suggestion = nearestTo(fault.code, Object.keys(service.errorCodes))
    const instead = suggestion === undefined ? '' : `did you mean ${suggestion}? Else `
    throw new TypeError(`fail: the spec has no code ${fault.code}; ${instead}name a status with it`)
  }
}

/** What a Response with a body can have. */
function checkStatus(status: number): void {
  const isPossible = Number.isInteger(status) && status >= 200 && status <= 599 && ![204, 205, 304].includes(status)
  demand(isPossible, 'status must be one from 200 to 599 whose answer has a body')
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
