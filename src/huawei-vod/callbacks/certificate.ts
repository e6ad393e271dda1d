import { CallbackError } from '../../errors/callback-error.js'
import { bytesOfBase64 } from './base64.js'
import * as der from './der.js'
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

// Object identifiers in hex: 1.2.840.113549.1.1, and the last number.
const PKCS1 = '2a864886f70d0101'
const RSA = `${PKCS1}01`
/** By algorithm, without those that use MD5 or SHA-1, or that are not RSASSA-PKCS1-v1_5. */
const HASHES: ReadonlyMap<string, string> = new Map([
  [`${PKCS1}0b`, 'SHA-256'],
  [`${PKCS1}0c`, 'SHA-384'],
  [`${PKCS1}0d`, 'SHA-512'],
])

/**
 * Reads the first certificate of a PEM text, such as the leaf of a chain. Does not check who signed it: SMN delivers no
 * chain, and Web Crypto builds none.
 *
 * @throws CallbackError
 */
export async function readCertificate(pem: string): Promise<Certificate> {
  try {
    return await read(derOf(pem))
  } catch (error) {
    if (error instanceof CallbackError) throw error
    throw smnError('invalid-certificate', 'the certificate cannot be read', { cause: error })
  }
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

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const [lines, end] = pem.split('-----BEGIN CERTIFICATE-----')[1]?.split('-----END CERTIFICATE-----') ?? []
  const der = end === undefined ? undefined : bytesOfBase64((lines ?? '').replace(/[\r\n]/g, ''))
  return der ?? malformed()
}

/** RFC 5280, section 4.1. */
async function read(bytes: Uint8Array<ArrayBuffer>): Promise<Certificate> {
  const [content, algorithm] = fieldsIn(bytes)
  const fields = fieldsOf(content)
  // Version 1 does not state its number.
  const hasVersion = fields[0]?.tag === der.FIELD_0
  const [signedAlgorithm, , validity, , publicKey] = fields.slice(hasVersion ? 2 : 1)
  // Only one of the two is signed.
  if (algorithm === undefined || signedAlgorithm === undefined || !isEqual(algorithm, signedAlgorithm)) malformed()
  const hash = HASHES.get(oidIn(algorithm)) ?? unsupported('the certificate is not signed by RSA with SHA-2')
  checkKey(publicKey)
  const [notBefore, notAfter] = fieldsOf(validity)
  return {
    notBefore: dateOf(notBefore),
    notAfter: dateOf(notAfter),
    hash,
    // Extractable, as it is public.
    key: await crypto.subtle.importKey('spki', publicKey.bytes, { name: 'RSASSA-PKCS1-v1_5', hash }, true, ['verify']),
  }
}

/** Own limits, as those of the platforms differ. */
function checkKey(publicKey: der.DerValue | undefined): asserts publicKey is der.DerValue {
  const [algorithm, bits] = fieldsOf(publicKey)
  if (oidIn(algorithm) !== RSA) unsupported('the key of the certificate is not an RSA key')
  // The first byte is the number of bits at the end that do not count.
  const [modulus, exponent] = fieldsIn(contentOf(bits, der.BIT_STRING).subarray(1)).map((field) =>
    der.numberOf(contentOf(field, der.INTEGER)),
  )
  if (modulus === undefined || exponent === undefined) malformed()
  if (modulus < 2n ** 2047n || modulus >= 2n ** 8192n || exponent !== 65537n) {
    throw smnError('weak-key', 'the key of the certificate must have 2,048 to 8,192 bits, and the exponent 65537')
  }
}

/** The fields of the sequence that the bytes are. */
function fieldsIn(bytes: Uint8Array<ArrayBuffer>): readonly der.DerValue[] {
  const [sequence, ...others] = der.readDer(bytes) ?? malformed()
  return others.length === 0 ? fieldsOf(sequence) : malformed()
}

function fieldsOf(sequence: der.DerValue | undefined): readonly der.DerValue[] {
  return der.readDer(contentOf(sequence, der.SEQUENCE)) ?? malformed()
}

function oidIn(algorithm: der.DerValue | undefined): string {
  return der.hexOf(contentOf(fieldsOf(algorithm)[0], der.OBJECT_IDENTIFIER))
}

function contentOf(value: der.DerValue | undefined, tag: number): Uint8Array<ArrayBuffer> {
  return value?.tag === tag ? value.content : malformed()
}

function isEqual(a: der.DerValue, b: der.DerValue): boolean {
  return der.hexOf(a.bytes) === der.hexOf(b.bytes)
}

/** RFC 5280, section 4.1.2.5. */
function dateOf(value: der.DerValue | undefined): Date {
  const tag = value?.tag === der.GENERALIZED_TIME ? der.GENERALIZED_TIME : der.UTC_TIME
  const text = String.fromCharCode(...contentOf(value, tag))
  const iso = text
    .replace(/^(?=\d{12}Z$)/, text < '50' ? '20' : '19')
    .replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  const date = new Date(iso)
  return iso.includes('T') && !Number.isNaN(date.getTime()) ? date : malformed()
}

function malformed(): never {
  throw smnError('invalid-certificate', 'the certificate is malformed')
}

function unsupported(what: string): never {
  throw smnError('unsupported-algorithm', what)
}
