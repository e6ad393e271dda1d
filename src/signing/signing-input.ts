/** Headers of a request to be signed. Names may have any case, but each must be there only once. */
export type HeadersToSign = Readonly<Record<string, string>> | Headers

/**
 * The URL as the platform will request it.
 *
 * @throws TypeError if it is no absolute http or https URL; the message does not repeat it
 */
export function parseHttpUrl(url: string | URL): URL {
  const parsed = parsedUrl(url)
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new TypeError('url must be an absolute http or https URL')
  }
  return parsed
}

/** The error of the URL constructor carries the whole URL. */
function parsedUrl(url: string | URL): URL | undefined {
  try {
    return url instanceof URL ? url : new URL(url)
  } catch {
    return undefined
  }
}

/**
 * The headers that can be signed: those given, the host, and those that are `added` whatever was given; not authorization,
 * where the signature will be. By lower-case name, with values as they arrive: HTTP drops white space around a value, not
 * within.
 *
 * @throws TypeError if a name is no header name or is there twice, or if a value cannot be sent
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
  for (const [anyCaseName, value] of headers instanceof Headers ? headers : Object.entries(headers)) {
    const name = anyCaseName.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) throw new TypeError('headers hold a name that is no header name')
    if (normalized.has(name)) throw new TypeError(`header ${name} is there twice`)
    normalized.set(name, normalizeValue(name, value))
  }
  return normalized
}

/** The header as an object to be spread, without anything if the value is missing or empty. */
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
    if (value === undefined) throw new TypeError(`signedHeaders names ${name}, which is no header that can be signed`)
    return [name, value]
  })
}

/**
 * Refuses a key that is missing or came with a line break: the provider would only answer that the signature is wrong.
 *
 * @throws TypeError naming the field, never its value
 */
export function checkKey(field: string, key: unknown): void {
  if (typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)) return
  throw new TypeError(`credentials.${field} must be visible ASCII characters without spaces`)
}

function normalizeValue(name: string, value: string): string {
  const normalized = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  // \p{Cs} is half a surrogate pair.
  if (/[\0\n\r\p{Cs}]/u.test(normalized)) throw new TypeError(`header ${name} holds a character that cannot be sent`)
  return normalized
}
