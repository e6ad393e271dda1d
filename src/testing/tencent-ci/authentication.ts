import * as codes from '../../../generated/tencent-ci/codes.js'
import { provider } from '../../../generated/tencent-ci/provider.js'
import { decodedQueryPairs, encodeRfc3986 } from '../../signing/percent-encoding.js'
import { signTencentRequest } from '../../tencent-ci/sign.js'
import type { ArrivedRequest } from '../exchange.js'
import type { EmulatorSettings } from '../options.js'

const { securityHeaders } = provider

/** How far in the future the validity of a signature may start. */
const CLOCK_SKEW_SECONDS = provider.clockToleranceMs / 1_000

/** 460/42865 (common request headers of CI): job hosts accept the token under either name. */
const TOKEN_HEADERS = [securityHeaders.securityToken, 'x-cos-security-token']

/** The code with which CI rejects the request; undefined if it accepts it. */
export async function authenticateTencent(
  request: ArrivedRequest,
  { tencent: { credentials }, now }: EmulatorSettings,
): Promise<string | undefined> {
  const authorization = request.headers[securityHeaders.authorization.toLowerCase()]
  if (authorization === undefined) return codes.MissingAuthorization
  // URLSearchParams would read a plus sign as a space.
  const fields = new Map(authorization.split('&').map((field) => split(field, '=')))
  const keyTime = fields.get('q-key-time') ?? ''
  const headerList = fields.get('q-header-list')
  const parameterList = fields.get('q-url-param-list')
  const validity = /^(\d{1,10});(\d{1,10})$/.exec(keyTime)
  if (
    fields.get('q-sign-algorithm') !== 'sha1' ||
    // 436/7778 and all SDKs have one time under two names.
    fields.get('q-sign-time') !== keyTime ||
    headerList === undefined ||
    parameterList === undefined ||
    validity === null
  ) {
    return codes.InvalidAuthorization
  }
  if (fields.get('q-ak') !== credentials.secretId) return codes.SecretidNotExist
  const [start, end] = [Number(validity[1]), Number(validity[2])]
  const seconds = now() / 1000
  if (!(start <= seconds + CLOCK_SKEW_SECONDS && seconds <= end)) return codes.SignatureExpired
  const tokens = TOKEN_HEADERS.flatMap((name) => request.headers[name] ?? [])
  const { sessionToken, ...key } = credentials
  if (sessionToken !== undefined && tokens.length === 0) return codes.SecretidNotExist
  if (tokens.some((token) => token !== sessionToken)) return codes.AccessDenied
  try {
    const expected = await signTencentRequest({
      method: request.method,
      url: withParameters(request.url, parameterList),
      headers: request.headers,
      credentials: key,
      date: new Date(start * 1000),
      expiresInSeconds: end - start,
      signedHeaders: headersNamedIn(headerList, request),
    })
    return expected.signature === fields.get('q-signature') ? undefined : codes.InvalidAuthorization
  } catch (error) {
    // The request lacks a header that it claims to have signed, or is malformed.
    if (error instanceof TypeError) return codes.InvalidAuthorization
    throw error
  }
}

/** 436/7778 step 4: the list has encoded names in lower case. */
function headersNamedIn(list: string, { headers }: ArrivedRequest): string[] {
  const names = new Map(Object.keys(headers).map((name) => [encodeRfc3986(name).toLowerCase(), name]))
  return list
    .split(';')
    .filter((name) => name !== '')
    .map((name) => names.get(name) ?? name)
}

/** The URL with the query parameters that the signature covers. */
function withParameters(url: URL, list: string): string {
  const names = list.split(';')
  const kept = decodedQueryPairs(url)
    // 436/7778 step 3: the list has encoded names in lower case.
    .filter(([name]) => names.includes(encodeRfc3986(name).toLowerCase()))
    .map((pair) => pair.map(encodeRfc3986).join('='))
  return `${url.origin}${url.pathname}?${kept.join('&')}`
}

function split(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
