import { version } from '../version.js'
import type { EndpointOptions } from './endpoint.js'
import { ConfigurationError } from './errors.js'

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

/** The common options with their defaults. */
export function commonOptions(options: CommonOptions): Required<Omit<CommonOptions, keyof EndpointOptions>> {
  const { timeoutMs = 30_000 } = options
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) {
    throw new ConfigurationError('timeoutMs', 'must be a positive number of milliseconds')
  }
  return {
    timeoutMs,
    // Looked up for each request, as test tools replace the global one later.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    now: options.now ?? Date.now,
    userAgent: options.userAgent ?? `cloud-media-clients/${version}`,
  }
}
