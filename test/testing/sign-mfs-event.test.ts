import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signMfsEvent, type SignMfsEventOptions } from '../../src/testing/index.js'
import { rejection } from '../support/clients.js'

const EVENT = {
  event_type: 'audioExtractComplete',
  audio_extract_info: { status: 'SUCCEED', asset_id: 'd98b70ff435cf417a0a450052be80109' },
}
const OPTIONS = { key: 'mfs-key', timestamp: 1_700_000_000_000 }

describe('signMfsEvent', () => {
  it('signs the message inside the body, as the example of the spec shows', async () => {
    expect(await signMfsEvent(EVENT, OPTIONS)).toEqual({
      headers: {
        'content-type': 'application/json',
        auth_sign: 'ccbc066061f0f570217179ff320742eb35bda7ecb89111e7bf6dd763ca663d67',
        auth_timestamp: '1700000000000',
      },
      body: JSON.stringify({ message: JSON.stringify(EVENT) }),
    })
  })

  it('signs the body itself if it is the event', async () => {
    const { headers, body } = await signMfsEvent(EVENT, { ...OPTIONS, body: 'event' })
    expect(body).toBe(JSON.stringify(EVENT))
    expect(headers['auth_sign']).toBe('ccbc066061f0f570217179ff320742eb35bda7ecb89111e7bf6dd763ca663d67')
  })

  it('signs key and text as UTF-8', async () => {
    const event = { event_type: 'createComplete', title: '音频 🎧' }
    const { headers } = await signMfsEvent(event, { ...OPTIONS, key: 'schlüssel' })
    const hmac = createHmac('sha256', 'schlüssel').update(`VOD_1700000000000_${JSON.stringify(event)}`)
    expect(headers['auth_sign']).toBe(hmac.digest('hex'))
  })

  it('signs with the time of the machine by default', async () => {
    const before = Date.now()
    const { headers } = await signMfsEvent(EVENT, { key: 'k' })
    const time = Number(headers['auth_timestamp'])
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  })

  it.each([
    ['no key', { key: undefined }, 'key must be text, and not empty'],
    ['an empty key', { key: '' }, 'key must be text, and not empty'],
    ['a date as time', { timestamp: new Date() }, 'timestamp must be a whole number of milliseconds since 1970'],
    ['a misspelled body', { body: 'envelop' }, 'body must be envelope or event'],
    ['a misspelled option', { timstamp: 1 }, 'timstamp is not a known field; did you mean timestamp?'],
  ])('rejects %s', async (_, options, message) => {
    // What a JavaScript user could write.
    const given = { ...OPTIONS, ...options } as SignMfsEventOptions
    const error = await rejection(signMfsEvent(EVENT, given))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: `signMfsEvent: ${message}` })
  })
})
