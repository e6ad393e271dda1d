import { securityHeaders } from '../../generated/huawei-vod/server.js'
import { signHuaweiRequest } from '../huawei-vod/sign.js'
import type { EmulatorSettings } from './options.js'

/** The gateway refuses a signing time this far from its own ("API Request Signing Guide", FAQ on 401). */
const MAX_SKEW_MS = 15 * 60_000

const PREFIX = 'Incorrect IAM authentication information:'

/** Why the gateway would refuse the request; undefined if it would let it pass. */
export async function authenticateHuawei(
  request: Request,
  body: string,
  settings: EmulatorSettings,
): Promise<string | undefined> {
  const token = request.headers.get(securityHeaders.token)
  if (token !== null) return settings.huawei.tokens.includes(token) ? undefined : `${PREFIX} decrypt token fail`
  const authorization = request.headers.get(securityHeaders.authorization)
  if (authorization === null) return `${PREFIX} x-auth-token not found`
  const parts = /^SDK-HMAC-SHA256 Access=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization)
  const [, accessKeyId, signedList, signature] = parts ?? []
  const date = parseSdkDate(request.headers.get(securityHeaders.date))
  if (signedList === undefined || date === undefined) return `${PREFIX} authorization is malformed`
  const { credentials } = settings.huawei
  if (accessKeyId !== credentials.accessKeyId) return `${PREFIX} Get secretKey failed,ak:******,err:ak not exist`
  if (Math.abs(settings.now() - date.getTime()) > MAX_SKEW_MS) {
    return `${PREFIX} calc ak sk signature fail:signature expired`
  }
  if ((request.headers.get(securityHeaders.securityToken) ?? undefined) !== credentials.securityToken) {
    return `${PREFIX} verify security token fail`
  }
  const expected = await signHuaweiRequest({
    method: request.method,
    url: request.url,
    headers: request.headers,
    body,
    credentials,
    date,
    signedHeaders: signedList.split(';'),
  })
  if (expected.signature === signature) return undefined
  const echo = expected.canonicalRequest.replaceAll('\n', '|')
  return `${PREFIX} verify aksk signature fail, canonicalRequest:${echo}`
}

/** `20260101T000000Z` */
function parseSdkDate(text: string | null): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts.map(Number)
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second))
}
