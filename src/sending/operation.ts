/** What sending needs of an operation. */
export interface Operation {
  readonly name: string
  /** `refused-only`: a retry is safe only if the request certainly did not run. */
  readonly retrySafety: 'refused-only' | 'idempotent'
  /** How to find out whether a request whose response was lost has run. */
  readonly ifInDoubt: string
  /** The IAM or CAM actions that the caller needs. */
  readonly permissions: readonly string[]
  /** The response fields that hold the IDs of what was created. */
  readonly idFields: readonly string[]
  /** The fields that every result has. */
  readonly resultFields: readonly string[]
  readonly decode: (text: string) => Decoded
  /** Whether a decoded result holds every required field. */
  readonly isComplete: (value: unknown) => boolean
}

/** What a response body holds. */
export type Decoded =
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly value: unknown; readonly document: ErrorDocument }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** A provider's error response. A field that is absent or empty is undefined. */
export interface ErrorDocument {
  readonly code: string | undefined
  readonly message: string | undefined
  readonly requestId: string | undefined
  readonly traceId: string | undefined
}
