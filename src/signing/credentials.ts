import { ConfigurationError } from '../errors/errors.js'
import { isRecord } from '../type-guards.js'

/**
 * Credentials, or a function that returns them, sync or async. The client keeps what the function returns until a minute
 * before its `expiresAt`. Without `expiresAt` it calls the function for every request.
 */
export type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>)

/** The kind of credentials of one provider. */
export interface CredentialsKind<Credentials> {
  /** A copy of the fields, each read once; undefined if they break the rule. */
  readonly copyOf: (value: unknown) => Credentials | undefined
  /** The rule for the fields, to follow "must". */
  readonly rule: string
  /** The values that no output may show. */
  secretsOf(credentials: Credentials): readonly (string | undefined)[]
}

/**
 * Rejects wrong credentials when a client is created.
 *
 * @throws ConfigurationError
 */
export function checkCredentials<Credentials>(source: unknown, kind: CredentialsKind<Credentials>): void {
  if (typeof source !== 'function' && kind.copyOf(source) === undefined) {
    throw new ConfigurationError('credentials', `must ${kind.rule}`)
  }
}

/** Whether two credentials have the same secrets. */
export function isSame<Credentials>(one: Credentials, other: Credentials, kind: CredentialsKind<Credentials>): boolean {
  const [secrets, others] = [kind.secretsOf(one), kind.secretsOf(other)]
  return secrets.length === others.length && secrets.every((secret, index) => secret === others[index])
}

/** Credentials and the time in milliseconds since 1970 until which they are used. */
interface Kept<Credentials> {
  readonly credentials: Credentials
  readonly until: number
}

/** What a credentials function returned, or why that is not credentials. */
export type Renewal<Credentials> = Kept<Credentials> | { readonly problem: string; readonly failure?: unknown }

/** Credentials are renewed this long before they expire: a request takes time, and clocks differ. */
const RENEWAL_MARGIN_MS = 60_000

/** The current credentials of a client. They cannot be read from the object itself. */
export class CredentialsCache<Credentials extends object> {
  /** Whether the provider may get other credentials after `drop`. */
  readonly canRenew: boolean
  readonly #kind: CredentialsKind<Credentials>
  readonly #now: () => number
  readonly #ask: () => unknown
  #kept: Kept<Credentials> | undefined
  #renewal: Promise<Renewal<Credentials>> | undefined

  /** @param now milliseconds since 1970 */
  constructor(source: CredentialsSource<Credentials>, kind: CredentialsKind<Credentials>, now: () => number) {
    this.#kind = kind
    this.#now = now
    const isFunction = typeof source === 'function'
    // An object whose fields are getters of its class is asked anew for each request, like a function.
    const fixed = isFunction ? undefined : kind.copyOf({ ...source })
    this.canRenew = fixed === undefined
    this.#ask = isFunction ? source : () => source
    this.#kept = fixed && { credentials: fixed, until: Infinity }
  }

  /** The credentials for one request; undefined if they must be renewed. */
  known(): Credentials | undefined {
    return this.#kept !== undefined && this.#now() < this.#kept.until ? this.#kept.credentials : undefined
  }

  /** The values that no output may show. */
  get secrets(): readonly (string | undefined)[] {
    return this.#kept === undefined ? [] : this.#kind.secretsOf(this.#kept.credentials)
  }

  /** Calls the credentials function. Concurrent calls share one call of the function. Never rejects. */
  renew(): Promise<Renewal<Credentials>> {
    this.#renewal ??= this.#startRenewal()
    return this.#renewal
  }

  /** Forgets a call of the function that does not settle, so that the next request starts another. */
  forget(renewal: Promise<Renewal<Credentials>>): void {
    if (this.#renewal === renewal) this.#renewal = undefined
  }

  /** Forgets these credentials, which the provider refused. Newer ones stay. */
  drop(refused: Credentials): void {
    if (this.canRenew && this.#kept?.credentials === refused) this.#kept = { credentials: refused, until: -Infinity }
  }

  #startRenewal(): Promise<Renewal<Credentials>> {
    const promise = askFor(this.#ask, this.#kind).then((renewal) => {
      // A later one may have taken the place of a forgotten one.
      if (this.#renewal === promise) {
        this.#renewal = undefined
        if ('credentials' in renewal) this.#kept = renewal
      }
      return renewal
    })
    return promise
  }
}

async function askFor<Credentials extends object>(
  ask: () => unknown,
  kind: CredentialsKind<Credentials>,
): Promise<Renewal<Credentials>> {
  try {
    const value = await ask()
    const credentials = kind.copyOf(value)
    if (credentials === undefined) return { problem: `the result of the credentials function must ${kind.rule}` }
    const until = expiryOf(value) - RENEWAL_MARGIN_MS
    if (Number.isNaN(until)) return { problem: 'the credentials function returned an invalid expiresAt' }
    return { credentials, until }
  } catch (failure) {
    return { problem: 'the credentials function failed', failure }
  }
}

/** Milliseconds since 1970; -Infinity without expiresAt, NaN if it cannot be read. */
function expiryOf(value: unknown): number {
  const expiresAt = isRecord(value) ? value['expiresAt'] : undefined
  if (expiresAt === undefined) return -Infinity
  return expiresAt instanceof Date ? expiresAt.getTime() : Number.NaN
}
