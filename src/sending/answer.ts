import type { AnswerHeaders } from '../transport/transport.js'

/** A response, read completely or up to the size limit. */
export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: AnswerHeaders
  readonly text: string
  /** Why the text cannot be decoded; then it only approximates the bytes. */
  readonly problem: string | undefined
  /** The text that was signed, where the provider may return its own version. Holds secrets. */
  readonly canonicalRequest: string | undefined
  /** Removes the credentials and the signature, which the provider may have echoed. */
  readonly redact: (text: string) => string
  /** The local time between sending and receiving, corrected by the known clock skew. */
  readonly localTime: number
}
