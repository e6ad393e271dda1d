/** A request that arrived by fetch or over a socket. */
export interface ArrivedRequest {
  readonly method: string
  readonly url: URL
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined if it is longer than MAX_BODY_BYTES. */
  readonly body: Uint8Array | undefined
}

/** Maximum length of a body: api-sign-errorcode, APIGW.0201, has 12 MB. CI documents no number. */
export const MAX_BODY_BYTES = 12 * 2 ** 20

/** A response as it is sent. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The provider's error code; undefined for a result. */
  readonly code?: string
}

/** What the caller receives after so many milliseconds: a response, half of one and a reset, or only a reset. */
export type Delivery = { readonly delayMs?: number } & (
  { readonly kind: 'answer' | 'reset-inside'; readonly answer: Answer } | { readonly kind: 'reset' }
)

/** An error that a service responds with. */
export interface Refusal {
  readonly code: string
  /** Default: the first status that the spec lists for the code. */
  readonly status?: number | undefined
  /** Default: the provider's own, or else the code. */
  readonly message?: string | undefined
}

/** What a handler returns: the body of a result, or an error. */
export type Handled = { readonly body: unknown } | Refusal

/**
 * The handlers of a provider's operations, by the name of the operation. One without a handler responds with its
 * documented example.
 */
export type Handlers<Methods> = {
  readonly [Name in keyof Methods]?: Methods[Name] extends (request: infer Request, ...rest: never) => unknown
    ? (request: NonNullable<Request>, headers: ArrivedRequest['headers']) => Handled | Promise<Handled>
    : never
}

/** A request whose operation is known and has not run yet. */
export interface Call {
  /** Undefined if the spec has no such operation. */
  readonly operation: string | undefined
  readonly run: () => Promise<Answer>
}

/** The emulated service of one provider. */
export interface Service {
  /** Names of all operations. */
  readonly operations: readonly string[]
  readonly errorCodes: Readonly<Record<string, { readonly status: readonly number[] }>>
  /** The error of a throttled request. */
  readonly throttled: Refusal
  readonly receive: (request: ArrivedRequest) => Call
  readonly refuse: (refusal: Refusal) => Promise<Answer>
}

/** The paths that control a listening emulator begin with it, and no path of a provider. */
export const CONTROL_PREFIX = '/_emulator/'
