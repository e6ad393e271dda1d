import { isRecord } from '../type-guards.js'

/** The value of a header, by its name in lower case; undefined if there is none, or more than one. */
export function headerOf(headers: unknown, name: string): string | undefined {
  if (!isRecord(headers)) return undefined
  // A function of this name is that of Headers, of any copy of the class.
  if (typeof headers['get'] === 'function') return (headers as unknown as Headers).get(name) ?? undefined
  const values = Object.keys(headers)
    .filter((key) => key.toLowerCase() === name)
    .flatMap((key) => headers[key])
    .filter((value) => value !== undefined)
  const [value] = values
  return values.length === 1 && typeof value === 'string' ? value : undefined
}
