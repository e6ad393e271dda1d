import { isText } from '../type-guards.js'
import { ConfigurationError } from '../errors/errors.js'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of the process; empty in a browser. */
export function processEnvironment(): Environment {
  // Bundlers define a process without env, in spite of its type.
  const { env }: { readonly env?: Environment } = typeof process === 'undefined' ? {} : process
  return env ?? {}
}

/** @throws ConfigurationError naming every variable that is missing or empty, and no value */
export function checkVariables<Name extends string>(
  environment: Environment,
  names: readonly Name[],
): asserts environment is Environment & Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !isText(environment[name]))
  if (missing.length > 0) throw new ConfigurationError('environment', `must have ${missing.join(', ')}`)
}
