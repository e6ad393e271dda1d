/** A signed request, as it goes out. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  /** By lower-case name; host and content-length are the transport's. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
  /** An answer longer than this is cut, and the connection let go. */
  readonly maxAnswerBytes: number
}

/** What came of a request. Nothing of it is thrown, as a transport may come from another build than the error classes. */
export type WireOutcome = WireAnswer | WireFailure

export interface WireAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** At most `maxAnswerBytes`. */
  readonly body: Uint8Array
  /** True if there was more. */
  readonly isCut: boolean
}

export interface WireFailure {
  readonly failure: unknown
  /** True only where certainly no byte of the request was handed to a connection. */
  readonly isUnsent: boolean
}

/** The headers of an answer; those of fetch fit. */
export interface AnswerHeaders extends Iterable<[string, string]> {
  /** By name in any case. */
  readonly get: (name: string) => string | null
}

/** A request on its way. */
export interface Exchange {
  readonly outcome: Promise<WireOutcome>
  /** Gives up at once: `outcome` resolves to a failure, unless it has an answer already. */
  readonly cancel: () => void
}

/** Sends one request once, and follows no redirect. */
export type Transport = (request: WireRequest) => Exchange
