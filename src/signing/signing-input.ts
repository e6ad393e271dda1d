/** Headers of a request to be signed. Names may have any case, each at most once. */
export type HeadersToSign = Readonly<Record<string, string>> | Headers

/**
 * The URL as the platform will request it.
 *
 * @throws TypeError if it is not an absolute http or https URL; the message does not have the URL
 */
export function parseHttpUrl(url: string | URL): URL {
  // Not by the constructor's own error, which has the whole URL.
  const parsed = url instanceof URL ? url : URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new TypeError('url must be an absolute http or https URL')
  }
  return parsed
}

/**
 * The headers that can be signed, by lowercase name: the given ones, the host, and the `added` ones, which win; not
 * authorization, which will hold the signature. HTTP drops white space around a value, so it is dropped here too.
 *
 * @throws TypeError if a name is invalid or occurs twice, or if a value cannot be sent
 */
export function headersOf(
  url: URL,
  added: Readonly<Record<string, string>>,
  given: HeadersToSign = {},
): Map<string, string> {
  const headers = normalizeHeaders(given)
  if (!headers.has('host')) headers.set('host', url.host)
  for (const [name, value] of Object.entries(added)) headers.set(name, value)
  headers.delete('authorization')
  return headers
}

function normalizeHeaders(headers: HeadersToSign): Map<string, string> {
  const normalized = new Map<string, string>()
  // Not by instanceof: the first use of Node's own Headers takes more time than a call.
  for (const [anyCaseName, value] of Symbol.iterator in headers ? headers : Object.entries(headers)) {
    const name = anyCaseName.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw new TypeError('headers has an invalid header name')
    if (normalized.has(name)) throw new TypeError(`header ${name} occurs twice`)
    normalized.set(name, normalizeValue(name, value))
  }
  return normalized
}

/** The header as an object to spread; empty if the value is missing or empty. */
export function optionalHeader(name: string, value = ''): Record<string, string> {
  const normalized = normalizeValue(name, value)
  return normalized === '' ? {} : { [name]: normalized }
}

/**
 * The headers named in `names`, or all of them, sorted by name.
 *
 * @throws TypeError if a name is not among the headers
 */
export function selectHeaders(
  headers: ReadonlyMap<string, string>,
  names: readonly string[] = [...headers.keys()],
): [name: string, value: string][] {
  return [...new Set(names)].sort().map((name) => {
    const value = headers.get(name)
    if (value === undefined)
      throw new TypeError(`signedHeaders names ${name}, which is not a header that can be signed`)
    return [name, value]
  })
}

/**
 * Rejects a key that is missing or has a line break: the provider would only report a wrong signature.
 *
 * @throws TypeError naming the field, never its value
 */
export function checkKey(field: string, key: unknown): void {
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)) return
  throw new TypeError(`credentials.${field} must be visible ASCII characters without spaces`)
}

function normalizeValue(name: string, value: string): string {
  const normalized = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  // \p{Cs} is a lone surrogate.
  if (/[\0\n\r\p{Cs}]/u.test(normalized)) throw new TypeError(`header ${name} has a character that cannot be sent`)
  return normalized
}
