import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../../src/errors/errors.js'
import { verifySmnMessage, type VerifySmnMessageOptions } from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import { createTestCertificate } from '../../../src/testing/test-certificate.js'
import { changed, codeOf, now, sign, timestamp, topicUrn, verify } from './smn.js'

const event = { event_type: 'audioExtractComplete', audio_extract_info: { status: 'SUCCEED', asset_id: 'a1' } } as const

describe('verifySmnMessage accepts', () => {
  it('a notification, with its event', async () => {
    const message = JSON.stringify(event)
    const signed = await sign({ message, message_id: 'm1', subject: 'VOD', unsubscribe_url: 'https://x.test/' })
    expect(await verify(signed)).toEqual({
      type: 'Notification',
      topic_urn: topicUrn,
      message_id: 'm1',
      timestamp,
      subject: 'VOD',
      message,
      event,
    })
  })

  it('a notification of something else, with its text', async () => {
    for (const message of ['An alarm.', '{"alarm":1}', '[]', 'null', '1', '{', '']) {
      const verified = await verify(await sign({ message }))
      expect(verified).toMatchObject({ message })
      expect(verified).not.toHaveProperty('event')
    }
  })

  it.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const)('a %s', async (type) => {
    // It is no event, whatever its text is.
    const message = JSON.stringify(event)
    expect(await verify(await sign({ type, message, message_id: 'm1', subscribe_url: confirmUrl }))).toEqual({
      type,
      topic_urn: topicUrn,
      message_id: 'm1',
      timestamp,
      subscribe_url: confirmUrl,
      message,
    })
  })

  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('the hash of the certificate: %s', async (hash) => {
    const { pem, privateKey } = await createTestCertificate({ hash })
    expect(await codeOf(verify(await sign({}, { pem, privateKey })))).toBeUndefined()
  })

  it.each([
    ['absent', {}],
    ['empty', { subject: '' }],
  ])('a subject that is %s, which is not signed', async (_what, subject) => {
    const signed = await sign(subject)
    for (const changes of [{ subject: undefined }, { subject: '' }]) {
      expect(await verify(changed(signed, changes))).not.toHaveProperty('subject')
    }
  })

  it('line breaks and any character in the message', async () => {
    const message = 'a\r\nb\nmessage_id\nc\u2028\0\u{1F600}\ud7ff\uffff'
    expect(await verify(await sign({ message }))).toMatchObject({ message })
  })

  it('an event that lacks a required field, as text', async () => {
    const message = '{"event_type":"audioExtractComplete"}'
    const verified = await verify(await sign({ message }))
    expect(verified).toMatchObject({ type: 'Notification', message })
    expect(verified).not.toHaveProperty('event')
  })

  it('the version of the signature in upper case', async () => {
    expect(await verify(changed(await sign(), { signature_version: 'V1' }))).toMatchObject({ type: 'Notification' })
  })

  it('a Request', async () => {
    const signed = await sign()
    const request = new Request('http://127.0.0.1/', { method: 'POST', ...signed })
    const fetchCertificate = (): Promise<string> => Promise.resolve(signed.certificate)
    expect(await verifySmnMessage(request, { topicUrn, now, fetchCertificate })).toMatchObject({ type: 'Notification' })
  })

  it('unsigned fields, and does not return them', async () => {
    const signed = await sign()
    const unsigned = { unsubscribe_url: 'https://x.test/', event: { event_type: 'x' }, ['__proto__']: { event: 1 } }
    expect(await verify(changed(signed, unsigned))).toEqual(await verify(signed))
    const withHeaders = verifySmnMessage(
      { ...signed, headers: { 'X-SMN-MESSAGE-TYPE': 'SubscriptionConfirmation', 'X-SMN-TOPIC-URN': 'urn:x' } },
      { topicUrn, now, fetchCertificate: () => Promise.resolve(signed.certificate) },
    )
    expect(await withHeaders).toMatchObject({ type: 'Notification' })
  })

  it('a time up to a day ago, and up to five minutes ahead', async () => {
    const signed = await sign()
    expect(await Promise.all([-300_001, -300_000, 0, 86_400_000, 86_400_001].map(codeAt))).toEqual([
      'timestamp-too-new',
      undefined,
      undefined,
      undefined,
      'timestamp-too-old',
    ])
    expect(await codeOf(verify(signed, { now: () => now() + 10_001, toleranceSeconds: 10 }))).toBe('timestamp-too-old')
    expect(await codeOf(verify(signed, { now: () => now() - 10_001, toleranceSeconds: 10 }))).toBe('timestamp-too-new')
    // A broken clock opens nothing.
    expect(await codeOf(verify(signed, { now: () => NaN }))).toBe('timestamp-too-old')

    function codeAt(offset: number): Promise<string | undefined> {
      return codeOf(verify(signed, { now: () => now() + offset }))
    }
  })
})

