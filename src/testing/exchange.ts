/** A request as it arrived, whichever way it came. */
export interface ArrivedRequest {
  readonly method: string
  readonly url: URL
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** An answer as it stands on the wire. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The provider's error code, if it is an error. */
  readonly code?: string
}

/** What a caller gets to see, after so many milliseconds: an answer, half of one and a reset, or only a reset. */
export type Delivery = { readonly delayMs?: number } & (
  { readonly kind: 'answer' | 'cut'; readonly answer: Answer } | { readonly kind: 'reset' }
)

/** An error as a service is told to answer it. */
export interface Refusal {
  readonly code: string
  /** Default: the first status the spec lists for the code. */
  readonly status?: number | undefined
  /** Default: the meaning of the code. */
  readonly message?: string | undefined
}

/** A request whose operation is known, and which has not run yet. */
export interface Call {
  /** Undefined where the provider has no such operation, or the emulator does not know it. */
  readonly operation: string | undefined
  readonly run: () => Promise<Answer>
}

/** The stand-in for one provider. */
export interface Service {
  readonly operations: readonly string[]
  readonly errorCodes: Readonly<Record<string, { readonly status: readonly number[] }>>
  /** How the provider throttles. */
  readonly throttled: Refusal
  readonly receive: (request: ArrivedRequest) => Call
  readonly refuse: (refusal: Refusal) => Promise<Answer>
}
