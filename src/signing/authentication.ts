/** A request before it is signed. */
export interface UnsignedRequest {
  readonly method: string
  readonly url: URL
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** What authenticates a request. */
export interface Authentication {
  /** The headers to add, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined with a token. */
  readonly signature?: string
  /** The text that was signed, to compare with the provider's own. Holds secrets. */
  readonly canonicalRequest?: string
}
