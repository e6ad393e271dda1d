import { isRecord } from '../type-guards.js'

/** The codes with which OpenSSL and Node reject a certificate, always before a byte of the request is sent. */
const CERTIFICATE_CODES: ReadonlySet<unknown> = new Set([
  'CA_MD_TOO_WEAK',
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'CRL_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  'ERR_TLS_CERT_ALTNAME_FORMAT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Whether the server's certificate was rejected. Nothing was sent then, and a retry cannot help. */
export function isCertificateFailure(failure: unknown): boolean {
  return causesOf(failure).some(({ code }) => isCertificateCode(code))
}

/** Whether the code of one error, without its causes, rejects a certificate. */
export function isCertificateCode(code: unknown): boolean {
  return CERTIFICATE_CODES.has(code)
}

/** The code of a failure, or else its message. */
export function reasonOf(failure: unknown): string {
  const code = causesOf(failure)
    .map((cause) => cause.code)
    .find((one) => typeof one === 'string' && one !== '')
  if (typeof code === 'string') return code
  return failure instanceof Error && failure.message !== '' ? failure.message : 'unknown failure'
}

/** The failure, its causes, and the members of an AggregateError (one per address). */
function causesOf(failure: unknown): { readonly code?: unknown }[] {
  const causes = new Set<Record<string, unknown>>()
  const visit = (cause: unknown): void => {
    if (!isRecord(cause) || causes.has(cause)) return
    causes.add(cause)
    visit(cause['cause'])
    if (Array.isArray(cause['errors'])) cause['errors'].forEach(visit)
  }
  visit(failure)
  return [...causes]
}
