import { sha256Hex } from '#platform'
import { provider } from '../../../generated/huawei-vod/provider.js'
import { signHuaweiRequest, type HuaweiSignature } from '../../huawei-vod/sign.js'
import type { ArrivedRequest } from '../exchange.js'
import type { EmulatorSettings } from '../options.js'

const { securityHeaders, clockToleranceMs } = provider
const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

/** More wrong signatures in a row lock the access key, for so long ("API Request Signing Guide", FAQ on 401). */
const MAX_FAILURES = 5
const LOCK_MS = 5 * 60_000

/** api-sign-exclude-body: replaces the hash of the body, so it must be signed, and be that hash or UNSIGNED-PAYLOAD. */
const BODY_HASH = 'x-sdk-content-sha256'

/** Why the gateway rejects a request; undefined if it accepts it. */
type Authenticate = (request: ArrivedRequest) => Promise<string | undefined>

/** Checks tokens and signatures. Too many wrong signatures in a row lock the access key. */
export function createHuaweiAuthentication({ huawei, now }: EmulatorSettings): Authenticate {
  const { credentials, tokens } = huawei
  let failures = 0
  let lastFailure = -Infinity

  return async (request) => {
    const header = (name: string): string | undefined => request.headers[name.toLowerCase()]
    const token = header(securityHeaders.token)
    if (token !== undefined) return tokens.includes(token) ? undefined : 'decrypt token fail'
    const authorization = header(securityHeaders.authorization)
    if (authorization === undefined) return 'x-auth-token not found'
    const [, accessKeyId, signedList, signature] = AUTHORIZATION.exec(authorization) ?? []
    const date = parseSdkDate(header(securityHeaders.date))
    if (signedList === undefined || date === undefined) return 'authorization is malformed'
    if (accessKeyId !== credentials.accessKeyId) return 'Get secretKey failed,ak:******,err:ak not exist'
    if (failures > MAX_FAILURES) {
      if (now() - lastFailure < LOCK_MS) return 'AK access failed to reach the limit,forbidden.'
      failures = 0
    }
    if (Math.abs(now() - date.getTime()) > clockToleranceMs) return 'calc ak sk signature fail:signature expired'
    if (header(securityHeaders.securityToken) !== credentials.securityToken) return 'verify security token fail'
    const expected = await sign(request, date, signedList.split(';'))
    if (expected?.signature === signature) {
      failures = 0
      return undefined
    }
    failures += 1
    lastFailure = now()
    if (expected === undefined) return 'verify aksk signature fail, the request lacks a signed header or cannot be read'
    return `verify aksk signature fail, canonicalRequest:${expected.canonicalRequest.replaceAll('\n', '|')}`
  }

  /** The expected signature; undefined if the request lacks a header that it claims to have signed. */
  async function sign(
    { method, url, headers, body = new Uint8Array() }: ArrivedRequest,
    date: Date,
    signedNames: readonly string[],
  ): Promise<HuaweiSignature | undefined> {
    const claim = headers[BODY_HASH]
    const hash =
      claim === undefined ? {} : { [BODY_HASH]: claim === 'UNSIGNED-PAYLOAD' ? claim : await sha256Hex(body) }
    const signedHeaders = [...signedNames, ...Object.keys(hash)]
    try {
      const input = { method, url, headers: { ...headers, ...hash }, body, credentials, date, signedHeaders }
      return await signHuaweiRequest(input)
    } catch (error) {
      if (error instanceof TypeError) return undefined
      throw error
    }
  }
}

/** `20260101T000000Z` */
function parseSdkDate(text = ''): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second))
}
