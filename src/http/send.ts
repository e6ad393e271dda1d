import { resolveCredentials, type CredentialsKind, type CredentialsSource } from './credentials.js'
import { AbortedError, ConnectionError, CredentialsError, TimeoutError } from './errors.js'
import { isRecord } from './checks.js'
import type { Operation } from './operation.js'
import { readCapped, type CappedText } from './read-capped.js'

/** The parts of a request that a signature can cover. */
export interface RequestParts {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

/** What authenticates a request. */
export interface Authentication {
  /** The headers to add. */
  readonly headers: Readonly<Record<string, string>>
  /** What the signature is made of, to compare with what the provider says it should be. Holds secrets. */
  readonly canonicalRequest?: string
}

/** What a provider brings along to have its requests sent. */
export interface SendOptions<Credentials extends object> {
  readonly credentials: CredentialsSource<Credentials>
  readonly credentialsKind: CredentialsKind<Credentials>
  readonly sign: (request: RequestParts, credentials: Credentials, date: Date) => Promise<Authentication>
  readonly fetch: (request: Request) => Promise<Response>
  readonly now: () => number
  readonly timeoutMs: number
  readonly userAgent: string
}

/** An answer, read to its end, or to where it became clear that it is none. */
export interface Answer extends CappedText {
  readonly status: number
  readonly headers: Headers
  /** What the request's signature was made of, where the provider may tell its own version. Holds secrets. */
  readonly canonicalRequest: string | undefined
  /** The text without the credentials of the request, should the provider have echoed them. */
  readonly scrub: (text: string) => string
}

/** Answers beyond this are no answers of these operations. */
const MAX_ANSWER_BYTES = 1024 * 1024

/** Signs the request and sends it, once. */
export async function send<Credentials extends object>(
  request: Request,
  { name: operation }: Operation,
  options: SendOptions<Credentials>,
): Promise<Answer> {
  const unsent = { operation, attempts: 0, mayHaveRun: false }
  const unsigned: RequestParts = {
    method: request.method,
    url: request.url,
    // By its entries: test tools that replace Headers cannot copy one that was made before.
    headers: new Headers([...request.headers]),
    body: new Uint8Array(await request.arrayBuffer()),
  }
  const credentials = await resolveCredentials(options.credentials, options.credentialsKind, operation)
  const headers = new Headers(unsigned.headers)
  headers.set('user-agent', options.userAgent)
  const authentication = await options.sign(unsigned, credentials, new Date(options.now())).catch((cause: unknown) => {
    // The signers' messages name what is wrong with a key, never the key.
    const reason = cause instanceof Error ? cause.message : 'unknown failure'
    throw new CredentialsError(`${operation}: nothing was sent: signing failed: ${reason}`, { ...unsent, cause })
  })
  for (const [name, value] of Object.entries(authentication.headers)) headers.set(name, value)
  const answer = await exchange(
    { ...unsigned, headers },
    {
      ...options,
      operation,
      callerSignal: request.signal,
    },
  )
  return {
    ...answer,
    canonicalRequest: authentication.canonicalRequest,
    scrub: scrubber(options.credentialsKind.secretsOf(credentials)),
  }
}

async function exchange(
  { url, ...signed }: RequestParts,
  {
    fetch,
    timeoutMs,
    operation,
    callerSignal,
  }: {
    readonly fetch: (request: Request) => Promise<Response>
    readonly timeoutMs: number
    readonly operation: string
    readonly callerSignal: AbortSignal
  },
): Promise<Omit<Answer, 'scrub' | 'canonicalRequest'>> {
  const sent = { operation, attempts: 1, mayHaveRun: true }
  if (callerSignal.aborted) throw aborted(callerSignal, { ...sent, attempts: 0, mayHaveRun: false })
  const deadline = new AbortController()
  const end = (): void => {
    deadline.abort()
  }
  const timer = setTimeout(end, timeoutMs)
  callerSignal.addEventListener('abort', end, { once: true })
  try {
    // A signature is for one URL, so no redirect is followed.
    const response = await fetch(new Request(url, { ...signed, signal: deadline.signal, redirect: 'manual' }))
    const text = await readCapped(response, MAX_ANSWER_BYTES)
    return { status: response.status, headers: response.headers, ...text }
  } catch (cause) {
    if (callerSignal.reason !== undefined) throw aborted(callerSignal, sent)
    if (deadline.signal.aborted) {
      throw new TimeoutError(`${operation}: no whole answer within ${String(timeoutMs)} ms`, { ...sent, cause })
    }
    const mayHaveRun = !neverConnected(cause)
    throw new ConnectionError(
      `${operation}: ${mayHaveRun ? 'the connection failed' : 'no connection could be made'}: ${reasonOf(cause)}`,
      { ...sent, mayHaveRun, cause },
    )
  } finally {
    clearTimeout(timer)
    callerSignal.removeEventListener('abort', end)
  }
}

function aborted(
  signal: AbortSignal,
  failure: { operation: string; attempts: number; mayHaveRun: boolean },
): AbortedError {
  return new AbortedError(`${failure.operation}: aborted by the caller`, { ...failure, cause: signal.reason })
}

/** True only where the failure itself says that name lookup or connecting failed: then no byte went out. */
function neverConnected(error: unknown): boolean {
  for (const { syscall, code } of causesOf(error)) {
    if (syscall === 'connect' || syscall === 'getaddrinfo') return true
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return true
  }
  return false
}

function reasonOf(error: unknown): string {
  const codes = causesOf(error).flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
  return codes[0] ?? (error instanceof Error ? error.message : 'unknown failure')
}

/** The error, its causes, and the members of an AggregateError (one for each address that was tried). */
function causesOf(error: unknown): { syscall?: unknown; code?: unknown }[] {
  if (!isRecord(error)) return []
  const members: unknown[] = Array.isArray(error['errors']) ? error['errors'] : []
  return [error, ...[error['cause'], ...members].flatMap(causesOf)]
}

function scrubber(secrets: readonly (string | undefined)[]): (text: string) => string {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret !== '')
  return (text) => known.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '***'), text)
}
