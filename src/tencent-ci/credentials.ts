import { isRecord, isText } from '../http/checks.js'

/** A key pair of CAM, permanent or temporary. */
export interface TencentCredentials {
  readonly secretId: string
  readonly secretKey: string
  /** Comes with a temporary key, and only with that. */
  readonly sessionToken?: string
  /** When a temporary key ends. */
  readonly expiresAt?: Date
}

export function isTencentCredentials(value: unknown): value is TencentCredentials {
  if (!isRecord(value)) return false
  const { secretId, secretKey, sessionToken } = value
  return isText(secretId) && isText(secretKey) && (sessionToken === undefined || isText(sessionToken))
}

/** What must never be shown. The secret id, in spite of its name, is only the name of the key. */
export function tencentSecretsOf(credentials: TencentCredentials): readonly (string | undefined)[] {
  return [credentials.secretKey, credentials.sessionToken]
}
