import { hmacHex, sha256Hex } from '#platform'
import {
  compareCodePoints,
  decodedPathSegments,
  decodedQueryPairs,
  encodeRfc3986,
} from '../signing/percent-encoding.js'
import { andThen, keptPerHead, type Awaitable, type RequestHead } from '../signing/authentication.js'
import {
  checkKey,
  headersOf,
  optionalHeader,
  parseHttpUrl,
  selectHeaders,
  type HeadersToSign,
} from '../signing/signing-input.js'

/** A request to sign for Huawei Cloud. */
export interface HuaweiSigningInput {
  /** HTTP method, in upper case. */
  readonly method: string
  /** The absolute URL of the request. */
  readonly url: string | URL
  /** The headers of the request. Default: none. */
  readonly headers?: HeadersToSign
  /** The exact bytes of the body, or its text, which is sent as UTF-8. Default: empty. */
  readonly body?: string | Uint8Array
  /** The access key that signs. */
  readonly credentials: {
    /** The AK. */
    readonly accessKeyId: string
    /** The SK. Never part of the result. */
    readonly secretAccessKey: string
    /** The security token of a temporary access key. */
    readonly securityToken?: string | undefined
  }
  /** The signing time. The gateway rejects a time that differs from its own by more than 15 minutes. Default: now. */
  readonly date?: Date
  /**
   * Lowercase names of the headers to sign, including `x-sdk-date`. Default: all of `headers` except `authorization` and
   * names with an underscore, and `host`, `x-sdk-date`, and for temporary keys `x-security-token`.
   */
  readonly signedHeaders?: readonly string[]
}

/**
 * A signature and its intermediate strings. `headers` and `canonicalRequest` have the security token, if there is one.
 */
export interface HuaweiSignature {
  /** The headers to add to the request: authorization, x-sdk-date, and for temporary keys x-security-token. */
  readonly headers: Readonly<Record<string, string>>
  /** The gateway's message for a wrong signature has its own version of this text, with `|` for line breaks. */
  readonly canonicalRequest: string
  /** The string to sign: algorithm, signing time, and hash of `canonicalRequest`. */
  readonly stringToSign: string
  /** 64 lowercase hex digits. */
  readonly signature: string
}

const ALGORITHM = 'SDK-HMAC-SHA256'
const DATE_HEADER = 'x-sdk-date'

/**
 * Signs a request with AK and SK (SDK-HMAC-SHA256). Does not change its input.
 *
 * `date` and the credentials win over an x-sdk-date or x-security-token in `headers`. A `host` in `headers` wins over that
 * of the URL, which has a port if it is not the default one. An `x-sdk-content-sha256` in `headers` replaces the hash of
 * the body; `UNSIGNED-PAYLOAD` excludes the body from the signature.
 *
 * @throws TypeError if the URL, a header, a key, the date, or `signedHeaders` is invalid; the message has no secret
 * @see https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-001.html
 */
export async function signHuaweiRequest(input: HuaweiSigningInput): Promise<HuaweiSignature> {
  return sign(planSignature(input), input.body ?? '', input.date ?? new Date())
}

/** Whatever in a signature is the same at any time and for any body. */
interface SigningPlan {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The canonical request up to the signing time, and from there to the hash of the body. */
  readonly beforeDate: string
  readonly afterDate: string
  readonly signedNames: string
  /** Takes the place of the hash. */
  readonly bodyHash: string | undefined
  readonly securityToken: Readonly<Record<string, string>>
}

/** Creates what signs the requests of a client: it plans the signature of each head once. */
export function headSigner(): (
  head: RequestHead,
  body: string | Uint8Array,
  credentials: HuaweiSigningInput['credentials'],
  date: Date,
) => Awaitable<HuaweiSignature> {
  const planOf = keptPerHead((head, credentials: HuaweiSigningInput['credentials']) =>
    planSignature({ method: head.method, url: head.url, headers: head.signedHeaders, credentials }),
  )
  return (head, body, credentials, date) => sign(planOf(head, credentials), body, date)
}

