/**
 * Percent-encodes all but the unreserved characters of RFC 3986 (A-Z a-z 0-9 - . _ ~), as UTF-8 with uppercase hex.
 *
 * @throws TypeError if the text has a lone surrogate
 */
export function encodeRfc3986(text: string): string {
  // Most texts have unreserved characters only.
  if (/^[\w.~-]*$/.test(text)) return text
  // encodeURIComponent leaves these five as they are.
  return withoutUriError(encodeURIComponent, text, 'text to be percent-encoded has a lone surrogate').replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * The segments of the URL's path, decoded once; the first is the empty text before the leading slash.
 *
 * @throws TypeError if the path has a percent escape that is malformed or not UTF-8
 */
export function decodedPathSegments(url: URL): string[] {
  return url.pathname.split('/').map((segment) => decode(segment, 'path'))
}

/**
 * Names and values of the URL's query, decoded once, in the order of the URL. A missing value is empty.
 *
 * @throws TypeError if the query has a percent escape that is malformed or not UTF-8
 */
export function decodedQueryPairs(url: URL): [name: string, value: string][] {
  // URLSearchParams would turn '+' into a space, as HTML forms do. In RFC 3986 '+' is a plus sign, and both providers
  // require %20 for a space.
  return url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const end = pair.includes('=') ? pair.indexOf('=') : pair.length
      return [decode(pair.slice(0, end), 'query'), decode(pair.slice(end + 1), 'query')]
    })
}

/** Compares by code point, which is the order of the UTF-8 bytes; `<` would compare UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = (a.codePointAt(index) ?? 0) - (b.codePointAt(index) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function decode(text: string, part: 'path' | 'query'): string {
  if (!text.includes('%')) return text
  return withoutUriError(
    decodeURIComponent,
    text,
    `the ${part} of the URL has a percent escape that is malformed or not UTF-8`,
  )
}

/** The platform's URIError names neither the text nor its origin, so it is not kept as a cause. */
function withoutUriError(convert: (text: string) => string, text: string, complaint: string): string {
  try {
    return convert(text)
  } catch {
    throw new TypeError(complaint)
  }
}
