/** The options of createTestCertificate. */
export interface TestCertificateOptions {
  /** Start of the validity. Default: 2000. */
  readonly notBefore?: Date
  /** End of the validity. Default: 2049. */
  readonly notAfter?: Date
  /** Bits of the RSA key. Default: 2,048. */
  readonly bits?: number
  /** The hash of its signature, and of those that it verifies. Default: `SHA-256`. */
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
}

/** A self-signed certificate in place of one of SMN, with its key. */
export interface TestCertificate {
  /** The certificate in PEM. */
  readonly pem: string
  /** The key for RSASSA-PKCS1-v1_5 with the hash of the certificate. */
  // A CryptoKey: without the types of the DOM, those of Node have no such name.
  readonly privateKey: Awaited<ReturnType<typeof crypto.subtle.importKey>>
}

/** What a certificate states, and what signs it. */
export interface CertificateContent {
  readonly notBefore: Date
  readonly notAfter: Date
  readonly hash: NonNullable<TestCertificateOptions['hash']>
  /** The SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  readonly sign: (content: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>
}

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const NULL = 0x05
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const VERSION = 0xa0

const COMMON_NAME = [0x55, 4, 3]
const PKCS1 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1]
const WITH_RSA = { 'SHA-1': 5, 'SHA-256': 11, 'SHA-384': 12, 'SHA-512': 13 }

const keys = new Map<string, Promise<CryptoKeyPair>>()

/**
 * Creates a self-signed certificate for tests of SMN messages. Certificates with the same bits and hash share a key.
 */
export async function createTestCertificate(options: TestCertificateOptions = {}): Promise<TestCertificate> {
  const {
    notBefore = new Date('2000-01-01T00:00:00Z'),
    notAfter = new Date('2049-12-31T23:59:59Z'),
    bits = 2_048,
    hash = 'SHA-256',
  } = options
  const { publicKey, privateKey } = await keyPair(bits, hash)
  const pem = await writeCertificate({
    notBefore,
    notAfter,
    hash,
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    sign: async (content) => new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, content)),
  })
  return { pem, privateKey }
}

/** Takes a tenth of a second or more. */
function keyPair(bits: number, hash: string): Promise<CryptoKeyPair> {
  const id = `${String(bits)} ${hash}`
  const publicExponent = Uint8Array.of(1, 0, 1)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: bits, publicExponent, hash }
  const pair = keys.get(id) ?? crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  keys.set(id, pair)
  return pair
}

/** By RFC 5280, section 4.1. */
export async function writeCertificate(content: CertificateContent): Promise<string> {
  const { notBefore, notAfter, hash, publicKey, sign } = content
  const algorithm = der(SEQUENCE, der(OBJECT_IDENTIFIER, PKCS1, [WITH_RSA[hash]]), der(NULL))
  const commonName = der(UTF8_STRING, new TextEncoder().encode('cloud-media-clients test'))
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT_IDENTIFIER, COMMON_NAME), commonName)))
  const version3 = der(VERSION, der(INTEGER, [2]))
  const serialNumber = der(INTEGER, [1])
  const validity = der(SEQUENCE, time(notBefore), time(notAfter))
  const signed = der(SEQUENCE, version3, serialNumber, algorithm, name, validity, name, publicKey)
  const signature = der(BIT_STRING, [0], await sign(signed))
  return pemOf(der(SEQUENCE, signed, algorithm, signature))
}

/** The two digits of UTCTime stand for 1950 to 2049. */
function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/\.\d+|[^\dZ]/g, '')
  const isShort = digits >= '1950' && digits < '2050'
  return der(isShort ? UTC_TIME : GENERALIZED_TIME, new TextEncoder().encode(isShort ? digits.slice(2) : digits))
}

/** A value of ASN.1: its tag, the length of its content, and the content. */
function der(tag: number, ...contents: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const content = contents.flatMap((part) => [...part])
  const { length } = content
  const long = length > 0xff ? [0x82, length >> 8, length & 0xff] : [0x81, length]
  return Uint8Array.of(tag, ...(length < 0x80 ? [length] : long), ...content)
}

function pemOf(bytes: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...bytes)).match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
