import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { CallbackError } from '../../src/callbacks.js'
import { headerOf } from '../../src/receiving/header.js'
import { readCallback, type CallbackInput, type CallbackBody } from '../../src/receiving/input.js'
import { rejection } from '../support/clients.js'

const TEXT = '{"name":"Grüße 你好 🎧"}'
const BYTES = new TextEncoder().encode(TEXT)
const LIMIT = 256 * 1024
const OtherUint8Array = vm.runInNewContext('Uint8Array') as typeof Uint8Array

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

function request(body: BodyInit | null, headers: HeadersInit = {}): Request {
  return new Request('https://example.com/callback', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
}

async function codeOf(input: unknown): Promise<string> {
  const error = await rejection(readCallback('test', input as CallbackInput))
  if (!(error instanceof CallbackError)) throw error
  return error.code
}

describe('a raw body', () => {
  const shapes: readonly (readonly [string, CallbackInput | CallbackBody])[] = [
    ['a Request', request(TEXT)],
    ['text', TEXT],
    ['bytes', BYTES],
    ['a Buffer from a pool', Buffer.from(TEXT)],
    ['an ArrayBuffer', BYTES.slice().buffer],
    ['bytes of another realm', OtherUint8Array.from(BYTES)],
    ['an ArrayBuffer of another realm', OtherUint8Array.from(BYTES).buffer],
    ['text with headers', { body: TEXT, headers: {} }],
    ['bytes without headers', { body: BYTES }],
    ['bytes with a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...BYTES)],
    ['a Request in many chunks', request(streamOf([...BYTES].map((byte) => Uint8Array.of(byte))))],
  ]

  it.each(shapes)('is read from %s', async (_shape, input) => {
    expect((await readCallback('test', input)).text).toBe(TEXT)
  })

  it('keeps its bytes, with the byte order mark, and is a copy', async () => {
    const body = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)
    const { bytes } = await readCallback('test', body)
    body.fill(0)
    expect([...bytes]).toEqual([0xef, 0xbb, 0xbf, 0x7b, 0x7d])
  })

  it('may be as long as the limit', async () => {
    for (const input of [request('x'.repeat(LIMIT)), 'x'.repeat(LIMIT)]) {
      expect((await readCallback('test', input)).bytes).toHaveLength(LIMIT)
    }
  })
})

describe('an input is rejected', () => {
  it.each([
    ['an object that a framework parsed', { body: { event_type: 'x' }, headers: {} }],
    ['a list that a framework parsed', { body: [], headers: {} }],
    ['a number that a framework parsed', { body: 1, headers: {} }],
    ['a request of node:http, whose body was not read', { headers: {}, method: 'POST' }],
    ['undefined', undefined],
    ['null', null],
    ['an empty object, as Express 4 gives without a parser', {}],
    ['a stream', { body: streamOf([BYTES]), headers: {} }],
    ['the request of Hono, instead of its raw one', { arrayBuffer: () => BYTES.buffer, header: () => '' }],
  ])('if it is %s', async (_what, input) => {
    const error = await rejection(readCallback('verifyMfsEvent', input as CallbackInput))
    expect(error).toMatchObject({ name: 'CallbackError', code: 'parsed-body', operation: 'verifyMfsEvent' })
    const { message, hint } = error as CallbackError
    expect(message).toMatch(/^verifyMfsEvent: (the raw body is missing|the body was parsed already)$/)
    for (const way of ['express.raw', 'Fastify', 'c.req.raw', 'Next.js', 'Node']) expect(hint).toContain(way)
  })

  it('if a Request was read already', async () => {
    const used = request(TEXT)
    await used.text()
    expect(await codeOf(used)).toBe('body-used')
  })

  it('if its stream is locked', async () => {
    const locked = request(TEXT)
    locked.body?.getReader()
    expect(await codeOf(locked)).toBe('body-used')
  })

  it.each([
    ['a Request', request('x'.repeat(LIMIT + 1))],
    [
      'a Request in chunks, of which the last is too large',
      request(streamOf([new Uint8Array(LIMIT), new Uint8Array(9)])),
    ],
    ['text', 'x'.repeat(LIMIT + 1)],
    ['text of fewer characters than bytes', '你'.repeat(LIMIT / 3 + 1)],
    ['bytes', new Uint8Array(LIMIT + 1)],
  ])('if %s is larger than the limit', async (_what, input) => {
    expect(await codeOf(input)).toBe('body-too-large')
  })

  it('and an endless Request is read no further than the limit', async () => {
    let sent = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1024
        controller.enqueue(new Uint8Array(1024))
      },
      cancel: () => {
        cancelled = true
      },
    })
    expect(await codeOf(request(endless))).toBe('body-too-large')
    expect(cancelled).toBe(true)
    expect(sent).toBeLessThan(LIMIT + 10 * 1024)
  })

  it('if its stream breaks', async () => {
    const cause = new Error('ECONNRESET')
    const broken = new ReadableStream({
      pull: (controller) => {
        controller.error(cause)
      },
    })
    expect(await rejection(readCallback('test', request(broken)))).toMatchObject({ code: 'body-unreadable', cause })
  })

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['an encoded half of a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
    ['an overlong slash', Uint8Array.of(0xc0, 0xaf)],
    ['text with half a surrogate pair', '{"a":"\ud800"}'],
  ])('for %s', async (_what, input) => {
    expect(await codeOf(input)).toBe('invalid-encoding')
  })
})

describe('a header', () => {
  it.each([
    ['Headers', new Headers({ Auth_Sign: 'abc' })],
    ['the headers of node:http', { auth_sign: 'abc', other: ['1', '2'] }],
    ['names in any case', { AUTH_sign: 'abc' }],
    ['a list of one value', { auth_sign: ['abc'] }],
    ['a name that is undefined in another case', { auth_sign: undefined, Auth_Sign: 'abc' }],
  ])('is found in %s', async (_shape, headers) => {
    const received = await readCallback('test', { body: TEXT, headers })
    expect(['auth_sign', 'absent'].map((name) => headerOf(received.headers, name))).toEqual(['abc', undefined])
  })

  it.each([
    ['no headers', undefined],
    ['null', null],
    ['a list of two values', { auth_sign: ['abc', 'def'] }],
    ['two names that differ in case', { auth_sign: 'abc', Auth_Sign: 'abc' }],
    ['a value that is no text', { auth_sign: 1 }],
    ['the prototype', Object.create({ auth_sign: 'abc' }) as object],
  ])('is not found in %s', async (_shape, headers) => {
    const received = await readCallback('test', { body: TEXT, headers } as unknown as CallbackInput)
    expect(headerOf(received.headers, 'auth_sign')).toBeUndefined()
  })

  it('of a Request is found', async () => {
    const { headers } = await readCallback('test', request(TEXT, { auth_sign: 'abc' }))
    expect(headerOf(headers, 'auth_sign')).toBe('abc')
  })
})
