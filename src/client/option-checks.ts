import { isRecord } from '../type-guards.js'
import { ConfigurationError } from '../errors/errors.js'
import { nearestTo } from './suggestion.js'

/** @throws ConfigurationError for a non-object, or a name that resembles a known one */
export function checkNames(options: unknown, known: readonly string[]): void {
  if (!isRecord(options)) throw new ConfigurationError('options', 'must be an object')
  for (const name of Object.keys(options).filter((name) => !known.includes(name))) {
    const nearest = nearestTo(name, known)
    if (nearest !== undefined) throw new ConfigurationError(name, `is not an option; did you mean ${nearest}?`)
  }
}

/**
 * Rejects every unknown name, where an option at its default would be less safe.
 *
 * @throws ConfigurationError
 */
export function checkAllNames(options: unknown, known: readonly string[]): void {
  checkNames(options, known)
  const unknown = Object.keys(Object(options) as object).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new ConfigurationError(unknown, `is not an option; known are ${known.join(', ')}`)
}

/** @throws ConfigurationError */
export function checkTimeout(option: string, timeoutMs: unknown): void {
  // A timer with more than 31 bits of milliseconds fires at once.
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw new ConfigurationError(option, 'must be a number of milliseconds above 0 and below 2147483648')
  }
}

/** @throws ConfigurationError */
export function checkSignal(signal: unknown): void {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new ConfigurationError('signal', 'must be an AbortSignal, such as the signal of an AbortController')
  }
}
