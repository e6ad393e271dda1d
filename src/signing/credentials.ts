import { ConfigurationError } from '../errors/errors.js'

/**
 * Credentials, or a function that returns them, sync or async. The client keeps what the function returns until a minute
 * before its `expiresAt`. Without `expiresAt` it calls the function for every request.
 */
export type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>)

/** The kind of credentials of one provider. */
export interface CredentialsKind<Credentials> {
  readonly matches: (value: unknown) => value is Credentials
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
  if (typeof source !== 'function' && !kind.matches(source)) {
    throw new ConfigurationError('credentials', `must ${kind.rule}`)
  }
}

/** Whether two credentials have the same secrets. */
export function isSame<Credentials>(one: Credentials, other: Credentials, kind: CredentialsKind<Credentials>): boolean {
  const [secrets, others] = [kind.secretsOf(one), kind.secretsOf(other)]
  return secrets.length === others.length && secrets.every((secret, index) => secret === others[index])
}

/** What a credentials function returned, or why that is not credentials. */
export type Renewal<Credentials> =
  { readonly credentials: Credentials } | { readonly problem: string; readonly cause?: unknown }

/** Credentials are renewed this long before they expire: a request takes time, and clocks differ. */
const RENEWAL_MARGIN_MS = 60_000

/** The current credentials of a client. They cannot be read from the object itself. */
export class CredentialsCache<Credentials extends object> {
  /** Whether the provider may get other credentials after `drop`. */
  readonly canRenew: boolean
  readonly #kind: CredentialsKind<Credentials>
  readonly #now: () => number
  readonly #ask: () => unknown
  #kept: { readonly credentials: Credentials; readonly until: number } | undefined
  #renewal: Promise<Renewal<Credentials>> | undefined

  /** @param now milliseconds since 1970 */
  constructor(source: CredentialsSource<Credentials>, kind: CredentialsKind<Credentials>, now: () => number) {
    this.#kind = kind
    this.#now = now
    this.canRenew = typeof source === 'function'
    this.#ask = typeof source === 'function' ? source : () => source
    if (typeof source !== 'function') this.#kept = { credentials: snapshotOf(source, kind), until: Infinity }
  }

  /** The credentials for one request; undefined if they must be renewed. */
  known(): Credentials | undefined {
    return this.#kept !== undefined && this.#now() < this.#kept.until ? this.#kept.credentials : undefined
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
    if (this.canRenew && this.#kept?.credentials === refused) this.#kept = undefined
  }

  #startRenewal(): Promise<Renewal<Credentials>> {
    const promise = askFor(this.#ask, this.#kind).then((renewal) => {
      // A later one may have taken the place of a forgotten one.
      if (this.#renewal === promise) {
        this.#renewal = undefined
        this.#kept = 'credentials' in renewal ? keptUntilExpiry(renewal.credentials) : undefined
      }
      return renewal
    })
    return promise
  }
}

function keptUntilExpiry<Credentials extends object>(
  credentials: Credentials,
): {
  readonly credentials: Credentials
  readonly until: number
} {
  return { credentials, until: expiryOf(credentials) - RENEWAL_MARGIN_MS }
}

async function askFor<Credentials extends object>(
  ask: () => unknown,
  kind: CredentialsKind<Credentials>,
): Promise<Renewal<Credentials>> {
  try {
    const value = await ask()
    if (!kind.matches(value)) return { problem: `the result of the credentials function must ${kind.rule}` }
    if (Number.isNaN(expiryOf(value))) return { problem: 'the credentials function returned an invalid expiresAt' }
    return { credentials: value }
  } catch (cause) {
    return { problem: 'the credentials function failed', cause }
  }
}

/** Milliseconds since 1970; -Infinity without expiresAt, NaN if it cannot be read. */
function expiryOf(credentials: object): number {
  const expiresAt = 'expiresAt' in credentials ? credentials.expiresAt : undefined
  if (expiresAt === undefined) return -Infinity
  return expiresAt instanceof Date ? expiresAt.getTime() : Number.NaN
}

/** A copy, so that later changes of the caller's object have no effect. Getters of a class are not copied. */
function snapshotOf<Credentials extends object>(source: Credentials, kind: CredentialsKind<Credentials>): Credentials {
  const copy: unknown = { ...source }
  return kind.matches(copy) ? copy : source
}
