import type { Authentication, Awaitable, RequestHead, UnsignedRequest } from '../signing/authentication.js'
import type { CredentialsKind } from '../signing/credentials.js'

/**
 * What distinguishes one provider from another. `sign` is a method, as its parameter types are then compared loosely, so
 * that code for all providers can hold any of them.
 */
export interface Provider<Credentials extends object = object> {
  readonly facts: ProviderFacts
  readonly errorCodes: Readonly<Record<string, ErrorCode>>
  readonly credentialsKind: CredentialsKind<Credentials>
  /** Signs one attempt: `date` is the server's time, as far as it is known. */
  sign(
    head: RequestHead,
    body: UnsignedRequest['body'],
    credentials: Credentials,
    date: Date,
  ): Awaitable<Authentication>
  readonly loadAdvice: () => Promise<Advice>
}

/** What is known of error responses beyond their consequences. Loaded for the first one. */
export interface Advice {
  /** By error code. */
  readonly advice: Readonly<Record<string, CodeAdvice>>
  /** Compares a rejected signature with what was signed; undefined if the message does not allow it. */
  readonly explainSignature?: (message: string, canonicalRequest: string) => string | undefined
}

/** What an error code means, in the words of the spec, and what to do. */
export interface CodeAdvice {
  readonly meaning: string
  readonly hint: string
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
  /** True where the request certainly did not run. */
  readonly refusal: boolean
  readonly cure?: 'throttled' | 'clock' | 'token' | 'credentials' | 'permission'
}
