import type { Authentication, UnsignedRequest } from '../signing/authentication.js'
import type { CredentialsCache, CredentialsKind } from '../signing/credentials.js'
import type { Transport } from '../transport/transport.js'
import type { AttemptEvent } from './attempt-event.js'
import type { Sleep } from './deadline.js'

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
  readonly now: () => number
  readonly sleep: Sleep
  /** A number from 0 to below 1. */
  readonly random: () => number
  readonly userAgent: string
  readonly onAttempt: ((event: AttemptEvent) => unknown) | undefined
  readonly provider: Provider<Credentials>
  readonly credentials: CredentialsCache<Credentials>
  /** The options that the spec names with `x-known-to-client`, such as `projectId`. */
  readonly knownValues: KnownValues
  /** The headers that every request carries because an option supplies them, by lower-case name. */
  readonly knownHeaders: Readonly<Record<string, string>>
}

/** Values of options by name; undefined where the caller omitted the option. */
export type KnownValues = Readonly<Record<string, string | undefined>>

/** What distinguishes one provider from another. A method takes the credentials, so that code for all providers may hold one. */
export interface Provider<Credentials extends object = object> {
  readonly facts: ProviderFacts
  readonly errorCodes: Readonly<Record<string, ErrorCode>>
  readonly credentialsKind: CredentialsKind<Credentials>
  /** Signs one attempt: `date` is the server's time, as far as it is known. */
  sign(request: UnsignedRequest, credentials: Credentials, date: Date): Promise<Authentication>
  /** Compares a rejected signature with what was signed; undefined if the message does not allow it. */
  readonly explainSignature?: (message: string, canonicalRequest: string) => string | undefined
}

/** The generated facts of a provider that sending needs. */
export interface ProviderFacts {
  /** Names of response headers by role. */
  readonly headers: { readonly requestId: string; readonly date: string; readonly traceId?: string }
  /** The names of options by the header that carries their value. */
  readonly optionHeaders: Readonly<Record<string, string>>
  /** The clock difference in milliseconds from which the provider rejects a signature. */
  readonly clockToleranceMs: number
  /** Regular expression: a refusal whose message matches it rejects the signing time, whatever its code. */
  readonly clockRefusal: string
  /** Regular expression with the groups `count` and `unit`: the window in the message of a throttled request. */
  readonly throttleWindow?: string
}

/** What the spec states about an error code. */
export interface ErrorCode {
  readonly status: readonly number[]
  readonly meaning: string
  readonly hint: string
  /** True where the request certainly did not run. */
  readonly refusal: boolean
  readonly cure?: 'throttled' | 'clock' | 'token' | 'credentials' | 'permission'
}
