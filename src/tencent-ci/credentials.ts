import { isRecord, isText } from '../type-guards.js'
import type { CredentialsKind } from '../signing/credentials.js'

/** A key pair of CAM, permanent or temporary. */
export interface TencentCredentials {
  readonly secretId: string
  readonly secretKey: string
  /** Comes with a temporary key, and only with that. */
  readonly sessionToken?: string
  /** When a temporary key ends. */
  readonly expiresAt?: Date
}

export const tencentCredentials: CredentialsKind<TencentCredentials> = {
  matches,
  rule: 'have secretId and secretKey, none of them empty',
  // The secret id, in spite of its name, is only the name of the key.
  secretsOf: ({ secretKey, sessionToken }) => [secretKey, sessionToken],
}

function matches(value: unknown): value is TencentCredentials {
  if (!isRecord(value)) return false
  const { secretId, secretKey, sessionToken } = value
  return isText(secretId) && isText(secretKey) && (sessionToken === undefined || isText(sessionToken))
}
