import { isRecord, isText } from '../type-guards.js'
import type { CredentialsKind } from '../signing/credentials.js'

/** An access key, permanent or temporary. Requests are signed with it. */
export interface HuaweiAccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Comes with a temporary access key, and only with that. */
  readonly securityToken?: string
  /** When a temporary key ends. */
  readonly expiresAt?: Date
}

/** A user token of IAM, scoped to the project. Requests carry it instead of a signature. */
export interface HuaweiToken {
  readonly token: string
  /** When the token ends, 24 hours after it was given. */
  readonly expiresAt?: Date
}

export type HuaweiCredentials = HuaweiAccessKey | HuaweiToken

export const huaweiCredentials: CredentialsKind<HuaweiCredentials> = {
  matches,
  rule: 'have accessKeyId and secretAccessKey, or token, none of them empty',
  // The access key id is no secret.
  secretsOf: (credentials) =>
    'token' in credentials ? [credentials.token] : [credentials.secretAccessKey, credentials.securityToken],
}

function matches(value: unknown): value is HuaweiCredentials {
  if (!isRecord(value)) return false
  if ('token' in value) return isText(value['token'])
  const { accessKeyId, secretAccessKey, securityToken } = value
  return isText(accessKeyId) && isText(secretAccessKey) && (securityToken === undefined || isText(securityToken))
}
