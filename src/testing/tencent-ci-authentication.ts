import { codes, type errorCodes } from '../../generated/tencent-ci/error-codes.js'
import { securityHeaders } from '../../generated/tencent-ci/server.js'
import { signTencentRequest } from '../tencent-ci/sign.js'
import type { EmulatorSettings } from './options.js'

/** Why CI would refuse the request; undefined if it would let it pass. */
export async function authenticateTencent(
  request: Request,
  settings: EmulatorSettings,
): Promise<keyof typeof errorCodes | undefined> {
  const authorization = request.headers.get(securityHeaders.authorization)
  if (authorization === null) return codes.MissingAuthorization
  // Not URLSearchParams, which would read a plus sign as a space.
  const fields = new Map(authorization.split('&').map((field) => [before(field, '='), after(field, '=')]))
  const keyTime = fields.get('q-key-time') ?? ''
  const [start, end] = keyTime.split(';').map(Number)
  const headerList = fields.get('q-header-list')
  const parameterList = fields.get('q-url-param-list')
  if (start === undefined || end === undefined || headerList === undefined || parameterList === undefined) {
    return codes.InvalidAuthorization
  }
  const { credentials } = settings.tencent
  if (fields.get('q-ak') !== credentials.secretId) return codes.SecretidNotExist
  const now = settings.now() / 1000
  if (!(start <= now + CLOCK_SKEW_SECONDS && now <= end)) return codes.SignatureExpired
  const { sessionToken, ...key } = credentials
  if ((request.headers.get(securityHeaders.securityToken) ?? undefined) !== sessionToken) return codes.AccessDenied
  const expected = await signTencentRequest({
    method: request.method,
    url: withParameters(request.url, parameterList.split(';')),
    headers: request.headers,
    credentials: key,
    date: new Date(start * 1000),
    expiresInSeconds: end - start,
    signedHeaders: headerList.split(';').filter((name) => name !== ''),
  })
  return expected.signature === fields.get('q-signature') ? undefined : codes.SignatureDoesNotMatch
}

/** How far a signature may begin in the future (COS error table, RequestTimeTooSkewed: 15 minutes). */
const CLOCK_SKEW_SECONDS = 15 * 60

/** The URL with only the query parameters that the signature names: the others are not covered. */
function withParameters(url: string, names: readonly string[]): string {
  const [address, query = ''] = [before(url, '?'), after(url, '?')]
  const kept = query.split('&').filter((pair) => names.includes(before(pair, '=').toLowerCase()))
  return kept.length === 0 ? address : `${address}?${kept.join('&')}`
}

function before(text: string, separator: string): string {
  const at = text.indexOf(separator)
  return at === -1 ? text : text.slice(0, at)
}

function after(text: string, separator: string): string | undefined {
  const at = text.indexOf(separator)
  return at === -1 ? undefined : text.slice(at + 1)
}
