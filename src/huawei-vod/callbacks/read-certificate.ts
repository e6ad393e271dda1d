import { BitString, fromBER, Integer, ObjectIdentifier, Sequence, UTCTime, type BaseBlock } from 'asn1js'
import { CallbackError } from '../../errors/callback-error.js'
import { bytesOfBase64 } from './base64.js'
import type { Certificate } from './certificate.js'
import { smnError } from './smn-error.js'

const RSA = '1.2.840.113549.1.1.1'
/** By algorithm, without those that use MD5 or SHA-1, or that are not RSASSA-PKCS1-v1_5. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
])
const CONTEXT_SPECIFIC = 3

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

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  const [lines, end] = pem.split('-----BEGIN CERTIFICATE-----')[1]?.split('-----END CERTIFICATE-----') ?? []
  const der = end === undefined ? undefined : bytesOfBase64((lines ?? '').replace(/[\r\n]/g, ''))
  return der ?? malformed()
}

/** RFC 5280, section 4.1. */
async function read(der: Uint8Array<ArrayBuffer>): Promise<Certificate> {
  const [content, algorithm] = fieldsOf(blockOf(der))
  const fields = fieldsOf(content)
  // Version 1 does not state its number.
  const hasVersion = fields[0]?.idBlock.tagClass === CONTEXT_SPECIFIC
  const [signedAlgorithm, , validity, , publicKey] = fields.slice(hasVersion ? 2 : 1)
  // Only one of the two is signed.
  if (algorithm?.isEqual(signedAlgorithm) !== true) malformed()
  const hash = HASHES.get(oidIn(algorithm)) ?? unsupported('the certificate is not signed with RSA and SHA-2')
  checkKey(publicKey)
  const [notBefore, notAfter] = fieldsOf(validity)
  return {
    notBefore: dateOf(notBefore),
    notAfter: dateOf(notAfter),
    hash,
    // Extractable, as it is public.
    key: await crypto.subtle.importKey('spki', publicKey.toBER(), { name: 'RSASSA-PKCS1-v1_5', hash }, true, [
      'verify',
    ]),
  }
}

/** Own limits, as those of the platforms differ. */
function checkKey(publicKey: BaseBlock | undefined): asserts publicKey is Sequence {
  const [algorithm, bits] = fieldsOf(publicKey)
  if (oidIn(algorithm) !== RSA) unsupported('the key of the certificate is not an RSA key')
  if (!(bits instanceof BitString)) malformed()
  const [modulus, exponent] = fieldsOf(blockOf(bits.valueBlock.valueHexView)).map(numberOf)
  if (modulus === undefined || exponent === undefined) malformed()
  if (modulus < 2n ** 2047n || modulus >= 2n ** 8192n || exponent !== 65537n) {
    throw smnError('weak-key', 'the key of the certificate must have 2,048 to 8,192 bits, and the exponent 65537')
  }
}

function blockOf(bytes: Uint8Array): BaseBlock {
  const { result, offset } = fromBER(bytes)
  // It is -1 after an error, and smaller if something follows.
  return offset === bytes.length ? result : malformed()
}

function fieldsOf(block: BaseBlock | undefined): readonly BaseBlock[] {
  return block instanceof Sequence ? block.valueBlock.value : malformed()
}

function oidIn(algorithm: BaseBlock | undefined): string {
  const [oid] = fieldsOf(algorithm)
  return oid instanceof ObjectIdentifier ? oid.getValue() : malformed()
}

function numberOf(block: BaseBlock): bigint {
  return block instanceof Integer ? block.toBigInt() : malformed()
}

/** RFC 5280, section 4.1.2.5. Not by asn1js, which reads other texts as dates in 1899. */
function dateOf(block: BaseBlock | undefined): Date {
  const text = block instanceof UTCTime ? String.fromCharCode(...block.valueBlock.valueHexView) : ''
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
