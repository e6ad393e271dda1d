import { socketTransport } from '#platform'
import { version } from '../version.js'
import { isRecord, isText } from '../type-guards.js'
import type { EndpointOptions } from './endpoint.js'
import { ConfigurationError, type CloudMediaError } from '../errors/errors.js'
import { fetchTransport } from '../transport/fetch-transport.js'
import { sleepOnTimer, type Sleep } from '../sending/deadline.js'
import { nearestTo } from './suggestion.js'
import type { Transport } from '../transport/transport.js'

/** Options that every client takes. */
export interface CommonOptions extends EndpointOptions {
  /** Milliseconds until one attempt without a whole answer ends. Default 30,000. */
  readonly timeoutMs?: number
  /** Milliseconds for all attempts of a call and the waits between them. Default 120,000. */
  readonly totalTimeoutMs?: number
  /** How often a call sends its request at most, whatever the reason. Default 4; 1 never repeats. */
  readonly maxAttempts?: number
  /**
   * Sends the signed requests instead of the library's own transport. A failure then counts as one that may have run,
   * unless it says that there was no connection.
   */
  readonly fetch?: (request: Request) => Promise<Response>
  /** An http.Agent or https.Agent of Node, as proxies need one. Default: one that keeps connections for 4 seconds. */
  readonly agent?: object
  /** Milliseconds since 1970, for signatures and limits of time. Default: the clock of the machine. */
  readonly now?: () => number
  /** Waits so many milliseconds, or until the signal is aborted. For tests. Default: a timer. */
  readonly sleep?: Sleep
  /** A number from 0 to below 1, for the waits between attempts. For tests. Default: Math.random. */
  readonly random?: () => number
  /** Value of the User-Agent header. Default: name and version of this library. Browsers send their own. */
  readonly userAgent?: string
  /** Told of every attempt once it has ended. What it throws is ignored. */
  readonly onAttempt?: (event: AttemptEvent) => unknown
}

/** An attempt that has ended. */
export interface AttemptEvent {
  readonly operation: string
  readonly method: string
  /** Without the values of a query. */
  readonly url: string
  /** From 1. */
  readonly attempt: number
  /** Undefined if no answer came. */
  readonly status: number | undefined
  readonly requestId: string | undefined
  /** Milliseconds from signing to the end of the answer. */
  readonly durationMs: number
  /** What the call would have failed with here; undefined for a result. */
  readonly error: CloudMediaError | undefined
  /** Why the request is sent again, and after how many milliseconds; undefined if it is not. */
  readonly again:
    { readonly reason: 'backoff' | 'throttled' | 'clock' | 'credentials'; readonly delayMs: number } | undefined
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
 * Refuses what is no options object, and a name that is nearly an option: it would be passed over in silence.
 * Other unknown names are let be, so that an object that holds more can be spread into the options.
 *
 * @throws ConfigurationError
 */
export function checkOptionNames(options: unknown, own: readonly string[]): void {
  if (!isRecord(options)) throw new ConfigurationError('options', 'must be an object')
  const known = [...own, ...COMMON_OPTIONS]
  for (const name of Object.keys(options).filter((name) => !known.includes(name))) {
    const nearest = nearestTo(name, known)
    if (nearest !== undefined) throw new ConfigurationError(name, `is no option; did you mean ${nearest}?`)
  }
}

/** The common options, checked, with their defaults. */
interface CommonSettings {
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly maxAttempts: number
  readonly transport: Transport
  readonly now: () => number
  readonly sleep: Sleep
  readonly random: () => number
  readonly userAgent: string
  readonly onAttempt: ((event: AttemptEvent) => unknown) | undefined
}

/**
 * The common options with their defaults.
 *
 * @throws ConfigurationError
 */
export function commonOptions(options: CommonOptions): CommonSettings {
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
  checkTimeout('timeoutMs', timeoutMs)
  checkTimeout('totalTimeoutMs', totalTimeoutMs)
  if (!(Number.isInteger(maxAttempts) && maxAttempts >= 1)) {
    throw new ConfigurationError('maxAttempts', 'must be a whole number from 1')
  }
  for (const [name, value] of Object.entries({ fetch: options.fetch, now, sleep, random, onAttempt })) {
    checkFunction(name, value)
  }
  if (!isText(userAgent) || !/^[\x20-\x7e]+$/.test(userAgent)) {
    throw new ConfigurationError('userAgent', 'must be printable ASCII text')
  }
  return {
    timeoutMs,
    totalTimeoutMs,
    maxAttempts,
    transport: transportFor(options),
    now,
    sleep,
    random,
    userAgent,
    onAttempt,
  }
}

function transportFor({ fetch, agent }: CommonOptions): Transport {
  if (agent !== undefined && !isRecord(agent)) {
    throw new ConfigurationError('agent', 'must be an http.Agent or https.Agent')
  }
  if (agent !== undefined && (fetch !== undefined || socketTransport === undefined)) {
    throw new ConfigurationError('agent', 'works only with the transport of Node, so not with fetch')
  }
  if (fetch !== undefined) return fetchTransport(fetch)
  // Looked up for each request, as test tools replace the global one later.
  return socketTransport?.(agent) ?? fetchTransport((request) => globalThis.fetch(request))
}

/** What a caller may set for one call. */
export interface CallOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal
  /** Milliseconds until one attempt without a whole answer ends. Default: the client's. */
  readonly timeoutMs?: number
  /** False sends the request as it is, for fields the spec does not know yet. Default true. */
  readonly validate?: boolean
}

/** @throws ConfigurationError */
export function checkCallOptions({ signal, timeoutMs }: CallOptions = {}): void {
  if (timeoutMs !== undefined) checkTimeout('timeoutMs', timeoutMs)
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ConfigurationError('signal', 'must be an AbortSignal, such as the signal of an AbortController')
  }
}

function checkTimeout(option: string, timeoutMs: unknown): void {
  // A timer fires at once for more than 31 bits of milliseconds.
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw new ConfigurationError(option, 'must be a number of milliseconds above 0 and below 2147483648')
  }
}

function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new ConfigurationError(option, 'must be a function')
}
