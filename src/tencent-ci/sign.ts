import { hmacHex, sha1Hex } from '#platform'
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

/** A request to be signed for Tencent Cloud CI. The signature does not cover the body. */
export interface TencentSigningInput {
  readonly method: string
  /** The absolute URL that is requested. */
  readonly url: string | URL
  /** The headers the request has already. None by default. */
  readonly headers?: HeadersToSign
  readonly credentials: {
    readonly secretId: string
    /** Never part of the result. */
    readonly secretKey: string
    /** Comes with temporary keys only. */
    readonly sessionToken?: string | undefined
  }
  /** The time from which the signature is valid, cut to the second. Default: now. */
  readonly date?: Date
  /** Whole seconds for which the signature is valid. Default 900. */
  readonly expiresInSeconds?: number
  /**
   * Lower-case names of the headers to sign; may be empty. Default: all of `headers` but `authorization`, and `host` and,
   * with temporary keys, `x-ci-security-token`.
   */
  readonly signedHeaders?: readonly string[]
}

/** A signature with what led to it. `headers` and `httpString` hold the session token, if there is one. */
export interface TencentSignature {
  /** Exactly the headers to add to the request: authorization and, with temporary keys, x-ci-security-token. */
  readonly headers: Readonly<Record<string, string>>
  /** What a server that refuses the signature may repeat as its own `FormatString`. */
  readonly httpString: string
  readonly stringToSign: string
  /** 40 lower-case hex digits. */
  readonly signature: string
}

const ALGORITHM = 'sha1'

/**
 * Signs a request with SecretId and SecretKey (q-sign-algorithm=sha1). Changes nothing that it is given.
 *
 * The credentials win over an x-ci-security-token in `headers`. A `host` in `headers` is signed as it is; without one it
 * is the URL's host, with its port if that is not the default.
 *
 * @throws TypeError if the URL, a header, a key, the date, `expiresInSeconds` or `signedHeaders` cannot be used; no secret
 * is in the message
 * @see https://www.tencentcloud.com/document/product/436/7778
 */
export async function signTencentRequest(input: TencentSigningInput): Promise<TencentSignature> {
  const { secretId, secretKey } = input.credentials
  checkKey('secretId', secretId)
  checkKey('secretKey', secretKey)
  const url = parseHttpUrl(input.url)
  const keyTime = formatKeyTime(input.date ?? new Date(), input.expiresInSeconds ?? 900)
  // 1045/43609 (common request headers of CI) names the header. Signed too, as the vendor's Python SDK does.
  const added = optionalHeader('x-ci-security-token', input.credentials.sessionToken)
  const headers = headersOf(url, added, input.headers)
  const signedHeaders = canonicalList(selectHeaders(headers, input.signedHeaders))
  const signedParameters = canonicalList(decodedQueryPairs(url))

  // 436/7778 step 5: empty parts keep their line breaks.
  const httpString = [
    input.method.toLowerCase(),
    canonicalPath(url),
    signedParameters.pairs,
    signedHeaders.pairs,
    '',
  ].join('\n')
  // Step 6: a line break at the end here too.
  const stringToSign = [ALGORITHM, keyTime, await sha1Hex(httpString), ''].join('\n')
  // Steps 2 and 7: the key is the hex text of the SignKey, not its bytes.
  const signKey = await hmacHex('SHA-1', secretKey, keyTime)
  const signature = await hmacHex('SHA-1', signKey, stringToSign)
  // Step 8: not URL-encoded in a header, so the semicolons stay.
  const authorization = [
    `q-sign-algorithm=${ALGORITHM}`,
    `q-ak=${secretId}`,
    `q-sign-time=${keyTime}`,
    `q-key-time=${keyTime}`,
    `q-header-list=${signedHeaders.names}`,
    `q-url-param-list=${signedParameters.names}`,
    `q-signature=${signature}`,
  ].join('&')
  return { headers: { authorization, ...added }, httpString, stringToSign, signature }
}

/** 436/7778 step 1: start and end of validity in Unix seconds. */
function formatKeyTime(date: Date, expiresInSeconds: number): string {
  const start = Math.floor(date.getTime() / 1000)
  if (!Number.isSafeInteger(start) || start < 0) throw new TypeError('date must be a valid time, not before 1970')
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds <= 0) {
    throw new TypeError('expiresInSeconds must be a whole number above 0')
  }
  return `${String(start)};${String(start + expiresInSeconds)}`
}

/** 436/7778 step 5 and its upload example: the path is signed as it reads decoded, `/exampleobject(腾讯云)`. */
function canonicalPath(url: URL): string {
  return decodedPathSegments(url).join('/')
}

/**
 * 436/7778 steps 3 and 4, the same for parameters and headers: names are encoded, then put into lower case, then sorted;
 * values are only encoded. Go SDK: a repeated name is listed once for each value, and its values are sorted unencoded.
 */
function canonicalList(entries: readonly (readonly [name: string, value: string])[]): {
  readonly names: string
  readonly pairs: string
} {
  const encoded = entries
    .map(([name, value]) => ({ name: encodeRfc3986(name).toLowerCase(), value }))
    .sort((a, b) => compareCodePoints(a.name, b.name) || compareCodePoints(a.value, b.value))
  return {
    names: encoded.map(({ name }) => name).join(';'),
    pairs: encoded.map(({ name, value }) => `${name}=${encodeRfc3986(value)}`).join('&'),
  }
}
