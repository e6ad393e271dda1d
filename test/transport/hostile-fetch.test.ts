import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionError, type CloudMediaError } from '../../src/index.js'
import { huaweiClient, rejection } from '../support/clients.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const RESULT = new TextEncoder().encode('{"asset_id":"a1","audio_asset_id":"a2"}')

const unhandled = vi.fn()
beforeEach(() => {
  unhandled.mockClear()
  process.on('unhandledRejection', unhandled)
  process.on('uncaughtException', unhandled)
})
afterEach(() => {
  process.off('unhandledRejection', unhandled)
  process.off('uncaughtException', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

function thrower(): never {
  throw new Error('not to be read')
}

/** A getter that lets the first reads pass. */
function throwingAfter(reads: number, value: unknown): () => unknown {
  let count = 0
  return () => (count++ < reads ? value : thrower())
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('a fetch that rejects with an odd value causes a ConnectionError:', () => {
  it.each<[what: string, thrown: unknown]>([
    ['a code getter that throws', Object.defineProperty(new Error('x'), 'code', { get: thrower })],
    ['a code getter that throws later', Object.defineProperty(new Error('x'), 'code', { get: throwingAfter(1, 'E') })],
    ['a message getter that throws', Object.defineProperty(new Error(), 'message', { get: thrower })],
    ['a cause getter that throws', Object.defineProperty(new Error('x'), 'cause', { get: thrower })],
    ['an object without a prototype', Object.create(null)],
    ['an object whose text cannot be made', { toString: thrower, [Symbol.toPrimitive]: thrower }],
    ['a proxy that throws', new Proxy(new Error(), { get: thrower, getPrototypeOf: thrower, has: thrower })],
    ['a revoked proxy', revoked()],
    ['undefined', undefined],
    ['a symbol', Symbol('odd')],
    ['a function', thrower],
    ['a code that is an object', Object.assign(new Error('x'), { code: Object.create(null) as object })],
  ])('%s', async (_, thrown) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a foreign fetch rejects with anything
    const fetch = async (): Promise<Response> => Promise.reject(thrown)
    const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ attempts: 1, mayHaveRun: true })
  })
})

describe('a fetch that resolves with an odd value causes an error of the library, and the request may have run:', () => {
  const odd = (properties: object): object => ({ status: 202, headers: new Headers(), body: null, ...properties })
  const bodyOf = (read: () => unknown): object => ({ getReader: () => ({ read, cancel: () => Promise.resolve() }) })
  it.each<[what: string, response: () => unknown]>([
    ['nothing', () => undefined],
    ['an empty object', () => ({})],
    ['an error response', () => Response.error()],
    ['a status that is text', () => odd({ status: '202' })],
    ['a status getter that throws', () => Object.defineProperty({}, 'status', { get: thrower })],
    ['headers that are text', () => odd({ headers: 'date: now' })],
    ['headers without a method', () => odd({ headers: { date: 'now' } })],
    ['no headers', () => odd({ headers: undefined })],
    ['headers whose get throws', () => odd({ headers: { get: thrower, [Symbol.iterator]: thrower } })],
    ['a headers getter that throws', () => Object.defineProperty(odd({}), 'headers', { get: thrower })],
    ['a body that is text', () => odd({ body: 'text' })],
    ['a body of text chunks', () => odd({ body: bodyOf(() => ({ done: false, value: 'text' })) })],
    ['a body whose reader throws', () => odd({ body: { getReader: thrower } })],
    ['a body whose read throws', () => odd({ body: bodyOf(thrower) })],
    ['a revoked proxy', revoked],
  ])('%s', async (_, response) => {
    const fetch = (): Promise<Response> => Promise.resolve(response() as Response)
    const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT))
    expect((error as CloudMediaError).name).toMatch(/^(ConnectionError|UnexpectedResponseError)$/)
    expect(error).toMatchObject({ attempts: 1, mayHaveRun: true })
  })
})

it.each([
  [{ headers: {} }, 'fetch returned no Response'],
  [{ status: '202', headers: {} }, 'fetch returned no Response'],
  [
    { status: 202, headers: {}, body: { getReader: () => ({ read: () => ({ done: false, value: 'text' }) }) } },
    'fetch returned a Response whose body is not bytes',
  ],
])('an invalid response is named: %j', async (response, problem) => {
  const fetch = (): Promise<Response> => Promise.resolve(response as unknown as Response)
  const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT))
  expect(error).toBeInstanceOf(ConnectionError)
  expect(error).toHaveProperty('message', expect.stringContaining(problem))
})

it('a result is read from any object with a status, headers and bytes', async () => {
  const chunks = [RESULT.subarray(0, 5), RESULT.subarray(5)]
  const read = (): Promise<object> => Promise.resolve({ done: chunks.length === 0, value: chunks.shift() })
  const response = { status: 202, headers: { 'x-request-id': 'r1' }, body: { getReader: () => ({ read }) } }
  const fetch = (): Promise<Response> => Promise.resolve(response as unknown as Response)
  const { data, requestId } = await huaweiClient({ fetch }).createExtractAudioTask(EXTRACT).withResponse()
  expect([data.audio_asset_id, requestId]).toEqual(['a2', 'r1'])
})
