import { suggestionFor } from '../client/suggestion.js'

/** @throws TypeError with the message, which begins with the name of the method */
export function demand(condition: boolean, message: string): void {
  if (!condition) throw new TypeError(message)
}

/** @throws TypeError if the object has another name */
export function demandNames(method: string, object: object, known: readonly string[]): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`${method}: ${unknown} is not a known field; ${suggestionFor(unknown, known)}`)
}

/** @throws TypeError if `times` cannot be the number of calls of a plan */
export function demandTimes(method: string, times: number): void {
  const isPossible = times === Infinity || (Number.isInteger(times) && times >= 1)
  demand(isPossible, `${method}: times must be a whole number from 1, or Infinity`)
}
