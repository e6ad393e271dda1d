import type { CredentialsCache, CredentialsKind } from '../signing/credentials.js'
import {
  AbortedError,
  CloudMediaError,
  ConnectionError,
  CredentialsError,
  TimeoutError,
  type CallFailure,
} from '../errors/errors.js'
import { isCertificateFailure, reasonOf } from '../transport/connection-failure.js'
import { limited } from './deadline.js'
import type { Operation } from './operation.js'
import { createScrubber } from '../errors/redact.js'
import type { AnswerHeaders, Transport, WireFailure } from '../transport/transport.js'

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
  /** Undefined where a token does without. */
  readonly signature?: string
  /** What the signature is made of, to compare with what the provider says it should be. Holds secrets. */
  readonly canonicalRequest?: string
}

/** An answer, read to its end, or to where it became clear that it is none. */
export interface Answer {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: AnswerHeaders
  readonly text: string
  /** Why the text is no answer; then it is what could be made of the bytes. */
  readonly problem: string | undefined
  /** What the request's signature was made of, where the provider may tell its own version. Holds secrets. */
  readonly canonicalRequest: string | undefined
  /** The text without the credentials of the request and its signature, should the provider have echoed them. */
  readonly scrub: (text: string) => string
  /** Our time, set by what is known of the server's, in the middle between sending and receiving. */
  readonly localTime: number
}

/** What earlier attempts of a call have left behind. */
export interface History {
  /** The requests that were sent, or tried to be, the failed one included. */
  readonly attempts: number
  /** Whether any of them may have run. */
  readonly mayHaveRun: boolean
  /** The first failure that may have run, if it is not the last one. */
  readonly cause?: CloudMediaError
}

/** What would have to be different for a repeat to succeed. */
export type Remedy =
  | { readonly kind: 'backoff' }
  /** Undefined if the provider does not say how long. */
  | { readonly kind: 'throttled'; readonly waitMs: number | undefined }
  | { readonly kind: 'clock'; readonly skewMs: number }
  | { readonly kind: 'credentials' }

/** An attempt that gave no result. */
export interface FailedAttempt {
  readonly kind: 'failed'
  /** How many requests it took: none if something else failed before. */
  readonly attempts: 0 | 1
  /** Whether this attempt may have run. */
  readonly mayHaveRun: boolean
  /** Undefined where a repeat is of no use. */
  readonly remedy?: Remedy
  /** The provider's answer, if there is one. */
  readonly answer?: Answer
  readonly toError: (history: History) => CloudMediaError
}

/** What an attempt needs of its client. */
export interface AttemptContext<Credentials extends object> {
  readonly transport: Transport
  readonly credentials: CredentialsCache<Credentials>
  readonly credentialsKind: CredentialsKind<Credentials>
  readonly sign: (request: UnsignedRequest, credentials: Credentials, date: Date) => Promise<Authentication>
  readonly now: () => number
  readonly userAgent: string
}

/** What a request is signed with. */
export interface SigningInput<Credentials> {
  readonly credentials: Credentials
  /** How far the server's clock is ahead of ours, as far as it is known. */
  readonly offsetMs: number
  /** What must not be shown of the call so far; those of this attempt are added. */
  readonly secrets: (string | undefined)[]
}

/** What an attempt may take. */
export interface AttemptLimits {
  readonly signal: AbortSignal | undefined
  /** Milliseconds for this attempt. */
  readonly ms: number
  /** Where they come from. */
  readonly limit: TimeLimit
}

/** An option that limits time, and its value. */
interface TimeLimit {
  readonly option: string
  readonly ms: number
}

/** Answers beyond this are no answers of these operations. */
const MAX_ANSWER_BYTES = 1024 * 1024
/** More than an excerpt or a message shows. */
const MAX_SCRUBBED = 16_384

