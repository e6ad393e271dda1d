import { socketTransport } from '#platform'
import { version } from '../version.js'
import { isRecord, isText } from '../type-guards.js'
import { ConfigurationError } from '../errors/errors.js'
import { fetchTransport } from '../transport/fetch-transport.js'
import { sleepOnTimer, type Sleep } from '../sending/deadline.js'
import { checkNames, checkSignal, checkTimeout } from './option-checks.js'
import type { Transport } from '../transport/transport.js'
import type { AttemptEvent } from '../sending/attempt-event.js'
import type { Provider } from '../sending/provider.js'
import type { SendOptions } from '../sending/retry-loop.js'
import type { KnownValues, Settings } from '../sending/settings.js'
import { checkCredentials, CredentialsCache, type CredentialsSource } from '../signing/credentials.js'
import { resolveEndpoint, type EndpointOptions } from './endpoint.js'

/** The options that all clients share. */
export interface CommonOptions extends EndpointOptions {
  /**
   * Timeout of one attempt in milliseconds. Once it is over, node:http does not begin to send, even if the process was
   * stopped for a while. Default: 30,000.
   */
  readonly timeoutMs?: number
  /** Timeout of a call in milliseconds, including all attempts and delays. Default: 120,000. */
  readonly totalTimeoutMs?: number
  /** Maximum attempts per call. 1 disables retries. Default: 4. */
  readonly maxAttempts?: number
  /**
   * Sends the signed requests instead of the library's own transport. A request that it rejects may have run, unless its
   * error states that there was no connection. Default: node:http on Node, otherwise the built-in fetch.
   */
  readonly fetch?: (request: Request) => Promise<Response>
  /**
   * An http.Agent or https.Agent of Node, for proxies. Default: one that keeps idle connections for 4 seconds, and for
   * idempotent operations up to a minute if the server says so.
   */
  readonly agent?: object
  /** The clock in milliseconds since 1970, for signatures and the expiry of credentials. Default: Date.now. */
  readonly now?: () => number
  /**
   * Waits the given number of milliseconds or until the signal aborts, for tests. If set, deadlines use `now`. Default:
   * a timer.
   */
  readonly sleep?: Sleep
  /** Returns a number from 0 to below 1 for the backoff, for tests. Default: Math.random. */
  readonly random?: () => number
  /** Value of the User-Agent header; browsers send their own. Default: name and version of this library. */
  readonly userAgent?: string
  /** Called after every attempt. Its errors are ignored. */
  readonly onAttempt?: (event: AttemptEvent) => unknown
}

const COMMON_OPTIONS: readonly (keyof CommonOptions)[] = [
  'endpoint',
  'allowInsecure',
  'timeoutMs',
  'totalTimeoutMs',
  'maxAttempts',
  'fetch',
  'agent',
  'now',
  'sleep',
  'random',
  'userAgent',
  'onAttempt',
]

/**
 * Rejects a non-object, and a name that resembles an option, as it would have no effect. Other unknown names are allowed,
 * so that a larger object can be spread into the options.
 *
 * @throws ConfigurationError
 */
export function checkOptionNames(options: unknown, own: readonly string[]): void {
  checkNames(options, [...own, ...COMMON_OPTIONS])
}

/**
 * The settings of a client: its options, checked, with their defaults.
 *
 * @param knownValues the options that the spec names with `x-known-to-client`, and the variables of the server's URL
 * @throws ConfigurationError
 */
export function createSettings<Credentials extends object>(
  options: CommonOptions & { readonly credentials: CredentialsSource<Credentials> },
  provider: Provider<Credentials>,
  serverUrl: string,
  knownValues: KnownValues,
): Settings<Credentials> {
  const {
    timeoutMs = 30_000,
    totalTimeoutMs = 120_000,
    maxAttempts = 4,
    now = Date.now,
    sleep = sleepOnTimer,
    random = Math.random,
    userAgent = `cloud-media-clients/${version}`,
    onAttempt,
  } = options
  checkCredentials(options.credentials, provider.credentialsKind)
  checkTimeout('timeoutMs', timeoutMs)
  checkTimeout('totalTimeoutMs', totalTimeoutMs)
  if (!(Number.isInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new ConfigurationError('maxAttempts', 'must be a whole number from 1')
  }
  for (const [name, value] of Object.entries({ fetch: options.fetch, now, sleep, random, onAttempt })) {
    if (value !== undefined && typeof value !== 'function') throw new ConfigurationError(name, 'must be a function')
  }
  if (!isText(userAgent) || !/^[\x20-\x7e]+$/.test(userAgent)) {
    throw new ConfigurationError('userAgent', 'must be printable ASCII text')
  }
  return {
    baseUrl: resolveEndpoint(options, serverUrl, knownValues),
    timeoutMs,
    totalTimeoutMs,
    maxAttempts,
    transport: transportFor(options),
    now,
    // A replaced sleep takes no time, so deadlines use the replaced clock.
    monotonicNow: options.sleep === undefined ? () => performance.now() : now,
    sleep,
    random,
    userAgent,
    onAttempt,
    provider,
    credentials: new CredentialsCache(options.credentials, provider.credentialsKind, now),
    knownValues,
    knownHeaders: knownHeaders(provider, knownValues),
  }
}

function knownHeaders({ facts }: Provider, knownValues: KnownValues): Record<string, string> {
  const entries = Object.entries(facts.optionHeaders).flatMap(([header, option]) => {
    const value = knownValues[option]
    return value === undefined ? [] : [[header.toLowerCase(), value] as const]
  })
  return Object.fromEntries(entries)
}

function transportFor({ fetch, agent }: CommonOptions): Transport {
  if (agent !== undefined && !(isRecord(agent) && typeof agent['addRequest'] === 'function')) {
    throw new ConfigurationError('agent', 'must be an http.Agent or https.Agent')
  }
  if (agent !== undefined && (fetch !== undefined || socketTransport === undefined)) {
    throw new ConfigurationError('agent', 'must not be set together with fetch, or outside Node')
  }
  if (fetch !== undefined) return fetchTransport(fetch)
  // Read for each request, as test tools replace the global one later.
  return socketTransport?.(agent) ?? fetchTransport((request) => globalThis.fetch(request))
}

/** The options of one call. */
export interface CallOptions {
  /** Aborts the call: it rejects with an AbortedError. */
  readonly signal?: AbortSignal
  /** Timeout of one attempt in milliseconds. Default: that of the client. */
  readonly timeoutMs?: number
  /**
   * If false, sends the request without validation, including fields that the spec does not have. In XML, these come
   * last. Default: true.
   */
  readonly validate?: boolean
}

const CALL_OPTIONS: readonly (keyof CallOptions)[] = ['signal', 'timeoutMs', 'validate']

/**
 * The options of a call, each read once.
 *
 * @throws ConfigurationError
 */
export function readCallOptions(options: CallOptions = {}): SendOptions & { readonly validate: boolean } {
  checkNames(options, CALL_OPTIONS)
  const { signal, timeoutMs, validate } = options
  if (timeoutMs !== undefined) checkTimeout('timeoutMs', timeoutMs)
  checkSignal(signal)
  return { signal, timeoutMs, validate: validate !== false }
}
