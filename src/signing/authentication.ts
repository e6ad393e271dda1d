import { isRecord } from '../type-guards.js'

/** A request before it is signed. */
export interface UnsignedRequest {
  readonly head: RequestHead
  readonly body: string | Uint8Array<ArrayBuffer>
}

/** A request without its body. All calls of an operation whose URL is fixed share one, so signers keep their work by it. */
export interface RequestHead {
  readonly method: string
  readonly url: URL
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** Those of the headers that are signed: without the ones that a proxy may add or change. */
  readonly signedHeaders: Readonly<Record<string, string>>
}

/** What authenticates a request. */
export interface Authentication {
  /** The headers to add, by lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined with a token. */
  readonly signature?: string
  /** The text that was signed, to compare with the provider's own. Holds secrets. */
  readonly canonicalRequest?: string
}

/** A value that is there at once, or later: digests are synchronous on Node, where waiting costs more than they do. */
export type Awaitable<Value> = Value | Promise<Value>

/** What follows from a value, without waiting for one that is there. */
export function andThen<Value, Next>(
  value: Awaitable<Value>,
  next: (value: Value) => Awaitable<Next>,
): Awaitable<Next> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Not by instanceof: a promise of another realm, as in Jest, is one too. */
export function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return isRecord(value) && 'then' in value
}

/** Makes something of a request head and credentials, and keeps it for the next request with both. */
export function keptPerHead<Credentials, Made>(
  make: (head: RequestHead, credentials: Credentials) => Made,
): (head: RequestHead, credentials: Credentials) => Made {
  const kept = new WeakMap<RequestHead, { readonly credentials: Credentials; readonly made: Made }>()
  return (head, credentials) => {
    const known = kept.get(head)
    if (known?.credentials === credentials) return known.made
    const made = make(head, credentials)
    kept.set(head, { credentials, made })
    return made
  }
}
