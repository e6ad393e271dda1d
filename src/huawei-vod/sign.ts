import { hmacHex, sha256Hex } from '#platform'
import {
  compareCodePoints,
  decodedPathSegments,
  decodedQueryPairs,
  encodeRfc3986,
} from '../signing/percent-encoding.js'
import {
  checkKey,
  headersOf,
  optionalHeader,
  parseHttpUrl,
  selectHeaders,
  type HeadersToSign,
} from '../signing/signing-input.js'

/** A request to be signed for Huawei Cloud. */
export interface HuaweiSigningInput {
  readonly method: string
  /** The absolute URL that is requested. */
  readonly url: string | URL
  /** The headers the request has already. None by default. */
  readonly headers?: HeadersToSign
  /** The exact bytes that are sent, or text that is sent as UTF-8. Empty by default. */
  readonly body?: string | Uint8Array
  readonly credentials: {
    /** The AK. */
    readonly accessKeyId: string
    /** The SK. Never part of the result. */
    readonly secretAccessKey: string
    /** Comes with temporary keys only. */
    readonly securityToken?: string | undefined
  }
  /** The time of signing. Default: now. The gateway refuses more than 15 minutes of difference to its own clock. */
  readonly date?: Date
  /**
   * Lower-case names of the headers to sign, `x-sdk-date` among them. Default: all of `headers` but `authorization` and
   * names with an underscore, and `host`, `x-sdk-date` and, with temporary keys, `x-security-token`.
   */
  readonly signedHeaders?: readonly string[]
}

/** A signature with what led to it. `headers` and `canonicalRequest` hold the security token, if there is one. */
export interface HuaweiSignature {
  /** Exactly the headers to add to the request: authorization, x-sdk-date and, with temporary keys, x-security-token. */
  readonly headers: Readonly<Record<string, string>>
  /** What a gateway that refuses the signature repeats as its own, with `|` for line breaks. */
  readonly canonicalRequest: string
  readonly stringToSign: string
  /** 64 lower-case hex digits. */
  readonly signature: string
}

const ALGORITHM = 'SDK-HMAC-SHA256'

/**
 * Signs a request with AK and SK (SDK-HMAC-SHA256). Changes nothing that it is given.
 *
 * `date` and the credentials win over an x-sdk-date or x-security-token in `headers`. A `host` in `headers` is signed as
 * it is; without one it is the URL's host, with its port if that is not the default. An `x-sdk-content-sha256` in
 * `headers` stands for the hash of the body (`UNSIGNED-PAYLOAD` leaves the body out).
 *
 * @throws TypeError if the URL, a header, a key, the date or `signedHeaders` cannot be used; no secret is in the message
 * @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-001.html
 */
export async function signHuaweiRequest(input: HuaweiSigningInput): Promise<HuaweiSignature> {
  const { accessKeyId, secretAccessKey } = input.credentials
  checkKey('accessKeyId', accessKeyId)
  checkKey('secretAccessKey', secretAccessKey)
  const url = parseHttpUrl(input.url)
  const sdkDate = formatSdkDate(input.date ?? new Date())
  // api-sign-securetoken: the token of temporary keys goes into a header that is signed like any other.
  const added = { 'x-sdk-date': sdkDate, ...optionalHeader('x-security-token', input.credentials.securityToken) }
  const headers = headersOf(url, added, input.headers)
  // Go and Python SDKs leave names with an underscore out.
  for (const name of headers.keys()) if (name.includes('_')) headers.delete(name)
  const signed = selectHeaders(headers, input.signedHeaders)
  const signedNames = signed.map(([name]) => name).join(';')
  // api-sign-exclude-header: the date is the one header that must be signed.
  if (!signed.some(([name]) => name === 'x-sdk-date')) throw new TypeError('signedHeaders must name x-sdk-date')

  // api-sign-algorithm-002: six parts. The headers end in a line break of their own, so an empty line follows them.
  const canonicalRequest = [
    input.method.toUpperCase(),
    canonicalPath(url),
    canonicalQuery(url),
    canonicalHeaders(signed),
    signedNames,
    // api-sign-exclude-body: what this header holds takes the place of the hash.
    headers.get('x-sdk-content-sha256') ?? (await sha256Hex(input.body ?? '')),
  ].join('\n')
  // api-sign-algorithm-003: algorithm, time and hash, without a line break at the end.
  const stringToSign = [ALGORITHM, sdkDate, await sha256Hex(canonicalRequest)].join('\n')
  // api-sign-algorithm-004: the SK itself is the key; nothing is derived from it.
  const signature = await hmacHex('SHA-256', secretAccessKey, stringToSign)
  // api-sign-algorithm-005: a space and no comma after the algorithm.
  const authorization = `${ALGORITHM} Access=${accessKeyId}, SignedHeaders=${signedNames}, Signature=${signature}`
  return { headers: { authorization, ...added }, canonicalRequest, stringToSign, signature }
}

/** api-sign-algorithm-002, X-Sdk-Date: UTC as YYYYMMDDTHHMMSSZ. */
function formatSdkDate(date: Date): string {
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  const sdkDate = iso.replace(/[-:]|\.\d+/g, '')
  if (!/^\d{8}T\d{6}Z$/.test(sdkDate)) throw new TypeError('date must be a valid time in the years 0 to 9999')
  return sdkDate
}

/** api-sign-algorithm-002, CanonicalURI: each segment encoded once, and a slash at the end that is not sent. */
function canonicalPath(url: URL): string {
  const path = decodedPathSegments(url)
    .map((segment) => encodeRfc3986(segment))
    .join('/')
  return path.endsWith('/') ? path : `${path}/`
}

/**
 * api-sign-algorithm-002, CanonicalQueryString: sorted by name, `=` even without a value. Go and Python SDKs: sorted
 * before encoding, and the values of one name are sorted too.
 */
function canonicalQuery(url: URL): string {
  return decodedQueryPairs(url)
    .sort(([nameA, valueA], [nameB, valueB]) => compareCodePoints(nameA, nameB) || compareCodePoints(valueA, valueB))
    .map((pair) => pair.map(encodeRfc3986).join('='))
    .join('&')
}

/**
 * api-sign-algorithm-002, CanonicalHeaders: lower-case name, value without white space around it, sorted by name. The
 * vendor's Node SDK does not trim, so its signature for a value with such white space does not fit what arrives.
 */
function canonicalHeaders(headers: readonly (readonly [name: string, value: string])[]): string {
  return headers.map(([name, value]) => `${name}:${value}\n`).join('')
}
