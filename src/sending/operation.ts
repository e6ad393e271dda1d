import { isText } from '../type-guards.js'
import type { AnswerHeaders } from '../transport/transport.js'

/** One operation as the generated operation table describes it. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly successStatus: number
  /** `refused-only`: a repeat is safe only if the first request certainly did not run. */
  readonly retrySafety: 'refused-only' | 'idempotent'
  /** How to find out whether a request whose answer was lost has run. */
  readonly ifInDoubt: string
  /** IAM or CAM actions the caller needs. */
  readonly permissions: readonly string[]
  /** Answer fields that hold the id somebody paid for. */
  readonly idFields: readonly string[]
  readonly requestIdHeader: string
  readonly dateHeader: string
  readonly traceIdHeader?: string
}

/** The provider's id of a request, from the headers of its answer. */
export function requestIdOf(
  headers: AnswerHeaders,
  operation: Operation,
  scrub: (text: string) => string,
): string | undefined {
  const id = headers.get(operation.requestIdHeader)
  return isText(id) ? scrub(id) : undefined
}

/** What the spec knows of an error code. */
export interface ErrorCode {
  readonly status: readonly number[]
  readonly meaning: string
  readonly hint: string
  /** True where the request certainly did not run. */
  readonly refusal: boolean
  readonly cure?: 'throttled' | 'clock' | 'token' | 'credentials' | 'permission'
}