describe('verifySmnMessage rejects', () => {
  it.each([
    ['no JSON', '{', 'invalid-body'],
    ['a list', '[]', 'invalid-body'],
    ['null', 'null', 'invalid-body'],
    ['text', '"x"', 'invalid-body'],
    ['an empty object', '{}', 'unknown-type'],
    ['an empty body', '', 'invalid-body'],
    ['a form', 'type=Notification', 'invalid-body'],
  ])('%s', async (_what, body, code) => {
    expect(await codeOf(verify({ body, certificate: '' }))).toBe(code)
  })

  it('a body that was parsed, or is too large', async () => {
    const signed = await sign()
    const parsed = { body: JSON.parse(signed.body) as string, certificate: '' }
    expect(await codeOf(verify(parsed))).toBe('parsed-body')
    expect(await codeOf(verify(changed(signed, { extra: 'x'.repeat(256 * 1024) })))).toBe('body-too-large')
  })

  it.each([
    ['type', 'Notifications', 'unknown-type'],
    ['type', 'notification', 'unknown-type'],
    ['type', 'HttpSubscriptionUserConfirm', 'unknown-type'],
    ['type', 'toString', 'unknown-type'],
    ['type', '__proto__', 'unknown-type'],
    ['type', ['Notification'], 'unknown-type'],
    ['type', undefined, 'unknown-type'],
    ['message', undefined, 'invalid-body'],
    ['message', null, 'invalid-body'],
    ['message', event, 'invalid-body'],
    ['message_id', undefined, 'invalid-body'],
    ['message_id', '', 'invalid-body'],
    ['message_id', 1, 'invalid-body'],
    ['subject', null, 'invalid-body'],
    ['subject', 1, 'invalid-body'],
    ['subject', ['VOD'], 'invalid-body'],
    ['timestamp', undefined, 'invalid-body'],
    ['timestamp', now(), 'invalid-body'],
    ['timestamp', '2026-06-01T12:00:00', 'invalid-body'],
    ['timestamp', '2026-06-01T12:00:00+08:00', 'invalid-body'],
    ['timestamp', '2026-06-01T12:00:00Z\n', 'invalid-body'],
    ['timestamp', '2026-13-01T12:00:00Z', 'timestamp-too-old'],
    ['timestamp', '2025-06-01T12:00:00Z', 'timestamp-too-old'],
    ['timestamp', '2027-06-01T12:00:00Z', 'timestamp-too-new'],
    ['topic_urn', undefined, 'wrong-topic'],
    ['topic_urn', topicUrn.toUpperCase(), 'wrong-topic'],
    ['topic_urn', `${topicUrn}2`, 'wrong-topic'],
    ['topic_urn', ` ${topicUrn}`, 'wrong-topic'],
    ['topic_urn', topicUrn.replace('cn-north-4', 'cn-north-1'), 'wrong-topic'],
    ['topic_urn', [topicUrn], 'wrong-topic'],
    ['signature_version', undefined, 'invalid-body'],
    ['signature_version', 1, 'invalid-body'],
    ['signature_version', 'v2', 'unsupported-version'],
    ['signature_version', 'v10', 'unsupported-version'],
    ['signature', undefined, 'invalid-body'],
    ['signature', '', 'invalid-body'],
    ['signature', 'AAAA', 'wrong-signature'],
    ['message', 'Another message.', 'wrong-signature'],
    ['message_id', 'another', 'wrong-signature'],
    ['subject', 'another', 'wrong-signature'],
    ['subject', '', 'wrong-signature'],
    ['subject', undefined, 'wrong-signature'],
    ['timestamp', '2026-06-01T12:00:01Z', 'wrong-signature'],
    ['message', 'half a pair \ud800', 'invalid-encoding'],
    ['message', '\udc00\ud800', 'invalid-encoding'],
    ['subject', '\udfff', 'invalid-encoding'],
  ] as const)('%s: %j', async (name, value, code) => {
    expect(await codeOf(verify(changed(await sign({ subject: 'VOD' }), { [name]: value })))).toBe(code)
  })

  it('another type than the signed one', async () => {
    const notification = await sign()
    const types = { type: 'SubscriptionConfirmation', subscribe_url: confirmUrl }
    expect(await codeOf(verify(changed(notification, types)))).toBe('wrong-signature')
    const confirmation = await sign({ type: 'SubscriptionConfirmation' })
    expect(await codeOf(verify(changed(confirmation, { type: 'UnsubscribeConfirmation' })))).toBe('wrong-signature')
    expect(await codeOf(verify(changed(confirmation, { type: 'Notification' })))).toBe('wrong-signature')
  })

  it.each(['\n', '\r', '\r\n'])('a line break in a signed field: %j', async (lineBreak) => {
    const withBreak = `m${lineBreak}1`
    expect(await codeOf(verify(await sign({ message_id: withBreak })))).toBe('line-break')
    expect(await codeOf(verify(await sign({ subject: withBreak })))).toBe('line-break')
    const confirmation = { type: 'SubscriptionConfirmation', subscribe_url: `${confirmUrl}${lineBreak}` } as const
    expect(await codeOf(verify(await sign(confirmation)))).toBe('line-break')
  })

  it('a subject that the signature has inside the message_id', async () => {
    const signed = await sign({ message_id: 'm1\nsubject\nVOD' })
    expect(await codeOf(verify(changed(signed, { message_id: 'm1', subject: 'VOD' })))).toBeUndefined()
    expect(await codeOf(verify(signed))).toBe('line-break')
  })

  it.each([
    ['white space', (signature: string) => `${signature.slice(0, 8)} ${signature.slice(8)}`],
    ['a line break', (signature: string) => `${signature}\n`],
    ['no padding', (signature: string) => signature.replace(/=+$/, '')],
    // 256 bytes leave two characters of padding, and four bits.
    ['spare bits', (signature: string) => signature.replace(/[AQgw]==$/, (end) => `${nextLetter(end)}==`)],
    ['base64url', (signature: string) => `-_${signature.slice(2)}`],
    ['another length', (signature: string) => signature.slice(4)],
  ])('a signature with %s', async (_what, change) => {
    const signed = await sign()
    const { signature } = JSON.parse(signed.body) as { signature: string }
    expect(change(signature)).not.toBe(signature)
    expect(await codeOf(verify(changed(signed, { signature: change(signature) })))).toBe('wrong-signature')
  })

  it('the signature of another key, and the certificate of another key', async () => {
    const [signed, other] = [await sign(), await createTestCertificate({ hash: 'SHA-512' })]
    expect(await codeOf(verify({ ...signed, certificate: other.pem }))).toBe('wrong-signature')
    const byOther = await sign({}, other)
    expect(await codeOf(verify({ ...byOther, certificate: signed.certificate }))).toBe('wrong-signature')
  })

  const host = 'https://smn.cn-north-4.myhuaweicloud.com'
  const file = `SMN_cn-north-4_${'0'.repeat(32)}.pem`

  it.each([
    undefined,
    null,
    1,
    '',
    'x',
    `http://smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `HTTPS://smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://SMN.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https:\\\\smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://smn.cn-north-1.myhuaweicloud.com/smn/SMN_cn-north-1_${'0'.repeat(32)}.pem`,
    `${host}/smn/SMN_cn-north-1_${'0'.repeat(32)}.pem`,
    `https://smn.cn-north-4.myhuaweicloud.com.evil.test/smn/${file}`,
    `https://evil.test/smn/${file}`,
    `https://evil.test/smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://smn-cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://user@smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://user:word@smn.cn-north-4.myhuaweicloud.com/smn/${file}`,
    `https://smn.cn-north-4.myhuaweicloud.com@evil.test/smn/${file}`,
    `https://smn.cn-north-4.myhuaweicloud.com:443/smn/${file}`,
    `https://smn.cn-north-4.myhuaweicloud.com:8443/smn/${file}`,
    `https://smn.cn-north-4.myhuaweicloud.com./smn/${file}`,
    `${host}/smn/${file}?`,
    `${host}/smn/${file}?x=1`,
    `${host}/smn/${file}#`,
    `${host}/smn/${file}#x`,
    `${host}/smn/../${file}`,
    `${host}/smn/./${file}`,
    `${host}/smn//${file}`,
    `${host}/smn/%2e/${file}`,
    `${host}/smn/smn/${file}`,
    `${host}/${file}`,
    `${host}/smn/${file}\n`,
    ` ${host}/smn/${file}`,
    `${host}/s\tmn/${file}`,
    `${host}/smn/SMN_cn-north-4_${'0'.repeat(31)}.pem`,
    `${host}/smn/SMN_cn-north-4_${'0'.repeat(33)}.pem`,
    `${host}/smn/SMN_cn-north-4_${'A'.repeat(32)}.pem`,
    `${host}/smn/SMN_cn-north-4_${'0'.repeat(32)}.crt`,
  ])('the certificate URL %j, and does not fetch it', async (url) => {
    let fetches = 0
    const fetchCertificate = (): Promise<string> => {
      fetches += 1
      return Promise.resolve('')
    }
    expect(await codeOf(verify(changed(await sign(), { signing_cert_url: url }), { fetchCertificate }))).toBe(
      'invalid-certificate-url',
    )
    expect(fetches).toBe(0)
  })

  // From Node 24, a URL may have such a name, so the fetch finds no host.
  it.skipIf(URL.canParse('https://xn--a/'))('the certificate URL of a region that no host can have', async () => {
    const topic_urn = topicUrn.replace('cn-north-4', 'xn--a')
    expect(await codeOf(verify(await sign({ topic_urn }), { topicUrn: topic_urn }))).toBe('invalid-certificate-url')
  })

  it('a subscription whose URL does not belong to the console', async () => {
    const subscribe_url = confirmUrl.replace('huaweicloud.com', 'evil.test')
    expect(await codeOf(verify(await sign({ type: 'SubscriptionConfirmation', subscribe_url })))).toBe(
      'invalid-subscribe-url',
    )
  })

  it('everything that needs no certificate before it fetches one', async () => {
    const signed = await sign()
    const fetchCertificate = (): Promise<string> => Promise.reject(new Error('fetched'))
    for (const fields of [
      { timestamp: '2025-06-01T12:00:00Z' },
      { signature: '====' },
      { message: '\ud800' },
      { signature_version: 'v2' },
    ]) {
      expect(await codeOf(verify(changed(signed, fields), { fetchCertificate }))).not.toBe('certificate-unavailable')
    }
    expect(await codeOf(verify(signed, { fetchCertificate }))).toBe('certificate-unavailable')
  })

  it.each([
    ['certificate-expired', { notAfter: new Date(now() - 1_000) }],
    ['certificate-not-yet-valid', { notBefore: new Date(now() + 1_000) }],
    ['unsupported-algorithm', { hash: 'SHA-1' }],
    ['weak-key', { bits: 1_024 }],
  ] as const)('a certificate: %s', async (code, options) => {
    expect(await codeOf(verify(await sign({}, await createTestCertificate(options))))).toBe(code)
  })

  it('with a message that states the problem, without the values', async () => {
    const error: unknown = await verify(changed(await sign(), { message_id: { secret: 'xyz' } })).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({
      name: 'CallbackError',
      operation: 'verifySmnMessage',
      message: 'verifySmnMessage: message_id must be a string, not an object',
    })
  })
})

