import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeCertificate } from '../../../src/testing/test-certificate.js'
import { changed, codeOf, verify } from './smn.js'

interface Vectors {
  readonly modulus: string
  readonly messages: readonly Readonly<Record<'type' | 'topic_urn' | 'timestamp' | 'message' | 'signature', string>>[]
}

// A message that SMN sent in January 2024 to the authors of a guide to Cloud Eye, as they published it. The modulus of the
// key follows from two messages: it is the greatest common divisor of signature ** 65537 minus the padded hash. The other
// one verifies as well, but has an account name and addresses, so it is not here.
const FILE = path.resolve(import.meta.dirname, '../../fixtures/huawei-vod/smn-messages.json')
const { modulus, messages } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors

describe('a message that SMN sent', () => {
  it.each(messages)('verifies: $type', async ({ type, topic_urn, message, timestamp, ...rest }) => {
    const sent = { type, topic_urn, message, timestamp, ...rest }
    const signed = { body: JSON.stringify(sent), headers: {}, certificate: await certificateOfSmn() }
    const options = { topicUrn: topic_urn, now: () => Date.parse(timestamp) }
    expect(await verify(signed, options)).toMatchObject({ type, topic_urn, message, timestamp })
    for (const fields of [
      { message: `${message} ` },
      { message_id: 'another' },
      { timestamp: timestamp.replace('5', '4') },
    ]) {
      expect(await codeOf(verify(changed(signed, fields), options))).toBe('wrong-signature')
    }
  })
})

/**
 * A certificate with the key of SMN. Its dates and its signature are made up, as the certificate itself was not published;
 * who signed a certificate is not checked.
 */
async function certificateOfSmn(): Promise<string> {
  const jwk = { kty: 'RSA', n: Buffer.from(modulus, 'hex').toString('base64url'), e: 'AQAB' }
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
    'verify',
  ])
  return writeCertificate({
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2030-01-01'),
    hash: 'SHA-256',
    publicKey: new Uint8Array(await crypto.subtle.exportKey('spki', key)),
    sign: () => Promise.resolve(new Uint8Array(256)),
  })
}
