import { CredentialsError } from './errors.js'

/** Credentials, or a function that gives them, sync or async. The function is asked for every request. */
export type CredentialsSource<Credentials> = Credentials | (() => Credentials | Promise<Credentials>)

/**
 * The credentials for one request.
 *
 * @throws CredentialsError if the function fails or gives something else
 */
export async function resolveCredentials<Credentials extends object>(
  source: CredentialsSource<Credentials>,
  isCredentials: (value: unknown) => value is Credentials,
  operation: string,
): Promise<Credentials> {
  const failure = { operation, attempts: 0, mayHaveRun: false }
  let value: unknown
  try {
    value = typeof source === 'function' ? await source() : source
  } catch (cause) {
    throw new CredentialsError(`${operation}: nothing was sent: the credentials function failed`, { ...failure, cause })
  }
  if (isCredentials(value)) return value
  throw new CredentialsError(
    `${operation}: nothing was sent: the credentials function gave no usable credentials`,
    failure,
  )
}
