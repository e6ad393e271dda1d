/** Headers and body of a callback, as a receiver gets them and as a Request takes them. */
export interface SignedCallback {
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. */
  readonly body: string
}
