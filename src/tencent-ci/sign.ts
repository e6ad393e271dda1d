import { hmacHex, sha1Hex } from '#platform'
import { andThen, keptPerHead, type Awaitable, type RequestHead } from '../signing/authentication.js'
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

/** A request to sign for Tencent Cloud CI. The signature does not cover the body. */
export interface TencentSigningInput {
  /** HTTP method, in any case. */
  readonly method: string
  /** The absolute URL of the request. */
  readonly url: string | URL
  /** The headers of the request. Default: none. */
  readonly headers?: HeadersToSign
  /** The key pair that signs. */
  readonly credentials: {
    /** The ID of the key pair. */
    readonly secretId: string
    /** Never part of the result. */
    readonly secretKey: string
    /** The session token of a temporary key pair. */
    readonly sessionToken?: string | undefined
  }
  /** The start of the signature's validity, rounded down to the second. Default: now. */
  readonly date?: Date
  /** Validity of the signature in whole seconds. Default: 900. */
  readonly expiresInSeconds?: number
  /**
   * Lowercase names of the headers to sign; may be empty. Default: all of `headers` except `authorization`, and `host`,
   * and for temporary keys `x-ci-security-token`.
   */
  readonly signedHeaders?: readonly string[]
}

/** A signature and its intermediate strings. `headers` and `httpString` have the session token, if there is one. */
export interface TencentSignature {
  /** The headers to add to the request: authorization, and for temporary keys x-ci-security-token. */
  readonly headers: Readonly<Record<string, string>>
  /** The error response for a wrong signature may have the server's version of this text as `FormatString`. */
  readonly httpString: string
  /** The string to sign: algorithm, validity, and hash of `httpString`. */
  readonly stringToSign: string
  /** 40 lowercase hex digits. */
  readonly signature: string
}

const ALGORITHM = 'sha1'
const VALIDITY_SECONDS = 900

/**
 * Signs a request with SecretId and SecretKey (q-sign-algorithm=sha1). Does not change its input.
 *
 * The credentials win over an x-ci-security-token in `headers`. A `host` in `headers` wins over that of the URL, which has
 * a port if it is not the default one.
 *
 * @throws TypeError if the URL, a header, a key, the date, `expiresInSeconds`, or `signedHeaders` is invalid; the message
 * has no secret
 * @see https://www.tencentcloud.com/document/product/436/7778
 */
export async function signTencentRequest(input: TencentSigningInput): Promise<TencentSignature> {
  const plan = planSignature(input)
  return sign(plan, formatKeyTime(input.date ?? new Date(), input.expiresInSeconds ?? VALIDITY_SECONDS))
}

/** Creates what signs the requests of a client: it plans the signature of each head once, and signs once a second. */
export function headSigner(): (head: RequestHead, credentials: SigningKeys, date: Date) => Awaitable<TencentSignature> {
  const signerOf = keptPerHead(({ method, url, signedHeaders }, credentials: SigningKeys) => {
    const plan = planSignature({ method, url, headers: signedHeaders, credentials })
    let latest: { readonly keyTime: string; readonly signature: Awaitable<TencentSignature> } | undefined
    return (date: Date) => {
      const keyTime = formatKeyTime(date, VALIDITY_SECONDS)
      // The body is not signed, so requests of one second have one signature.
      if (latest?.keyTime !== keyTime) latest = { keyTime, signature: sign(plan, keyTime) }
      return latest.signature
    }
  })
  return (head, credentials, date) => signerOf(head, credentials)(date)
}

type SigningKeys = TencentSigningInput['credentials']

/** Whatever in a signature is the same at any time. */
interface SigningPlan {
  readonly credentials: SigningKeys
  readonly httpString: string
  readonly headerNames: string
  readonly parameterNames: string
  readonly securityToken: Readonly<Record<string, string>>
}

function planSignature(input: Omit<TencentSigningInput, 'date' | 'expiresInSeconds'>): SigningPlan {
  const { credentials } = input
  checkKey('secretId', credentials.secretId)
  checkKey('secretKey', credentials.secretKey)
  const url = parseHttpUrl(input.url)
  // 1045/43609 (common request headers of CI) names the header. It is signed, as in the provider's Python SDK.
  const securityToken = optionalHeader('x-ci-security-token', credentials.sessionToken)
  const signedHeaders = canonicalList(selectHeaders(headersOf(url, securityToken, input.headers), input.signedHeaders))
  const signedParameters = canonicalList(decodedQueryPairs(url))

  // 436/7778 step 5: empty parts keep their line breaks.
  const httpString = [
    input.method.toLowerCase(),
    // The step's upload example: the decoded path is signed, `/exampleobject(腾讯云)`.
    decodedPathSegments(url).join('/'),
    signedParameters.pairs,
    signedHeaders.pairs,
    '',
  ].join('\n')
  const names = { headerNames: signedHeaders.names, parameterNames: signedParameters.names }
  return { credentials, httpString, ...names, securityToken }
}

function sign(plan: SigningPlan, keyTime: string): Awaitable<TencentSignature> {
  const { httpString, headerNames, parameterNames, securityToken } = plan
  const { secretId, secretKey } = plan.credentials
  // 436/7778 steps 2 and 7: the key is the SignKey as hex text, not its bytes.
  return andThen(hmacHex('SHA-1', secretKey, keyTime), (signKey) =>
    andThen(sha1Hex(httpString), (hash) => {
      // Step 6: this text too ends with a line break.
      const stringToSign = `${ALGORITHM}\n${keyTime}\n${hash}\n`
      return andThen(hmacHex('SHA-1', signKey, stringToSign), (signature) => {
        // Step 8: a header is not URL-encoded, so the semicolons stay.
        const authorization = [
          `q-sign-algorithm=${ALGORITHM}`,
          `q-ak=${secretId}`,
          `q-sign-time=${keyTime}`,
          `q-key-time=${keyTime}`,
          `q-header-list=${headerNames}`,
          `q-url-param-list=${parameterNames}`,
          `q-signature=${signature}`,
        ].join('&')
        return { headers: { authorization, ...securityToken }, httpString, stringToSign, signature }
      })
    }),
  )
}

/** 436/7778 step 1: start and end of the validity in Unix seconds. */
function formatKeyTime(date: Date, expiresInSeconds: number): string {
  const start = Math.floor(date.getTime() / 1000)
  if (!Number.isSafeInteger(start) || start < 0) throw new TypeError('date must be a valid time, not before 1970')
  if (!Number.isSafeInteger(expiresInSeconds) || expiresInSeconds <= 0) {
    throw new TypeError('expiresInSeconds must be a whole number above 0')
  }
  return `${String(start)};${String(start + expiresInSeconds)}`
}

/**
 * 436/7778 steps 3 and 4, for parameters and headers: names are encoded, changed to lower case, and sorted; values are
 * encoded. The Go SDK lists a repeated name once per value, and sorts its values before encoding.
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
