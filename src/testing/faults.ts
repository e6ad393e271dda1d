import { isPlainObject, isText } from '../type-guards.js'
import { demand, demandNames, demandTimes } from './checks.js'
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

/**
 * A misspelled plan would never take effect, and its test would pass for no reason.
 *
 * @throws TypeError
 */
export function checkFaultPlan(plan: FaultPlan, services: readonly Service[]): void {
  demand(isPlainObject(plan), 'fail: the plan must be an object with operation and with')
  demandNames('fail', plan, ['operation', 'times', 'with'])
  const { operation, times = 1, with: fault } = plan
  demand(isText(operation), 'fail: operation must be the name of an operation')
  const service = services.find(({ operations }) => operations.includes(operation))
  if (service === undefined) {
    const known = services.flatMap(({ operations }) => operations)
    throw new TypeError(`fail: ${operation} is not an operation; ${suggestionFor(operation, known)}`)
  }
  demandTimes('fail', times)
  demand(isPlainObject(fault) && isText(fault.kind), 'fail: with must be an object with the kind of the fault')
  checkFault(fault, service)
}

function checkFault(fault: Fault, { errorCodes }: Service): void {
  if (!Object.hasOwn(FIELDS, fault.kind)) {
    throw new TypeError(`fail: ${fault.kind} is not a fault; ${suggestionFor(fault.kind, Object.keys(FIELDS))}`)
  }
  const { required = [], optional = [] } = FIELDS[fault.kind]
  demandNames('fail', fault, ['kind', ...required, ...optional])
  const values = new Map<string, unknown>(Object.entries(fault))
  for (const name of [...required, ...optional.filter((field) => values.has(field))]) {
    demand(RULES[name].holds(values.get(name)), `fail: ${name} must be ${RULES[name].rule}`)
  }
  if (fault.kind === 'error' && fault.status === undefined && !Object.hasOwn(errorCodes, fault.code)) {
    const suggestion = nearestTo(fault.code, Object.keys(errorCodes))
    const instead = suggestion === undefined ? '' : `did you mean ${suggestion}? Otherwise `
    throw new TypeError(`fail: ${fault.code} is not a code of the spec; ${instead}set a status`)
  }
}

type Field = keyof typeof RULES

/** The fields of each fault. */
const FIELDS: Readonly<Record<Fault['kind'], { required?: readonly Field[]; optional?: readonly Field[] }>> = {
  error: { required: ['code'], optional: ['status', 'message', 'executes'] },
  throttle: { optional: ['message', 'retryAfter'] },
  reset: { optional: ['executes'] },
  'reset-inside': {},
  silence: { optional: ['executes'] },
  slow: { required: ['delayMs'] },
  truncated: {},
  html: { optional: ['status', 'executes'] },
}

const RULES = {
  code: { rule: 'text', holds: isText },
  message: { rule: 'text', holds: (value: unknown) => typeof value === 'string' },
  executes: { rule: 'true or false', holds: (value: unknown) => typeof value === 'boolean' },
  status: {
    rule: 'from 200 to 599, and one whose response has a body',
    holds: (value: unknown) => isNumber(value, 200, 600) && Number.isInteger(value) && ![204, 205, 304].includes(value),
  },
  // A timer with more than 31 bits of milliseconds fires at once.
  delayMs: { rule: 'a number from 0 to below 2147483648', holds: (value: unknown) => isNumber(value, 0, 2 ** 31) },
  retryAfter: {
    rule: 'printable ASCII text',
    holds: (value: unknown) => typeof value === 'string' && /^[\x20-\x7e]*$/.test(value),
  },
} as const

function isNumber(value: unknown, from: number, below: number): value is number {
  return typeof value === 'number' && value >= from && value < below
}
