import { expect } from 'vitest'
import { readCertificate } from '../../../src/huawei-vod/callbacks/read-certificate.js'
import { verifySmnMessage } from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import { codeOf, now, sign, topicUrn } from './smn.js'

/** How many of the changed inputs are accepted. */
export interface Accepted {
  readonly inCertificate: number
  readonly inBody: number
}

/**
 * Changes one bit of the certificate or of the body at a time, of every `step`-th bit. Most are rejected. Some change only
 * what is not signed, or the signature of the certificate by itself: an input that is accepted has the same signed fields
 * and the same key as before.
 */
export async function changeBits(step: number): Promise<Accepted> {
  const message = '{"event_type":"createComplete"}'
  const { body, certificate } = await sign({ message, subject: 'VOD', unsubscribe_url: 'https://x.test/' })
  const [expectedMessage, expectedKey] = [await verify(body, certificate), await keyOf(certificate)]
  const accepted = { inCertificate: 0, inBody: 0 }
  for (const changed of changesOf(certificate, step)) {
    const pem = changed.toString('latin1')
    if ((await codeOf(verify(body, pem))) !== undefined) continue
    accepted.inCertificate++
    expect([await verify(body, pem), await keyOf(pem)]).toEqual([expectedMessage, expectedKey])
  }
  for (const changed of changesOf(body, step)) {
    if ((await codeOf(verify(changed, certificate))) !== undefined) continue
    accepted.inBody++
    expect(await verify(changed, certificate)).toEqual(expectedMessage)
  }
  return accepted
}

function* changesOf(text: string, step: number): Generator<Buffer> {
  const bytes = Buffer.from(text)
  for (let bit = 0; bit < 8 * bytes.length; bit += step) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    yield changed
  }
}

function verify(body: string | Buffer, pem: string): Promise<unknown> {
  return verifySmnMessage({ body }, { topicUrn, now, fetchCertificate: () => Promise.resolve(pem) })
}

async function keyOf(pem: string): Promise<JsonWebKey> {
  return crypto.subtle.exportKey('jwk', (await readCertificate(pem)).key)
}
