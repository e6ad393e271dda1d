import { ConfigurationError, CredentialsError, type CallFailure } from '../errors/errors.js'

/**
 * Credentials, or a function that gives them, sync or async. What it gives is kept until a minute before its `expiresAt`;
 * without `expiresAt` the function is asked for every request.
 */
export type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>)

/** What credentials of one provider are. */
export interface CredentialsKind<Credentials> {
  readonly matches: (value: unknown) => value is Credentials
  /** What is expected, to follow "must". */
  readonly rule: string
  /** What must never be shown of them. */
  readonly secretsOf: (credentials: Credentials) => readonly (string | undefined)[]
}

/**
 * Refuses credentials that are wrong already when the client is made.
 *
 * @throws ConfigurationError
 */
export function checkCredentials<Credentials>(source: unknown, kind: CredentialsKind<Credentials>): void {
  if (typeof source !== 'function' && !kind.matches(source))
    throw new ConfigurationError('credentials', `must ${kind.rule}`)
}

/** How much earlier than they expire credentials are renewed: a request takes time, and clocks differ. */
const RENEWAL_MARGIN_MS = 60_000

/** The current credentials of a client. Nothing of them can be read from the object itself. */
export interface CredentialsCache<Credentials> {
  /**
   * The credentials for one request: at once if they are known. Calls at the same time share one call of the function.
   *
   * @param operation the name of the operation, for the error
   * @param before what the error tells of the call, by default that nothing was sent
   * @throws CredentialsError (the promise rejects) if the function fails or gives something else; the next call asks again
   */
  readonly get: (operation: string, before?: Omit<CallFailure, 'operation'>) => Credentials | Promise<Credentials>
  /** Forgets these very credentials, as the provider refused them. Others that came since stay. */
  readonly drop: (used: Credentials) => void
  /** Whether other credentials may come after a drop: false for fixed ones. */
  readonly canRenew: boolean
}

/** @param now milliseconds since 1970 */
export function createCredentialsCache<Credentials extends object>(
  source: CredentialsSource<Credentials>,
  kind: CredentialsKind<Credentials>,
  now: () => number,
): CredentialsCache<Credentials> {
  if (typeof source === 'function') return renewing(source, kind, now)
  const fixed = snapshotOf(source, kind)
  return { get: () => fixed, drop: () => undefined, canRenew: false }
}

type Renewal<Credentials> =
  { readonly credentials: Credentials } | { readonly problem: string; readonly cause?: unknown }

function renewing<Credentials extends object>(
  ask: () => Credentials | Promise<Credentials>,
  kind: CredentialsKind<Credentials>,
  now: () => number,
): CredentialsCache<Credentials> {
  let kept: { readonly credentials: Credentials; readonly until: number } | undefined
  let underWay: Promise<Renewal<Credentials>> | undefined

  return { get, drop, canRenew: true }

  function get(operation: string, before?: Omit<CallFailure, 'operation'>): Credentials | Promise<Credentials> {
    if (kept !== undefined && now() < kept.until) return kept.credentials
    underWay ??= renew()
    return underWay.then((renewal) => {
      if ('credentials' in renewal) return renewal.credentials
      throw failureOf(renewal, operation, before)
    })
  }

  function drop(used: Credentials): void {
    if (kept?.credentials === used) kept = undefined
  }

  /** Never rejects: each call that waits makes an error of its own. */
  async function renew(): Promise<Renewal<Credentials>> {
    const renewal = await askFor(ask, kind)
    underWay = undefined
    kept =
      'credentials' in renewal ? { ...renewal, until: expiryOf(renewal.credentials) - RENEWAL_MARGIN_MS } : undefined
    return renewal
  }
}

async function askFor<Credentials extends object>(
  ask: () => unknown,
  kind: CredentialsKind<Credentials>,
): Promise<Renewal<Credentials>> {
  try {
    const value = await ask()
    if (!kind.matches(value)) return { problem: `what the credentials function gives must ${kind.rule}` }
    if (Number.isNaN(expiryOf(value))) {
      return { problem: 'what the credentials function gives has an expiresAt that is no valid Date' }
    }
    return { credentials: value }
  } catch (cause) {
    return { problem: 'the credentials function failed', cause }
  }
}

/** Milliseconds since 1970; the beginning of time where nothing is said, NaN where it cannot be read. */
function expiryOf(credentials: object): number {
  const expiresAt = 'expiresAt' in credentials ? credentials.expiresAt : undefined
  if (expiresAt === undefined) return -Infinity
  return expiresAt instanceof Date ? expiresAt.getTime() : Number.NaN
}

function failureOf(
  renewal: { readonly problem: string; readonly cause?: unknown },
  operation: string,
  before: Omit<CallFailure, 'operation'> = { attempts: 0, mayHaveRun: false },
): CredentialsError {
  const { problem, ...rest } = renewal
  const sent = before.attempts === 0 ? 'nothing was sent: ' : ''
  return new CredentialsError(`${operation}: ${sent}${problem}`, { ...before, ...rest, operation })
}

/** Later changes of the caller's object do not matter. One whose values are getters of its class is taken as it is. */
function snapshotOf<Credentials extends object>(source: Credentials, kind: CredentialsKind<Credentials>): Credentials {
  const copy: unknown = { ...source }
  return kind.matches(copy) ? copy : source
}
