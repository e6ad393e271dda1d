import { ConfigurationError, CredentialsError } from './errors.js'

/** Credentials, or a function that gives them, sync or async. The function is asked for every request. */
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

/**
 * The credentials for one request.
 *
 * @throws CredentialsError if the function fails or gives something else
 */
export async function resolveCredentials<Credentials extends object>(
  source: CredentialsSource<Credentials>,
  kind: CredentialsKind<Credentials>,
  operation: string,
): Promise<Credentials> {
  const failure = { operation, attempts: 0, mayHaveRun: false }
  let value: unknown
  try {
    value = typeof source === 'function' ? await source() : source
  } catch (cause) {
    throw new CredentialsError(`${operation}: nothing was sent: the credentials function failed`, { ...failure, cause })
  }
  if (kind.matches(value)) return value
  throw new CredentialsError(
    `${operation}: nothing was sent: what the credentials function gives must ${kind.rule}`,
    failure,
  )
}
