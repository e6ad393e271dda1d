import { verify as verifySignature, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifySmnMessage } from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import { createTestCertificate } from '../../../src/testing/test-certificate.js'
import { signSmnMessage } from '../../../src/testing/sign-smn-message.js'
import { codeOf, topicUrn } from './smn.js'

const event = { event_type: 'audioExtractComplete', audio_extract_info: { status: 'FAILED', asset_id: 'a1' } }

describe('signSmnMessage', () => {
  it('signs for a topic in any region', async () => {
    const other = 'urn:smn:ap-southeast-1:fedcba9876543210fedcba9876543210:audio'
    const { body, certificate } = await signSmnMessage({ topic_urn: other, type: 'SubscriptionConfirmation' })
    const options = { topicUrn: other, fetchCertificate: () => Promise.resolve(certificate) }
    expect(await verifySmnMessage({ body }, options)).toMatchObject({
      topic_urn: other,
      subscribe_url: expect.stringMatching(new RegExp(`[?&]topic_urn=${other}&region=ap-southeast-1$`)) as unknown,
    })
    expect(body).not.toMatch(/cn-north-4|0123456789abcdef/)
  })

  it('signs an event that verifies right away', async () => {
    const signed = await signSmnMessage({ topic_urn: topicUrn, message: event })
    const fetchCertificate = (): Promise<string> => Promise.resolve(signed.certificate)
    expect(await verifySmnMessage(signed, { topicUrn, fetchCertificate })).toMatchObject({
      type: 'Notification',
      message: JSON.stringify(event),
      event,
    })
    const request = new Request('http://127.0.0.1/', { method: 'POST', ...signed })
    expect(await verifySmnMessage(request, { topicUrn, fetchCertificate })).toMatchObject({ event })
  })

  it('fills in what SMN sends', async () => {
    const { headers, body } = await signSmnMessage({ topic_urn: topicUrn })
    const message = JSON.parse(body) as Record<string, string>
    expect(message).toEqual({
      type: 'Notification',
      topic_urn: topicUrn,
      message: 'A message for a test.',
      message_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
      signature: expect.stringMatching(/^[\w+/]{342}==$/) as unknown,
      signature_version: 'v1',
      signing_cert_url: expect.stringMatching(
        /^https:\/\/smn\.cn-north-4\.myhuaweicloud\.com\/smn\/SMN_cn-north-4_[0-9a-f]{32}\.pem$/,
      ) as unknown,
    })
    expect(headers).toEqual({
      'x-smn-message-type': 'Notification',
      'x-smn-message-id': message['message_id'],
      'x-smn-topic-urn': topicUrn,
    })
    const another = JSON.parse((await signSmnMessage({ topic_urn: topicUrn })).body) as Record<string, string>
    expect(another['message_id']).not.toBe(message['message_id'])
    expect(another['signing_cert_url']).toBe(message['signing_cert_url'])
  })

  it.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const)('signs a %s', async (type) => {
    const { body, headers, certificate } = await signSmnMessage({ type, topic_urn: topicUrn })
    expect(headers).toMatchObject({ 'x-smn-message-type': type })
    const options = { topicUrn, fetchCertificate: () => Promise.resolve(certificate) }
    expect(await verifySmnMessage({ body }, options)).toMatchObject({
      type,
      subscribe_url: expect.stringContaining(`&topic_urn=${topicUrn}&region=cn-north-4`) as unknown,
    })
  })

  it.each([
    [{ subject: 'VOD' }, ['message', 'message_id', 'subject', 'timestamp', 'topic_urn', 'type']],
    [{ subject: '' }, ['message', 'message_id', 'timestamp', 'topic_urn', 'type']],
    [
      { type: 'SubscriptionConfirmation', subject: 'not signed' } as const,
      ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type'],
    ],
  ])('signs what is given: %j', async (given, names) => {
    const { body, certificate } = await signSmnMessage({ topic_urn: topicUrn, message: 'é\n\u{1F600}', ...given })
    const message = JSON.parse(body) as Record<string, string>
    expect(message).toMatchObject(given)
    const text = names.map((name) => `${name}\n${message[name] ?? ''}\n`).join('')
    const { publicKey } = new X509Certificate(certificate)
    expect(
      verifySignature('sha256', Buffer.from(text), publicKey, Buffer.from(message['signature'] ?? '', 'base64')),
    ).toBe(true)
  })

  it('signs with a certificate of the caller, which has its own URL', async () => {
    const expired = await createTestCertificate({ notAfter: new Date('2020-01-01') })
    const signed = await signSmnMessage({ topic_urn: topicUrn }, { certificate: expired })
    expect(signed.certificate).toBe(expired.pem)
    const fetchCertificate = (): Promise<string> => Promise.resolve(signed.certificate)
    expect(await codeOf(verifySmnMessage(signed, { topicUrn, fetchCertificate }))).toBe('certificate-expired')
    const urlIn = ({ body }: { body: string }): unknown =>
      (JSON.parse(body) as Record<string, unknown>)['signing_cert_url']
    expect(urlIn(signed)).not.toBe(urlIn(await signSmnMessage({ topic_urn: topicUrn })))
  })
})

describe('createTestCertificate', () => {
  it.each([
    {},
    { notBefore: new Date('1950-01-01T00:00:00Z'), notAfter: new Date('2050-01-01T00:00:00Z') },
    { notBefore: new Date('1949-12-31T23:59:59Z'), notAfter: new Date('2026-02-28T23:59:59Z') },
    { bits: 1_024 },
    { hash: 'SHA-1' },
    { hash: 'SHA-384' },
    { hash: 'SHA-512', bits: 3_072 },
  ] as const)('creates a certificate that other tools can read: %j', async (options) => {
    const { pem, privateKey } = await createTestCertificate(options)
    const certificate = new X509Certificate(pem)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({
      modulusLength: 'bits' in options ? options.bits : 2_048,
      publicExponent: 65_537n,
    })
    const [notBefore, notAfter] = [new Date('2000-01-01T00:00:00Z'), new Date('2049-12-31T23:59:59Z')]
    expect([certificate.validFrom, certificate.validTo].map((date) => new Date(date))).toEqual([
      'notBefore' in options ? options.notBefore : notBefore,
      'notAfter' in options ? options.notAfter : notAfter,
    ])
    expect(privateKey.algorithm).toMatchObject({ hash: { name: 'hash' in options ? options.hash : 'SHA-256' } })
  })

  it('creates a key once', async () => {
    const [one, another] = await Promise.all([createTestCertificate(), createTestCertificate({ notAfter: new Date() })])
    expect(one.privateKey).toBe(another.privateKey)
    expect(one.pem).not.toBe(another.pem)
  })
})
