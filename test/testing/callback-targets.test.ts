import { describe, expect, it } from 'vitest'
import { reasonNotToCall } from '../../src/testing/callback-targets.js'
import { ConfigurationError } from '../../src/index.js'
import { createEmulator, type EmulatorOptions } from '../../src/testing/index.js'
import { tencentClient } from '../support/clients.js'
import { calledBack } from './called-back.js'
import { NOISE } from './emulated.js'

const ALLOWED = new Set(['https://receiver.example', 'http://10.0.0.5:3000'])

describe('a job may name', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1:65535/path?query',
    'http://127.200.3.4/',
    'http://2130706433/',
    'https://localhost:8443/ci',
    'http://LOCALHOST/',
    'http://[::1]:3000/',
    'https://receiver.example/ci/secret',
    'http://10.0.0.5:3000/',
  ])('%s', (url) => {
    expect(reasonNotToCall(url, ALLOWED, false)).toBeUndefined()
  })

  it('from a web page, what the user has allowed', () => {
    expect(reasonNotToCall('https://receiver.example/ci', ALLOWED, true)).toBeUndefined()
  })
})

describe('a job may not name', () => {
  it.each(['http://127.0.0.1:4010/_emulator/reset', 'https://receiver.example/_emulator/faults'])(
    'the control of an emulator: %s',
    (url) => {
      expect(reasonNotToCall(url, ALLOWED, false)).toBe('the control of an emulator')
    },
  )

  it.each([
    'http://receiver.example/',
    'https://receiver.example:8443/',
    'https://www.receiver.example/',
    'http://10.0.0.5/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1.nip.io/',
    'http://localhost.example/',
    'http://not-localhost/',
    'http://localhost./',
    'http://127.example/',
    'http://example/127.0.0.1',
  ])('%s', (url) => {
    expect(reasonNotToCall(url, ALLOWED, false)).toMatch(/ is not a loopback address or in callbacks\.allow$/)
  })

  it.each([
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'http://user@127.0.0.1/',
    'http://:password@127.0.0.1/',
    'localhost:3000',
    '/path',
    '',
  ])('%j', (url) => {
    expect(reasonNotToCall(url, ALLOWED, false)).toBe('not an http or https URL without credentials')
  })

  it('from a web page, a loopback address', () => {
    expect(reasonNotToCall('http://127.0.0.1:3000/', ALLOWED, true)).toBe(
      'http://127.0.0.1:3000 is not in callbacks.allow, and a web page submitted the job',
    )
  })
})

describe('an emulator sends nothing to an address that is not allowed', () => {
  it('and records that', async () => {
    const { emulator, requests, tencent } = calledBack()
    await tencent.createNoiseReductionJob({ ...NOISE, CallBack: 'https://receiver.example/ci' })
    await emulator.callbacksDone()
    expect(requests).toEqual([])
    expect(emulator.callbacks).toMatchObject([
      {
        url: 'https://receiver.example/ci',
        body: expect.stringContaining('<State>Success<') as unknown,
        attempts: 0,
        status: undefined,
        error: 'https://receiver.example is not a loopback address or in callbacks.allow',
        state: 'not-allowed',
      },
    ])
  })

  it('but to those of the options', async () => {
    const { emulator, requests, tencent } = calledBack({
      huawei: { events: { url: 'http://events.example/vod' } },
      callbacks: { allow: ['https://receiver.example/'] },
    })
    const urls = ['https://receiver.example/ci', 'http://events.example/ci']
    for (const CallBack of urls) await tencent.createNoiseReductionJob({ ...NOISE, CallBack })
    await emulator.callbacksDone()
    expect(requests.map(({ url }) => url)).toEqual(urls)
  })

  it('and knows a web page by its Origin header', async () => {
    const { emulator, requests, tencent } = calledBack({ callbacks: { allow: ['http://127.0.0.1:3001'] } })
    const page = tencentClient({
      fetch: (request) => {
        request.headers.set('origin', 'https://page.example')
        return emulator.fetch(request)
      },
    })
    await page.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1:3000/' })
    await page.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1:3001/' })
    await tencent.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1:3000/' })
    await emulator.callbacksDone()
    expect(emulator.callbacks.map(({ state }) => state)).toEqual(['not-allowed', 'delivered', 'delivered'])
    expect(requests).toHaveLength(2)
  })
})

describe('the options of callbacks and events', () => {
  const url = 'http://127.0.0.1/vod'
  it.each<[string, EmulatorOptions]>([
    ['events.url', { huawei: { events: { url: 'receiver.example' } } }],
    ['events.url', { huawei: { events: { url: 'ftp://receiver.example' } } }],
    ['events.key', { huawei: { events: { url, key: '' } } }],
    ['events.key', { huawei: { events: { url, key: 'k', topicUrn: 'urn:smn:cn-north-4:0123:vod' } } }],
    ['events.topicUrn', { huawei: { events: { url, topicUrn: 'vod' } } }],
    ['events.subject', { huawei: { events: { url, subject: 'VOD' } } }],
    ['callbacks.allow', { callbacks: { allow: ['receiver.example'] } }],
    ['callbacks.allow', { callbacks: { allow: ['http://receiver.example/path'] } }],
    ['callbacks.allow', { callbacks: { allow: ['http://receiver.example', ''] } }],
    ['callbacks.retryDelaysMs', { callbacks: { retryDelaysMs: [1, 2, 3, 4, 5, 6, 7] } }],
    ['callbacks.retryDelaysMs', { callbacks: { retryDelaysMs: [-1] } }],
    ['callbacks.retryDelaysMs', { callbacks: { retryDelaysMs: [NaN] } }],
    ['callbacks.retryDelaysMs', { callbacks: { retryDelaysMs: [Infinity] } }],
    ['callbacks.retryDelaysMs', { callbacks: { retryDelaysMs: 5 as unknown as number[] } }],
    ['callbacks.allow', { callbacks: { allow: 'http://receiver:3000' as unknown as string[] } }],
    ['allowed', { callbacks: { allowed: [] } as EmulatorOptions['callbacks'] & object }],
    ['keys', { huawei: { events: { url: 'http://127.0.0.1/', keys: 'k' } as { url: string } } }],
    ['callbacks.fetch', { callbacks: { fetch: 5 as never } }],
  ])('are checked: %s of %j', (option, options) => {
    const create = (): unknown => createEmulator(options)
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(expect.objectContaining({ option }) as Error)
  })
})