/** Signs a request with these credentials and the server's time as far as it is known, and sends it once. */
export async function attempt<Credentials extends object>(
  request: UnsignedRequest,
  operation: Operation,
  { credentials, offsetMs, secrets }: SigningInput<Credentials>,
  context: AttemptContext<Credentials>,
  { signal, ms, limit }: AttemptLimits,
): Promise<Answer | FailedAttempt> {
  const sentAt = context.now()
  let authentication: Authentication
  try {
    authentication = await context.sign(request, credentials, new Date(sentAt + offsetMs))
  } catch (cause) {
    return unsignable(operation, cause)
  }
  const { signature, canonicalRequest } = authentication
  const exchange = context.transport({
    method: request.method,
    url: request.url,
    // Not by spreads: Node 20 makes a new class for every object that gets properties after one, and all who read it pay.
    headers: Object.assign({}, request.headers, { 'user-agent': context.userAgent }, authentication.headers),
    body: request.body,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  })
  const waited = await limited(() => exchange.outcome, { ms, signal })
  if (waited.ended !== 'done') exchange.cancel()
  const outcome = waited.ended === 'done' ? waited.value : await exchange.outcome
  secrets.push(...context.credentialsKind.secretsOf(credentials), signature)
  const scrub = createScrubber(secrets)
  if ('failure' in outcome) {
    const mayHaveRun = !outcome.isUnsent
    if (waited.ended === 'aborted') return aborted(operation, signal, { attempts: 1, mayHaveRun })
    if (waited.ended === 'timeout') return timedOut(operation, limit, { attempts: 1, mayHaveRun })
    return unconnected(operation, outcome, scrub)
  }
  const { text, problem } = textOf(outcome.body, outcome.isCut)
  return {
    kind: 'answer',
    status: outcome.status,
    headers: outcome.headers,
    text,
    problem,
    canonicalRequest,
    scrub: (text) => scrub(text.slice(0, MAX_SCRUBBED)),
    localTime: (sentAt + context.now()) / 2 + offsetMs,
  }
}

/** What every error of a call tells: also what to do where it may have run. */
export function failureOf(operation: Operation, history: History): CallFailure {
  return { ...history, operation: operation.name, ...(history.mayHaveRun && { hint: operation.ifInDoubt }) }
}

/** What a failure that ended an attempt, or kept it from being made, was worth. */
type Extent = Pick<FailedAttempt, 'attempts' | 'mayHaveRun'>

/** The caller has given up. */
export function aborted(operation: Operation, signal: AbortSignal | undefined, extent: Extent): FailedAttempt {
  return {
    kind: 'failed',
    ...extent,
    toError: (history) =>
      new AbortedError(`${operation.name}: aborted by the caller`, {
        ...failureOf(operation, history),
        cause: signal?.reason,
      }),
  }
}

export function timedOut(operation: Operation, { option, ms }: TimeLimit, extent: Extent): FailedAttempt {
  return {
    kind: 'failed',
    ...extent,
    remedy: { kind: 'backoff' },
    toError: (history) =>
      new TimeoutError(
        `${operation.name}: no whole answer within ${option} (${String(ms)} ms)`,
        failureOf(operation, history),
      ),
  }
}

function unsignable(operation: Operation, cause: unknown): FailedAttempt {
  // The signers' messages name what is wrong with a key, never the key.
  const reason = cause instanceof Error ? cause.message : 'unknown failure'
  return {
    kind: 'failed',
    attempts: 0,
    mayHaveRun: false,
    toError: (history) =>
      new CredentialsError(`${operation.name}: not sent: signing failed: ${reason}`, {
        cause,
        ...failureOf(operation, history),
      }),
  }
}

function unconnected(
  operation: Operation,
  { failure, isUnsent }: WireFailure,
  scrub: (text: string) => string,
): FailedAttempt {
  const reason = scrub(reasonOf(failure))
  const what = isUnsent ? 'no connection could be made' : 'the connection failed'
  return {
    kind: 'failed',
    attempts: 1,
    mayHaveRun: !isUnsent,
    // The same certificate would come again.
    ...(!isCertificateFailure(failure) && { remedy: { kind: 'backoff' } }),
    toError: (history) =>
      new ConnectionError(`${operation.name}: ${what}: ${reason}`, {
        cause: withoutRequest(failure, scrub),
        ...failureOf(operation, history),
      }),
  }
}

/** The failure underneath as a plain error: one of a user's own fetch may hold the request, headers and all. */
function withoutRequest(failure: unknown, scrub: (text: string) => string): Error {
  const plain = new Error(scrub(failure instanceof Error ? failure.message : String(failure)))
  const code = scrub(reasonOf(failure))
  return /^[A-Z][A-Z0-9_]+$/.test(code) ? Object.assign(plain, { code }) : plain
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lossyUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Text that is no answer is read all the same, for the ids in it. */
function textOf(body: Uint8Array, isCut: boolean): Pick<Answer, 'text' | 'problem'> {
  if (isCut) {
    return { text: lossyUtf8.decode(body), problem: `the answer is longer than ${String(MAX_ANSWER_BYTES)} bytes` }
  }
  try {
    return { text: utf8.decode(body), problem: undefined }
  } catch {
    return { text: lossyUtf8.decode(body), problem: 'the answer is not UTF-8' }
  }
}
