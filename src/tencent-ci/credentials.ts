import { isRecord, isText } from '../type-guards.js'
import type { CredentialsKind } from '../signing/credentials.js'

/** A key pair of CAM, permanent or temporary. */
export interface TencentCredentials {
  /** The ID of the key pair. Not a secret. */
  readonly secretId: string
  /** The secret key. Signs requests and is never sent. */
  readonly secretKey: string
  /** The session token of a temporary key pair. */
  readonly sessionToken?: string
  /** When a temporary key pair expires. */
  readonly expiresAt?: Date
}

export const tencentCredentials: CredentialsKind<TencentCredentials> = {
  copyOf,
  rule: 'have secretId and secretKey, and none may be empty',
  // In spite of its name, the secret ID is only the name of the key.
  secretsOf: ({ secretKey, sessionToken }) => [secretKey, sessionToken],
}

function copyOf(value: unknown): TencentCredentials | undefined {
  if (!isRecord(value)) return undefined
  const { secretId, secretKey, sessionToken } = value
  if (!isText(secretId) || !isText(secretKey)) return undefined
  if (sessionToken === undefined) return { secretId, secretKey }
  return isText(sessionToken) ? { secretId, secretKey, sessionToken } : undefined
}
