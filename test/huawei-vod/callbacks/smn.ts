import { CallbackError } from '../../../src/errors/callback-error.js'
import {
  verifySmnMessage,
  type SmnMessage,
  type VerifySmnMessageOptions,
} from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import type { TestCertificate } from '../../../src/testing/test-certificate.js'
import { signSmnMessage, type SignedSmnMessage, type SmnMessageToSign } from '../../../src/testing/sign-smn-message.js'

export const topicUrn = 'urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod'
export const timestamp = '2026-06-01T12:00:00Z'
/** The time of the messages. */
export const now = (): number => Date.parse(timestamp)

export function sign(
  message: Partial<SmnMessageToSign> = {},
  certificate?: TestCertificate,
): Promise<SignedSmnMessage> {
  return signSmnMessage({ topic_urn: topicUrn, timestamp, ...message }, certificate && { certificate })
}

export function verify(
  { body, certificate }: Pick<SignedSmnMessage, 'body' | 'certificate'>,
  options: Partial<VerifySmnMessageOptions> = {},
): Promise<SmnMessage> {
  return verifySmnMessage({ body }, { topicUrn, now, fetchCertificate: () => Promise.resolve(certificate), ...options })
}

/** The code of the CallbackError; undefined if there is no error. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise
    return undefined
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    throw error
  }
}

/** A message whose fields were changed after it was signed; undefined removes one. */
export function changed(signed: SignedSmnMessage, fields: Readonly<Record<string, unknown>>): SignedSmnMessage {
  const body = { ...(JSON.parse(signed.body) as object), ...fields }
  return { ...signed, body: JSON.stringify(body) }
}

let certificateUrls = 0

/** A certificate URL that no test has fetched. */
export function newCertificateUrl(): string {
  certificateUrls += 1
  const id = certificateUrls.toString(16).padStart(32, '0')
  return `https://smn.cn-north-4.myhuaweicloud.com/smn/SMN_cn-north-4_${id}.pem`
}
