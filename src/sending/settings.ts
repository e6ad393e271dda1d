import type { CredentialsCache } from '../signing/credentials.js'
import type { Transport } from '../transport/transport.js'
import type { AttemptEvent } from './attempt-event.js'
import type { Sleep } from './deadline.js'
import type { Provider } from './provider.js'

/** Everything that the calls of one client share, created once from its options. */
export interface Settings<Credentials extends object = object> {
  /** Base URL without a trailing slash. */
  readonly baseUrl: string
  /** Timeout of one attempt in milliseconds. */
  readonly timeoutMs: number
  /** Milliseconds from the start of a call to its deadline. */
  readonly totalTimeoutMs: number
  readonly maxAttempts: number
  readonly transport: Transport
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds since any point in time, for deadlines and delays: a clock that is set does not change them. */
  readonly monotonicNow: () => number
  readonly sleep: Sleep
  /** A number from 0 to below 1. */
  readonly random: () => number
  readonly userAgent: string
  readonly onAttempt: ((event: AttemptEvent) => unknown) | undefined
  readonly provider: Provider<Credentials>
  readonly credentials: CredentialsCache<Credentials>
  /** The options that the spec names with `x-known-to-client`, such as `projectId`. */
  readonly knownValues: KnownValues
  /** The headers that every request carries because an option supplies them, by lowercase name. */
  readonly knownHeaders: Readonly<Record<string, string>>
}

/** Values of options by name; undefined where the caller omitted the option. */
export type KnownValues = Readonly<Record<string, string | undefined>>
