/**
 * True if a release tells callers that it may break them: by its major version, or below 1.0 by its minor version.
 *
 * @param from the version of the last release
 * @param to the version in package.json, which may be the same
 * @param bumps what changesets ask for beyond `to`
 */
export function isBreaking(from: string, to: string, bumps: readonly string[]): boolean {
  const [fromMajor, fromMinor] = from.split('.')
  const [toMajor, toMinor] = to.split('.')
  const isEarly = toMajor === '0'
  return (
    fromMajor !== toMajor ||
    (isEarly && fromMinor !== toMinor) ||
    bumps.includes('major') ||
    (isEarly && bumps.includes('minor'))
  )
}
