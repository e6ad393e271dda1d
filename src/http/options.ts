import { version } from '../version.js'
import { isRecord, isText } from './checks.js'
import type { EndpointOptions } from './endpoint.js'
import { ConfigurationError } from './errors.js'
import { nearestTo } from './suggestion.js'

/** Options that every client takes. */
export interface CommonOptions extends EndpointOptions {
  /** Milliseconds until a request without a whole answer ends with a TimeoutError. Default 30,000. */
  readonly timeoutMs?: number
  /** Sends the signed requests instead of the built-in fetch. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Milliseconds since 1970, for the time in the signatures. Default: the clock of the machine. */
  readonly now?: () => number
  /** Value of the User-Agent header. Default: name and version of this library. Browsers send their own. */
  readonly userAgent?: string
}

const COMMON_OPTIONS = ['endpoint', 'allowInsecure', 'timeoutMs', 'fetch', 'now', 'userAgent']

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

/**
 * The common options with their defaults.
 *
 * @throws ConfigurationError
 */
export function commonOptions(options: CommonOptions): Required<Omit<CommonOptions, keyof EndpointOptions>> {
  const { timeoutMs = 30_000, now = Date.now, userAgent = `cloud-media-clients/${version}` } = options
  checkTimeout(timeoutMs)
  checkFunction('fetch', options.fetch)
  checkFunction('now', now)
  if (!isText(userAgent) || !/^[\x20-\x7e]+$/.test(userAgent)) {
    throw new ConfigurationError('userAgent', 'must be printable ASCII text')
  }
  return {
    timeoutMs,
    // Looked up for each request, as test tools replace the global one later.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    now,
    userAgent,
  }
}

/** What a caller may set for one call. */
export interface CallOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal
  /** Milliseconds until the call ends with a TimeoutError. Default: the client's. */
  readonly timeoutMs?: number
  /** False sends the request as it is, for fields the spec does not know yet. Default true. */
  readonly validate?: boolean
}

/** @throws ConfigurationError */
export function checkCallOptions({ signal, timeoutMs }: CallOptions = {}): void {
  if (timeoutMs !== undefined) checkTimeout(timeoutMs)
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ConfigurationError('signal', 'must be an AbortSignal, such as the signal of an AbortController')
  }
}

function checkTimeout(timeoutMs: unknown): void {
  // A timer fires at once for more than 31 bits of milliseconds.
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw new ConfigurationError('timeoutMs', 'must be a number of milliseconds above 0 and below 2147483648')
  }
}

function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new ConfigurationError(option, 'must be a function')
}
