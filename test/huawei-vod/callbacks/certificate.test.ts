import { createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallbackError } from '../../../src/errors/callback-error.js'
import { checkValidity } from '../../../src/huawei-vod/callbacks/certificate.js'
import { readCertificate } from '../../../src/huawei-vod/callbacks/read-certificate.js'
import {
  createTestCertificate,
  writeCertificate,
  type CertificateContent,
} from '../../../src/testing/test-certificate.js'

// By `openssl req -x509`, with the algorithm in the name. v1.pem is by `openssl x509 -req`, without extensions, and the
// keys signed by another key by `openssl x509 -req -CA`.
const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/huawei-vod/certificates')
const fixture = (name: string): string => readFileSync(path.join(FOLDER, `${name}.pem`), 'utf8')

const rsa = fixture('rsa')

describe('a certificate is read', () => {
  it.each([
    ['rsa', 'SHA-256'],
    ['sha384', 'SHA-384'],
    ['sha512', 'SHA-512'],
    ['v1', 'SHA-256'],
  ])('of OpenSSL: %s', async (name, hash) => {
    await expectAsNodeReads(fixture(name), hash)
  })

  it('that createTestCertificate creates', async () => {
    for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
      await expectAsNodeReads((await createTestCertificate({ hash })).pem, hash)
    }
  })

  it.each([
    ['with CRLF', rsa.replaceAll('\n', '\r\n')],
    ['without line breaks', rsa.replaceAll('\n', '')],
    ['with text before', `subject=CN = test\nissuer=CN = test\n${rsa}`],
    ['with a chain after it', rsa + fixture('ec') + fixture('v1')],
    ['with another block before', `-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n${rsa}`],
  ])('%s', async (_what, pem) => {
    await expectAsNodeReads(pem, 'SHA-256', rsa)
  })

  it.each([
    '1970-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.000Z',
    '2049-12-31T23:59:59.000Z',
    '2050-01-01T00:00:00.000Z',
  ])('that is valid from %s', async (start) => {
    const { pem } = await createTestCertificate({
      notBefore: new Date(start),
      notAfter: new Date('9999-12-31T23:59:59Z'),
    })
    const { notBefore, notAfter } = await readCertificate(pem)
    expect([notBefore.toISOString(), notAfter.toISOString()]).toEqual([start, '9999-12-31T23:59:59.000Z'])
    expect(Date.parse(new X509Certificate(pem).validFrom)).toBe(notBefore.getTime())
  })

  async function expectAsNodeReads(pem: string, hash: string, single = pem): Promise<void> {
    const { key, notBefore, notAfter, ...rest } = await readCertificate(pem)
    const { publicKey, validFrom, validTo } = new X509Certificate(single)
    expect(rest).toEqual({ hash })
    expect([notBefore.getTime(), notAfter.getTime()]).toEqual([Date.parse(validFrom), Date.parse(validTo)])
    const spki = Buffer.from(await crypto.subtle.exportKey('spki', key))
    expect(spki).toEqual(publicKey.export({ type: 'spki', format: 'der' }))
    expect(key.algorithm).toMatchObject({ name: 'RSASSA-PKCS1-v1_5', hash: { name: hash } })
  }
})

