import { isRecord, isText } from '../type-guards.js'
import type { CredentialsKind } from '../signing/credentials.js'

/** An access key, permanent or temporary, which signs requests. */
export interface HuaweiAccessKey {
  /** The access key ID (AK). Not a secret. */
  readonly accessKeyId: string
  /** The secret access key (SK). Signs requests and is never sent. */
  readonly secretAccessKey: string
  /** The security token of a temporary access key. */
  readonly securityToken?: string
  /** When a temporary access key expires. */
  readonly expiresAt?: Date
}

/** An IAM token with the project as its scope. Requests carry it instead of a signature. */
export interface HuaweiToken {
  /** The token, as IAM returned it in `X-Subject-Token`. Sent with every request. */
  readonly token: string
  /** When the token expires: 24 hours after IAM issued it. */
  readonly expiresAt?: Date
}

/** The credentials of Huawei Cloud. */
export type HuaweiCredentials = HuaweiAccessKey | HuaweiToken

export const huaweiCredentials: CredentialsKind<HuaweiCredentials> = {
  copyOf,
  rule: 'have accessKeyId and secretAccessKey, or token, and none may be empty',
  // The access key ID is not a secret.
  secretsOf: (credentials) =>
    'token' in credentials ? [credentials.token] : [credentials.secretAccessKey, credentials.securityToken],
}

function copyOf(value: unknown): HuaweiCredentials | undefined {
  if (!isRecord(value)) return undefined
  const { token, accessKeyId, secretAccessKey, securityToken } = value
  if (token !== undefined) return isText(token) ? { token } : undefined
  if (!isText(accessKeyId) || !isText(secretAccessKey)) return undefined
  if (securityToken === undefined) return { accessKeyId, secretAccessKey }
  return isText(securityToken) ? { accessKeyId, secretAccessKey, securityToken } : undefined
}
