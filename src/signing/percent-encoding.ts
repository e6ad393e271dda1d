/**
 * Percent-encodes all but the unreserved characters of RFC 3986 (A-Z a-z 0-9 - . _ ~), as UTF-8 with upper-case hex.
 *
 * @throws TypeError if the text holds half a surrogate pair
 */
export function encodeRfc3986(text: string): string {
  // What most texts are is their own encoding.
  if (/^[\w.~-]*$/.test(text)) return text
  // encodeURIComponent leaves these five as they are.
  return withoutUriError(encodeURIComponent, text, 'text to be percent-encoded holds half a surrogate pair').replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * The segments of the URL's path, decoded once; the first is the empty text before the leading slash.
 *
 * @throws TypeError if the path holds a percent escape that is malformed or no UTF-8
 */
export function decodedPathSegments(url: URL): string[] {
  return url.pathname.split('/').map((segment) => decode(segment, 'path'))
}

/**
 * Names and values of the URL's query, decoded once, in the order of the URL. A missing value is empty.
 *
 * @throws TypeError if the query holds a percent escape that is malformed or no UTF-8
 */
export function decodedQueryPairs(url: URL): [name: string, value: string][] {
  // Read by hand because URLSearchParams turns '+' into a space. That is a rule of HTML forms: to RFC 3986 '+' is itself,
  // and both providers want a space written as %20, so a '+' in the URL can only mean a plus sign.
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
    `the ${part} of the URL holds a percent escape that is malformed or no UTF-8`,
  )
}

/** The URIError of the platform says nothing of where it came from. It is not kept as cause: it adds nothing. */
function withoutUriError(convert: (text: string) => string, text: string, complaint: string): string {
  try {
    return convert(text)
  } catch {
    throw new TypeError(complaint)
  }
}
