import { suggestionFor } from '../http/suggestion.js'
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
  if (!(times >= 1)) throw new TypeError('fail: times must be a number from 1')
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(`fail: there is no fault ${fault.kind}; ${suggestionFor(fault.kind, Object.keys(KINDS))}`)
  }
  if (fault.kind === 'slow' && !(fault.delayMs >= 0)) throw new TypeError('fail: delayMs must be a number from 0')
  if (fault.kind === 'error' && fault.status === undefined && !Object.hasOwn(service.errorCodes, fault.code)) {
    throw new TypeError(`fail: the spec has no code ${fault.code}; name a status with it if it is meant`)
  }
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