describe('a certificate is rejected', () => {
  it.each([
    ['md5', 'unsupported-algorithm'],
    ['sha1', 'unsupported-algorithm'],
    ['sha224', 'unsupported-algorithm'],
    ['sha3', 'unsupported-algorithm'],
    ['pss', 'unsupported-algorithm'],
    ['ec', 'unsupported-algorithm'],
    ['ed25519', 'unsupported-algorithm'],
    ['ec-key-signed-by-rsa', 'unsupported-algorithm'],
    ['pss-key-signed-by-rsa', 'unsupported-algorithm'],
    ['1024-bits', 'weak-key'],
    ['exponent3', 'weak-key'],
  ])('of OpenSSL: %s', async (name, code) => {
    expect(await codeOf(fixture(name))).toBe(code)
  })

  it.each([
    [2_047, 'weak-key'],
    [2_048, undefined],
    [8_192, undefined],
    [8_193, 'weak-key'],
  ])('for a key of %i bits: %s', async (bits, code) => {
    const modulus = (2n ** BigInt(bits - 1) + 1n).toString(16)
    expect(await codeOf(await certificateWith({ publicKey: publicKey(modulus, 'AQAB') }))).toBe(code)
  })

  it.each([
    ['AQ', '1'],
    ['Aw', '3'],
    ['AQAA', '65536'],
    ['AQAD', '65539'],
    ['AQAAAAE', '4294967297'],
  ])('for the exponent %s (%s)', async (exponent) => {
    const modulus = (2n ** 2_047n + 1n).toString(16)
    expect(await codeOf(await certificateWith({ publicKey: publicKey(modulus, exponent) }))).toBe('weak-key')
  })

  it.each([
    ['that is empty', ''],
    ['without an end', rsa.replace(/-----END[^]*/, '')],
    ['without a beginning', rsa.replace(/-----BEGIN.*\n/, '')],
    ['with the end first', rsa.split('\n').reverse().join('\n')],
    ['of another type', rsa.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
    ['with nothing in it', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
    ['with spaces', rsa.replace('\n', '\n ')],
    ['with a header', rsa.replace('\n', '\nProc-Type: 4\n\n')],
    ['with other letters', rsa.replace('MII', 'M!I')],
    ['in base64url', rsa.replaceAll('+', '-').replaceAll('/', '_')],
    ['without the last line', rsa.replace(/\n.*\n-----END/, '\n-----END')],
  ])('%s', async (_what, pem) => {
    expect(await codeOf(pem)).toBe('invalid-certificate')
  })

  it.each([
    ['truncated', (der: Buffer) => der.subarray(0, -1)],
    ['truncated to nothing', (der: Buffer) => der.subarray(0, 1)],
    ['with a byte behind it', (der: Buffer) => Buffer.concat([der, Buffer.of(0)])],
    ['twice', (der: Buffer) => Buffer.concat([der, der])],
    ['of zeros', (der: Buffer) => Buffer.alloc(der.length)],
    ['of nested lists', () => Buffer.concat(Array.from({ length: 4_000 }, () => Buffer.of(0x30, 0x80)))],
    ['of a number', () => Buffer.of(2, 1, 1)],
    ['of an empty list', () => Buffer.of(0x30, 0)],
    ['of two empty lists', () => Buffer.of(0x30, 4, 0x30, 0, 0x30, 0)],
  ])('whose bytes are %s', async (_what, change) => {
    expect(await codeOf(pemOf(change(derOf(rsa))))).toBe('invalid-certificate')
  })

  it('whose two algorithms differ', async () => {
    const der = derOf(rsa)
    const sha256WithRsa = Buffer.from('2a864886f70d01010b', 'hex')
    for (const at of [der.indexOf(sha256WithRsa), der.lastIndexOf(sha256WithRsa)]) {
      const changed = Buffer.from(der)
      changed[at + sha256WithRsa.length - 1] = 0x0c
      expect(await codeOf(pemOf(changed))).toBe('invalid-certificate')
    }
  })

  it.each([
    ['a letter', '2611220106xxZ'],
    ['no Z', '2611220106290'],
    ['words', 'Nov 22 2026 Z'],
    ['a month 13', '261322010629Z'],
    ['an hour 25', '261122250629Z'],
  ])('whose date has %s', async (_what, date) => {
    const der = derOf(rsa)
    der.write(date, der.indexOf(Buffer.of(0x17, date.length)) + 2, 'latin1')
    expect(await codeOf(pemOf(der))).toBe('invalid-certificate')
  })

  it('with nothing but a CallbackError, whatever its bytes are', async () => {
    const der = derOf(rsa)
    const edit = fc.record({ at: fc.nat(der.length), remove: fc.nat(4), insert: fc.uint8Array({ maxLength: 4 }) })
    const outcomes = { read: 0, rejected: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        const changed = edits.reduce<Buffer>(
          (bytes, { at, remove, insert }) =>
            Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
          der,
        )
        outcomes[(await codeOf(pemOf(changed))) === undefined ? 'read' : 'rejected']++
      }),
      { numRuns: 300 },
    )
    expect(outcomes.rejected).toBeGreaterThan(100)
  })

  async function certificateWith(changes: Partial<CertificateContent>): Promise<string> {
    return writeCertificate({
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2030-01-01'),
      hash: 'SHA-256',
      publicKey: publicKey('00', 'AQAB'),
      sign: () => Promise.resolve(new Uint8Array(256)),
      ...changes,
    })
  }

  function publicKey(modulus: string, exponent: string): Uint8Array {
    const n = Buffer.from(modulus.padStart(modulus.length + (modulus.length % 2), '0'), 'hex').toString('base64url')
    return createPublicKey({ key: { kty: 'RSA', n, e: exponent }, format: 'jwk' }).export({
      type: 'spki',
      format: 'der',
    })
  }
})

describe('the validity of a certificate', () => {
  it('includes both its ends', async () => {
    const [notBefore, notAfter] = [Date.parse('2026-01-01T00:00:00Z'), Date.parse('2026-12-31T23:59:59Z')]
    const { pem } = await createTestCertificate({ notBefore: new Date(notBefore), notAfter: new Date(notAfter) })
    const certificate = await readCertificate(pem)
    const codeAt = (now: number): string | undefined => {
      try {
        checkValidity(certificate, now)
        return undefined
      } catch (error) {
        return error instanceof CallbackError ? error.code : 'another error'
      }
    }
    expect([notBefore - 1, notBefore, notAfter, notAfter + 1].map(codeAt)).toEqual([
      'certificate-not-yet-valid',
      undefined,
      undefined,
      'certificate-expired',
    ])
  })
})

/** Undefined if the certificate is accepted. */
async function codeOf(pem: string): Promise<string | undefined> {
  try {
    await readCertificate(pem)
    return undefined
  } catch (error) {
    if (error instanceof CallbackError) return error.code
    throw error
  }
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----.*/g, ''), 'base64')
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
}