describe('the options of verifySmnMessage', () => {
  it.each([
    [undefined, 'options'],
    [{}, 'topicUrn'],
    [{ topicUrn: '' }, 'topicUrn'],
    [{ topicUrn: 'urn:smn:cn-north-4:0123' }, 'topicUrn'],
    [{ topicUrn: `${topicUrn}:subscription` }, 'topicUrn'],
    [{ topicUrn: [topicUrn] }, 'topicUrn'],
    [{ topicUrn, toleranceSeconds: 0 }, 'toleranceSeconds'],
    [{ topicUrn, toleranceSeconds: -1 }, 'toleranceSeconds'],
    [{ topicUrn, toleranceSeconds: NaN }, 'toleranceSeconds'],
    [{ topicUrn, toleranceSeconds: '3600' }, 'toleranceSeconds'],
    [{ topicUrn, now: 0 }, 'now'],
    [{ topicUrn, fetchCertificate: 'https://x.test/' }, 'fetchCertificate'],
    [{ topicURN: topicUrn }, 'topicURN'],
    [{ topicUrn, tolerance: 5, toleranceSecond: 5 }, 'toleranceSecond'],
    [{ topicUrn, fetchCertificates: () => '' }, 'fetchCertificates'],
  ])('%j: a wrong %s', async (options, option) => {
    // What JavaScript may pass.
    const error: unknown = await verifySmnMessage({ body: '{}' }, options as VerifySmnMessageOptions).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option })
  })
})

const confirmUrl = 'https://console.huaweicloud.com/smn/subscription/confirm?token=t1'

/** With another spare bit. */
function nextLetter(end: string): string {
  return String.fromCharCode(end.charCodeAt(0) + 1)
}
