import type { PlainFailure } from './failure-reason.js'

/** A signed request. */
export interface WireRequest {
  readonly method: string
  readonly url: URL
  /** By lowercase name, without host and content-length, which the transport adds. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
  /** Whether the request can be sent again if its connection closes on the way. */
  readonly isIdempotent: boolean
  /** A longer body is truncated, and the connection closed. */
  readonly maxAnswerBytes: number
  /**
   * Cancels the exchange if its time is over. Called right before bytes leave, as after a stop of the process timers fire
   * later than what has arrived is handled. A fetch has no such moment.
   */
  readonly endIfLate?: () => void
}

/** The outcome of a request. A transport throws nothing, as it may belong to another build than the error classes. */
export type WireOutcome = WireAnswer | WireFailure

export interface WireAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** At most `maxAnswerBytes`. */
  readonly body: Uint8Array
  /** True if the body was longer. */
  readonly isTruncated: boolean
}

export interface WireFailure {
  readonly failure: PlainFailure
  /** True only if certainly no byte of the request reached a connection. */
  readonly isUnsent: boolean
}

/** Response headers; those of fetch fit. */
export interface AnswerHeaders extends Iterable<[string, string]> {
  /** By name in any case. */
  readonly get: (name: string) => string | null
}

/** A request in progress. */
export interface Exchange {
  readonly outcome: Promise<WireOutcome>
  /** Ends the request at once: `outcome` resolves with a failure, unless it has a response already. */
  readonly cancel: () => void
}

/** Sends one request once, without following redirects. */
export type Transport = (request: WireRequest) => Exchange
