import { certificateCodes } from '#platform'
import { isRecord, isText } from '../type-guards.js'
import type { WireFailure } from './transport.js'

/** A foreign failure as plain data: it may hold the request, change later, or have getters that throw. */
export interface PlainFailure {
  /** The first code of the failure and its causes, such as `ECONNRESET`. */
  readonly code: string | undefined
  /** Whether the failure itself has a code. */
  readonly hasOwnCode: boolean
  readonly message: string
  /** Whether it states that name lookup, connecting, or the certificate failed: no byte was sent. */
  readonly isUnconnected: boolean
  /** Whether a retry cannot help: the certificate would be the same, or the request that cannot be sent. */
  readonly isPermanent: boolean
}

export function plainFailure(failure: unknown): PlainFailure {
  try {
    const codes = Array.from(causesOf(failure), ({ code }) => code)
    const message = isRecord(failure) ? failure['message'] : failure
    return {
      code: codes.find(isText),
      hasOwnCode: isText(codes[0]),
      message: isText(message) ? message : 'unknown failure',
      isUnconnected: isUnconnected(failure),
      isPermanent: codes.some((code) => certificateCodes.has(code)),
    }
  } catch {
    return plainFailure(undefined)
  }
}

/** The outcome of a request that the platform refuses to send, as its URL, a header, or the agent is wrong. */
export function refusedHere(failure: unknown): WireFailure {
  return { failure: { ...plainFailure(failure), isPermanent: true }, isUnsent: true }
}

/** The failure, its causes, and the members of an AggregateError (one per address). */
function causesOf(failure: unknown, causes = new Set<Record<string, unknown>>()): Set<Record<string, unknown>> {
  if (!isRecord(failure) || causes.has(failure)) return causes
  causes.add(failure)
  causesOf(failure['cause'], causes)
  if (Array.isArray(failure['errors'])) for (const error of failure['errors']) causesOf(error, causes)
  return causes
}

function isUnconnected(failure: unknown, known = new Map<unknown, boolean>()): boolean {
  if (!isRecord(failure)) return false
  const judged = known.get(failure)
  if (judged !== undefined) return judged
  // A failure may be its own cause.
  known.set(failure, false)
  const { code, syscall, cause, errors } = failure
  const isOfConnecting = syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT'
  // One error per address: none of them may have connected.
  const areAll = Array.isArray(errors) && errors.length > 0 && errors.every((member) => isUnconnected(member, known))
  const isOne = isOfConnecting || certificateCodes.has(code) || areAll || isUnconnected(cause, known)
  known.set(failure, isOne)
  return isOne
}
