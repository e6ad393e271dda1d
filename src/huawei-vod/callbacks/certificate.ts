import { smnError } from './smn-error.js'

/** What verifies a message. */
export interface Certificate {
  readonly notBefore: Date
  readonly notAfter: Date
  /** The hash that the certificate is signed with. SMN uses the same for messages. */
  readonly hash: string
  /** An RSA key for RSASSA-PKCS1-v1_5. */
  readonly key: CryptoKey
}

/** @throws CallbackError unless the certificate is valid at this time, in milliseconds since 1970 */
export function checkValidity(certificate: Certificate, now: number): void {
  const { notBefore, notAfter } = certificate
  if (now < notBefore.getTime()) {
    throw smnError('certificate-not-yet-valid', `the certificate is valid from ${notBefore.toISOString()}`)
  }
  if (hasExpired(certificate, now)) {
    throw smnError('certificate-expired', `the certificate expired at ${notAfter.toISOString()}`)
  }
}

export function hasExpired({ notAfter }: Certificate, now: number): boolean {
  return now > notAfter.getTime()
}