function planSignature(input: Omit<HuaweiSigningInput, 'date' | 'body'>): SigningPlan {
  const { accessKeyId, secretAccessKey } = input.credentials
  checkKey('accessKeyId', accessKeyId)
  checkKey('secretAccessKey', secretAccessKey)
  const url = parseHttpUrl(input.url)
  // api-sign-securetoken: the security token is a header that is signed like any other.
  const securityToken = optionalHeader('x-security-token', input.credentials.securityToken)
  // Of the date, the name is known; the value follows for each signature.
  const headers = headersOf(url, { [DATE_HEADER]: '', ...securityToken }, input.headers)
  // The Go and Python SDKs omit names with an underscore.
  for (const name of headers.keys()) if (name.includes('_')) headers.delete(name)
  const signed = selectHeaders(headers, input.signedHeaders)
  const signedNames = signed.map(([name]) => name).join(';')
  const dateAt = signed.findIndex(([name]) => name === DATE_HEADER)
  // api-sign-exclude-header: the date is the one header that must be signed.
  if (dateAt === -1) throw new TypeError('signedHeaders must name x-sdk-date')

  // api-sign-algorithm-002: six parts, each on a line of its own. The headers end with a line break, so an empty line
  // follows them.
  const beforeHeaders = [input.method.toUpperCase(), canonicalPath(url), canonicalQuery(url), ''].join('\n')
  return {
    accessKeyId,
    secretAccessKey,
    beforeDate: `${beforeHeaders}${canonicalHeaders(signed.slice(0, dateAt))}${DATE_HEADER}:`,
    afterDate: `\n${canonicalHeaders(signed.slice(dateAt + 1))}\n${signedNames}\n`,
    signedNames,
    // api-sign-exclude-body: this header replaces the hash.
    bodyHash: headers.get('x-sdk-content-sha256'),
    securityToken,
  }
}

function sign(plan: SigningPlan, body: string | Uint8Array, date: Date): Awaitable<HuaweiSignature> {
  const { accessKeyId, secretAccessKey, beforeDate, afterDate, signedNames, securityToken } = plan
  const sdkDate = formatSdkDate(date)
  return andThen(plan.bodyHash ?? sha256Hex(body), (bodyHash) => {
    const canonicalRequest = beforeDate + sdkDate + afterDate + bodyHash
    return andThen(sha256Hex(canonicalRequest), (hash) => {
      // api-sign-algorithm-003: algorithm, time, and hash, without a final line break.
      const stringToSign = `${ALGORITHM}\n${sdkDate}\n${hash}`
      // api-sign-algorithm-004: the SK itself is the key.
      return andThen(hmacHex('SHA-256', secretAccessKey, stringToSign), (signature) => {
        // api-sign-algorithm-005: a space, not a comma, follows the algorithm.
        const authorization = `${ALGORITHM} Access=${accessKeyId}, SignedHeaders=${signedNames}, Signature=${signature}`
        const headers = { authorization, [DATE_HEADER]: sdkDate, ...securityToken }
        return { headers, canonicalRequest, stringToSign, signature }
      })
    })
  })
}

/**
 * CanonicalHeaders: lowercase name, trimmed value, sorted by name. The provider's Node SDK does not trim, so the gateway
 * rejects its signature of a value with white space around it.
 */
function canonicalHeaders(signed: readonly (readonly [name: string, value: string])[]): string {
  return signed.map(([name, value]) => `${name}:${value}\n`).join('')
}

let latest = { second: Number.NaN, sdkDate: '' }

/** api-sign-algorithm-002, X-Sdk-Date: UTC as YYYYMMDDTHHMMSSZ. Kept for its second, as many requests may share it. */
function formatSdkDate(date: Date): string {
  const second = Math.floor(date.getTime() / 1_000)
  if (second !== latest.second) latest = { second, sdkDate: sdkDateOf(date) }
  return latest.sdkDate
}

function sdkDateOf(date: Date): string {
  const iso = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  const sdkDate = iso.replace(/[-:]|\.\d+/g, '')
  if (!/^\d{8}T\d{6}Z$/.test(sdkDate)) throw new TypeError('date must be a valid time in the years 0 to 9999')
  return sdkDate
}

/** api-sign-algorithm-002, CanonicalURI: each segment encoded once, and a final slash that is not sent. */
function canonicalPath(url: URL): string {
  const path = decodedPathSegments(url).map(encodeRfc3986).join('/')
  return path.endsWith('/') ? path : `${path}/`
}

/**
 * api-sign-algorithm-002, CanonicalQueryString: sorted by name, with `=` even without a value. The Go and Python SDKs sort
 * before encoding, and sort the values of one name too.
 */
function canonicalQuery(url: URL): string {
  return decodedQueryPairs(url)
    .sort(([nameA, valueA], [nameB, valueB]) => compareCodePoints(nameA, nameB) || compareCodePoints(valueA, valueB))
    .map((pair) => pair.map(encodeRfc3986).join('='))
    .join('&')
}
