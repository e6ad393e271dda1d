import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  CallbackError,
  verifyMfsEvent,
  type CallbackRequest,
  type VerifyMfsEventOptions,
} from '../../../src/callbacks.js'
import { rejection } from '../../support/clients.js'
import { seededRandom } from '../../support/random.js'

// The key, the time, the message, and the signature of a vector that was computed independently.
const KEY = 'mfs-key'
const TIMESTAMP = '1700000000000'
const MESSAGE =
  '{"event_type":"audioExtractComplete","audio_extract_info":{"status":"SUCCEED","asset_id":"d98b70ff435cf417a0a450052be80109"}}'
const SIGNATURE = 'ccbc066061f0f570217179ff320742eb35bda7ecb89111e7bf6dd763ca663d67'
const EVENT = JSON.parse(MESSAGE) as unknown

const OPTIONS: VerifyMfsEventOptions = { keys: [KEY], now: () => Number(TIMESTAMP) }

interface Signed {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

function signedOver(text: string, body: string, timestamp = TIMESTAMP, key = KEY): Signed {
  const auth_sign = createHmac('sha256', key).update(`VOD_${timestamp}_${text}`).digest('hex')
  return { headers: { auth_sign, auth_timestamp: timestamp }, body }
}

function envelope(message: string, timestamp = TIMESTAMP, key = KEY): Signed {
  return signedOver(message, JSON.stringify({ message }), timestamp, key)
}

const vector = {
  headers: { auth_sign: SIGNATURE, auth_timestamp: TIMESTAMP },
  body: JSON.stringify({ message: MESSAGE }),
}

async function codeOf(input: CallbackRequest, options: Partial<VerifyMfsEventOptions> = {}): Promise<string> {
  const error = await rejection(verifyMfsEvent(input, { ...OPTIONS, ...options }))
  if (!(error instanceof CallbackError)) throw error
  for (const text of [error.message, JSON.stringify(error), String(error.stack)]) expect(text).not.toContain(KEY)
  return error.code
}

describe('an event through MFS', () => {
  it('is returned for the published vector', async () => {
    expect(await verifyMfsEvent(vector, OPTIONS)).toEqual(EVENT)
  })

  it('is returned from a Request', async () => {
    const request = new Request('https://example.com/vod', { method: 'POST', ...vector })
    expect(await verifyMfsEvent(request, OPTIONS)).toEqual(EVENT)
  })

  it('is returned if the signature is over the whole body, with an envelope or without', async () => {
    const body = JSON.stringify({ message: MESSAGE, extra: 1 })
    expect(await verifyMfsEvent(signedOver(body, body), OPTIONS)).toEqual(EVENT)
    expect(await verifyMfsEvent(signedOver(MESSAGE, MESSAGE), OPTIONS)).toEqual(EVENT)
  })

  it('is returned for the signed message, not for another one beside it', async () => {
    const other = MESSAGE.replace('d98b', 'ffff')
    expect(await codeOf({ ...vector, body: JSON.stringify({ message: other, original: MESSAGE }) })).toBe(
      'wrong-signature',
    )
    // JSON.parse takes the last one, and so does the verification.
    const twice = `{"message":${JSON.stringify(other)},"message":${JSON.stringify(MESSAGE)}}`
    expect(await verifyMfsEvent({ ...vector, body: twice }, OPTIONS)).toEqual(EVENT)
    const reversed = `{"message":${JSON.stringify(MESSAGE)},"message":${JSON.stringify(other)}}`
    expect(await codeOf({ ...vector, body: reversed })).toBe('wrong-signature')
  })

  it('is the one that is signed: an unsigned message inside a signed event is a field like any other', async () => {
    const event = { event_type: 'transcodeComplete', message: MESSAGE }
    const text = JSON.stringify(event)
    expect(await verifyMfsEvent(envelope(text), OPTIONS)).toEqual(event)
    // The same event and signature, but without the envelope.
    expect(await verifyMfsEvent({ ...envelope(text), body: text }, OPTIONS)).toEqual(event)
    const done = JSON.stringify({ event_type: 'reviewComplete', message: 'done' })
    expect(await verifyMfsEvent(signedOver(done, done), OPTIONS)).toEqual(JSON.parse(done))
  })

  it.each(['audioExtractComplete', 'AudioExtractComplete', 'AUDIOEXTRACTCOMPLETE'])('%s is one type', async (type) => {
    const event = await verifyMfsEvent(envelope(MESSAGE.replace('audioExtractComplete', type)), OPTIONS)
    expect(event).toEqual(EVENT)
  })

  it('of another type is returned as it is', async () => {
    const other = { event_type: 'TranscodeComplete', transcode_info: { asset_id: 'a', output: [1] }, ['__proto__']: 1 }
    expect(await verifyMfsEvent(envelope(JSON.stringify(other)), OPTIONS)).toEqual(other)
  })

  it('keeps every field, known or not', async () => {
    const event = {
      event_type: 'audioExtractComplete',
      audio_extract_info: { asset_id: 'a', status: 'NEW', more: [null] },
      x: 1,
    }
    expect(await verifyMfsEvent(envelope(JSON.stringify(event)), OPTIONS)).toEqual(event)
  })

  it('is accepted with any of several keys', async () => {
    for (const keys of [
      [KEY, 'new'],
      ['new', KEY],
    ]) {
      expect(await verifyMfsEvent(vector, { ...OPTIONS, keys })).toEqual(EVENT)
    }
  })
})

describe('the time of a signature', () => {
  const at = Number(TIMESTAMP)

  it.each([
    ['exact', 0, undefined, 'ok'],
    ['as old as the tolerance', 300_000, undefined, 'ok'],
    ['older', 300_001, undefined, 'timestamp-too-old'],
    ['as far ahead as the tolerance', -300_000, undefined, 'ok'],
    ['further ahead', -300_001, undefined, 'timestamp-too-new'],
    ['older than a given tolerance', 11_000, 10, 'timestamp-too-old'],
    ['within a given tolerance', 3_600_000, 3_600, 'ok'],
  ])('may be %s', async (_what, age, toleranceSeconds, outcome) => {
    const options = { now: () => at + age, ...(toleranceSeconds !== undefined && { toleranceSeconds }) }
    if (outcome === 'ok') expect(await verifyMfsEvent(vector, { ...OPTIONS, ...options })).toEqual(EVENT)
    else expect(await codeOf(vector, options)).toBe(outcome)
  })

  it('may be in seconds', async () => {
    const signed = envelope(MESSAGE, '1700000000')
    expect(await verifyMfsEvent(signed, OPTIONS)).toEqual(EVENT)
    expect(await codeOf(signed, { now: () => at + 301_000 })).toBe('timestamp-too-old')
  })

  it('is signed: another time has another signature', async () => {
    const headers = { ...vector.headers, auth_timestamp: String(at + 1) }
    expect(await codeOf({ ...vector, headers })).toBe('wrong-signature')
  })
})

describe('an event is rejected', () => {
  it.each([
    ['no signature', { auth_timestamp: TIMESTAMP }, 'missing-header'],
    ['no timestamp', { auth_sign: SIGNATURE }, 'missing-header'],
    ['two signatures', { auth_sign: [SIGNATURE, SIGNATURE], auth_timestamp: TIMESTAMP }, 'missing-header'],
    [
      'two signatures that a proxy joined',
      { auth_sign: `${SIGNATURE}, ${SIGNATURE}`, auth_timestamp: TIMESTAMP },
      'invalid-header',
    ],
    ['upper case', { auth_sign: SIGNATURE.toUpperCase(), auth_timestamp: TIMESTAMP }, 'invalid-header'],
    ['an empty signature', { auth_sign: '', auth_timestamp: TIMESTAMP }, 'invalid-header'],
    ['half a signature', { auth_sign: SIGNATURE.slice(32), auth_timestamp: TIMESTAMP }, 'invalid-header'],
    ['a line feed after the signature', { auth_sign: `${SIGNATURE}\n`, auth_timestamp: TIMESTAMP }, 'invalid-header'],
    ['a timestamp with a sign', { auth_sign: SIGNATURE, auth_timestamp: `+${TIMESTAMP}` }, 'invalid-header'],
    ['a timestamp that is no number', { auth_sign: SIGNATURE, auth_timestamp: 'NaN' }, 'invalid-header'],
    ['a huge timestamp', { auth_sign: SIGNATURE, auth_timestamp: '9'.repeat(16) }, 'invalid-header'],
    ['another signature', { auth_sign: '0'.repeat(64), auth_timestamp: TIMESTAMP }, 'wrong-signature'],
  ])('for %s', async (_what, headers, code) => {
    expect(await codeOf({ headers, body: vector.body })).toBe(code)
  })

  it('for another key, with a hint', async () => {
    const error = await rejection(verifyMfsEvent(vector, { ...OPTIONS, keys: ['other'] }))
    expect(error).toMatchObject({
      code: 'wrong-signature',
      operation: 'verifyMfsEvent',
      mayHaveRun: false,
      attempts: 0,
    })
    expect((error as CallbackError).hint).toContain('console')
  })

  it('for headers that a proxy dropped, with a hint', async () => {
    const error = await rejection(verifyMfsEvent({ body: vector.body }, OPTIONS))
    expect((error as CallbackError).hint).toContain('nginx')
  })

  it.each([
    ['text', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['XML', '<Response/>'],
  ])('for a body that is %s, signed or not', async (_what, body) => {
    expect(await codeOf(signedOver(body, body))).toBe('invalid-body')
  })

  it.each([
    ['no event_type', '{}'],
    ['an event_type that is no text', '{"event_type":1}'],
    ['no audio_extract_info', '{"event_type":"audioExtractComplete"}'],
    ['no asset_id', '{"event_type":"audioExtractComplete","audio_extract_info":{"status":"SUCCEED"}}'],
    [
      'a blank asset_id',
      '{"event_type":"audioExtractComplete","audio_extract_info":{"status":"SUCCEED","asset_id":" "}}',
    ],
    [
      'a status that is no text',
      '{"event_type":"audioExtractComplete","audio_extract_info":{"status":1,"asset_id":"a"}}',
    ],
    ['a text that is not JSON', 'audioExtractComplete'],
    ['half an event', MESSAGE.slice(0, 60)],
  ])('for an event that is signed but has %s', async (_what, message) => {
    expect(await codeOf(envelope(message))).toBe('invalid-body')
  })

  it('for half a surrogate pair, which the encoder would replace', async () => {
    const written = String.raw`{"message":"{\"event_type\":\"x\",\"name\":\"\ud800\"}"}`
    expect(await codeOf(signedOver('{"event_type":"x","name":"\ufffd"}', written))).toBe('invalid-encoding')
  })
})

it('whatever is accepted after a change of one bit has the same event', { timeout: 60_000 }, async () => {
  const random = seededRandom(20261122)
  const body = new TextEncoder().encode(JSON.stringify({ unsigned: 'any text', message: MESSAGE }))
  let accepted = 0
  for (let bit = 0; bit < body.length * 8; bit += 1 + Math.floor(random() * 2)) {
    const changed = body.slice()
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const event = await verifyMfsEvent({ headers: vector.headers, body: changed }, OPTIONS).catch((error: unknown) => {
      if (!(error instanceof CallbackError)) throw error
      return undefined
    })
    if (event === undefined) continue
    accepted += 1
    expect(event).toEqual(EVENT)
  }
  // Those of the field that no signature covers.
  expect(accepted).toBeGreaterThan(0)
  for (const name of ['auth_sign', 'auth_timestamp'] as const) {
    const text = vector.headers[name]
    for (let bit = 0; bit < text.length * 7; bit += 1) {
      const at = Math.floor(bit / 7)
      const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit % 7)))
      const headers = { ...vector.headers, [name]: text.slice(0, at) + changed + text.slice(at + 1) }
      expect(['wrong-signature', 'invalid-header']).toContain(await codeOf({ headers, body: vector.body }))
    }
  }
})

it.each([
  ['no keys', { keys: [] }, 'keys'],
  ['a key instead of a list', { keys: KEY }, 'keys'],
  ['an empty key', { keys: [''] }, 'keys'],
  ['a key with white space', { keys: [`${KEY}\n`] }, 'keys'],
  ['undefined keys', { keys: undefined }, 'keys'],
  ['a key that is no text', { keys: [undefined] }, 'keys'],
  ['no tolerance', { toleranceSeconds: 0 }, 'toleranceSeconds'],
  ['a tolerance that is no number', { toleranceSeconds: '300' }, 'toleranceSeconds'],
  ['a tolerance of NaN', { toleranceSeconds: NaN }, 'toleranceSeconds'],
  ['a clock that is no function', { now: 1 }, 'now'],
  ['a misspelled option', { toleranceSecond: 1 }, 'toleranceSecond'],
  ['an unknown option', { tolerance: 1 }, 'tolerance'],
])('%s is a ConfigurationError', async (_what, options, option) => {
  const error = await rejection(verifyMfsEvent(vector, { ...OPTIONS, ...options } as VerifyMfsEventOptions))
  expect(error).toMatchObject({ name: 'ConfigurationError', option })
  expect((error as Error).message).not.toContain(KEY)
})
