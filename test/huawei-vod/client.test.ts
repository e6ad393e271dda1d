import { describe, expect, it } from 'vitest'
import { ApiError, ConfigurationError, createHuaweiVodClient, CredentialsError } from '../../src/huawei-vod/index.js'
import { useAnswers, type SentRequest } from '../support/answering.js'
import { huaweiClient, rejection } from '../support/clients.js'

const server = useAnswers()
const PROJECT = '0123456789abcdef0123456789abcdef'
const HOST = 'https://vod.cn-north-4.myhuaweicloud.com'
const ACCEPTED = {
  status: 202,
  contentType: 'application/json',
  body: '{"asset_id":"3e1cd21131a94525be55acf65888bf46","audio_asset_id":"5412"}',
  headers: { 'X-Request-Id': 'req-1' },
}
const UNPUBLISHED = { status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' }
const EXTRACT = { asset_id: '3e1cd21131a94525be55acf65888bf46', parameter: { format: 'MP3' } } as const
const UNPUBLISH = { asset_id: ['f488337c31c8e4622f1590735b134c65', '07ba4d46463355e800c2f42f628f0631'] }

function signature(request: SentRequest | undefined): string | undefined {
  return /Signature=(.*)$/.exec(request?.headers.get('authorization') ?? '')?.[1]
}

describe('the client puts the published signatures on the wire', () => {
  it('for createExtractAudioTask', async () => {
    const sent = server.answer(ACCEPTED)
    await huaweiClient().createExtractAudioTask(EXTRACT)
    expect(sent[0]?.url).toBe(`${HOST}/v1.0/${PROJECT}/asset/extract_audio`)
    expect(sent[0]?.headers.get('authorization')).toContain('SignedHeaders=content-type;host;x-project-id;x-sdk-date,')
    expect(signature(sent[0])).toBe('6cfd1d7a770be4acb42f6889b551ff4c2eb6220c663e2f09179a7c44a8cb768a')
  })

  it('for unpublishAssets', async () => {
    const sent = server.answer(UNPUBLISHED)
    await huaweiClient().unpublishAssets(UNPUBLISH)
    expect(sent[0]?.url).toBe(`${HOST}/v1.0/${PROJECT}/asset/status/unpublish`)
    expect(signature(sent[0])).toBe('7d3054d0308f0fe0ded190a7d19e818dcf372f17e094bebc7c723aa2f69399b7')
  })

  it('with a temporary access key', async () => {
    const sent = server.answer(UNPUBLISHED)
    const credentials = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE', securityToken: 'STSTOKEN' }
    await huaweiClient({ credentials }).unpublishAssets(UNPUBLISH)
    expect(sent[0]?.headers.get('x-security-token')).toBe('STSTOKEN')
    expect(signature(sent[0])).toBe('2ea9bf2c913b4330e759d670925fabf7467006a1f6f74b884d25a7fcab01931d')
  })

  it('through the raw client', async () => {
    const sent = server.answer(ACCEPTED)
    await huaweiClient().raw.POST('/v1.0/{project_id}/asset/extract_audio', {
      params: { path: { project_id: PROJECT } },
      body: EXTRACT,
    })
    expect(signature(sent[0])).toBe('6cfd1d7a770be4acb42f6889b551ff4c2eb6220c663e2f09179a7c44a8cb768a')
  })
})

describe('credentials', () => {
  it('that are a token go in its header, without a signature', async () => {
    const sent = server.answer(ACCEPTED)
    await huaweiClient({ credentials: { token: 'TOKENEXAMPLE' } }).createExtractAudioTask(EXTRACT)
    expect(sent[0]?.headers.get('x-auth-token')).toBe('TOKENEXAMPLE')
    expect(sent[0]?.headers.get('x-project-id')).toBe(PROJECT)
    expect(sent[0]?.headers.has('authorization')).toBe(false)
  })

  it('are requested for every attempt', async () => {
    const sent = server.answer(ACCEPTED)
    const tokens = ['FIRSTEXAMPLE', 'SECONDEXAMPLE']
    const client = huaweiClient({ credentials: () => Promise.resolve({ token: tokens.shift() ?? '' }) })
    await client.createExtractAudioTask(EXTRACT)
    await client.createExtractAudioTask(EXTRACT)
    expect(sent.map(({ headers }) => headers.get('x-auth-token'))).toEqual(['FIRSTEXAMPLE', 'SECONDEXAMPLE'])
  })

  it('that cannot be obtained end the call before anything is sent', async () => {
    const sent = server.answer(ACCEPTED)
    const cause = new Error('vault is sealed')
    const failing = huaweiClient({ credentials: () => Promise.reject(cause) })
    const error = await rejection(failing.createExtractAudioTask(EXTRACT))
    expect(error).toBeInstanceOf(CredentialsError)
    expect(error).toMatchObject({ cause, attempts: 0, mayHaveRun: false })
    const empty = huaweiClient({ credentials: () => ({ token: '' }) })
    expect(await rejection(empty.createExtractAudioTask(EXTRACT))).toBeInstanceOf(CredentialsError)
    const broken = huaweiClient({ credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'LINE\nEXAMPLE' } })
    const refused = await rejection(broken.createExtractAudioTask(EXTRACT))
    expect(refused).toBeInstanceOf(CredentialsError)
    expect(refused).toMatchObject({ message: expect.stringContaining('secretAccessKey') as unknown, attempts: 0 })
    expect(String(refused)).not.toContain('LINE')
    expect(sent).toEqual([])
  })

  it('that the gateway repeats do not reach the error', async () => {
    const echo = 'verify aksk signature fail, canonicalRequest:POST|x-security-token:STSEXAMPLETOKEN|'
    server.answer({
      status: 401,
      contentType: 'application/json',
      body: JSON.stringify({ error_code: 'APIGW.0301', error_msg: echo, request_id: 'from-body' }),
    })
    const credentials = {
      accessKeyId: 'AKEXAMPLE',
      secretAccessKey: 'SKEXAMPLE',
      securityToken: 'STSEXAMPLETOKEN',
    }
    const error = await rejection(huaweiClient({ credentials }).unpublishAssets(UNPUBLISH))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'APIGW.0301', requestId: 'from-body', mayHaveRun: false })
    expect(JSON.stringify(error)).toContain('x-security-token:***')
    expect(JSON.stringify(error) + String(error)).not.toContain('STSEXAMPLETOKEN')
  })
})

it('the message of an error is one line of bounded length, and providerMessage is complete', async () => {
  const error_msg = `first\nsecond\u001b[31m ${'x'.repeat(5_000)}`
  server.answer({
    status: 403,
    contentType: 'application/json',
    body: JSON.stringify({ error_code: 'VOD.10062', error_msg }),
  })
  const error = await rejection(huaweiClient().unpublishAssets(UNPUBLISH))
  expect(error).toMatchObject({
    providerMessage: error_msg,
    message: expect.stringMatching(/: first second \[31m x+… \(status 403\)$/) as unknown,
  })
  expect(String(error).length).toBeLessThan(2_200)
})

it('withResponse gives the answer as it came', async () => {
  server.answer(ACCEPTED)
  const { data, response, requestId, attempts } = await huaweiClient().createExtractAudioTask(EXTRACT).withResponse()
  expect(data.audio_asset_id).toBe('5412')
  expect([response.status, requestId, attempts]).toEqual([202, 'req-1', 1])
  expect(await response.text()).toBe(ACCEPTED.body)
})

it('the raw client returns errors as openapi-fetch does', async () => {
  server.answer({ status: 403, contentType: 'application/json', body: '{"error_code":"VOD.10062","error_msg":"gone"}' })
  const { data, error, response } = await huaweiClient().raw.POST('/v1.0/{project_id}/asset/status/unpublish', {
    params: { path: { project_id: PROJECT } },
    body: UNPUBLISH,
  })
  expect([data, error, response.status]).toEqual([undefined, { error_code: 'VOD.10062', error_msg: 'gone' }, 403])
})

it('an endpoint may have a path, and replaces the region', async () => {
  const sent = server.answer(ACCEPTED)
  const client = createHuaweiVodClient({
    endpoint: 'http://127.0.0.1:4010/vod/',
    projectId: PROJECT,
    credentials: { token: 'TOKENEXAMPLE' },
  })
  await client.createExtractAudioTask(EXTRACT)
  expect(sent[0]?.url).toBe(`http://127.0.0.1:4010/vod/v1.0/${PROJECT}/asset/extract_audio`)
})

describe('a wrong option is refused when the client is made, by name', () => {
  it.each([
    ['projectId', { projectId: '..' }],
    ['projectId', { projectId: 'a/b' }],
    ['region', { region: 'cn-north-4.example.com/' }],
    ['endpoint', { endpoint: 'not a url' }],
    ['endpoint', { endpoint: 'http://vod.example.com' }],
    ['endpoint', { endpoint: 'https://user:password@vod.example.com' }],
    ['endpoint', { endpoint: 'https://vod.example.com/?a=1' }],
    ['endpoint', { endpoint: 'https://vod.example.com/#a' }],
    ['endpoint', { endpoint: 'https://vod.example.com/?' }],
    ['endpoint', { endpoint: 'https://vod.example.com/vod#' }],
    ['credentials', { credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: '' } }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ['userAgent', { userAgent: 'two\nlines' }],
    ['timeoutMS', { timeoutMs: 5, timeoutMS: 5 }],
    ['endPoint', { timeoutMs: 5, endPoint: 'http://127.0.0.1' }],
    ['timeoutMs', { timeoutMs: 0 }],
  ])('%s: %o', (option, options) => {
    expect(() => huaweiClient(options)).toThrow(ConfigurationError)
    expect(() => huaweiClient(options)).toThrow(expect.objectContaining({ option }))
  })

  // As JavaScript would let them pass.
  it.each<[string, object]>([
    ['totalTimeoutMs', { totalTimeoutMs: 0 }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['maxAttempts', { maxAttempts: 1.5 }],
    ['maxAttempts', { maxAttempts: Infinity }],
    ['agent', { agent: 'http://proxy.example.com' }],
    ['agent', { agent: {}, fetch: () => Promise.reject(new Error('never called')) }],
    ['fetch', { fetch: 'node-fetch' }],
    ['now', { now: 5 }],
    ['sleep', { sleep: 5 }],
    ['random', { random: 0.5 }],
    ['onAttempt', { onAttempt: 'log' }],
  ])('%s: %o, of the transport and the retries', (option, options) => {
    expect(() => huaweiClient({ ...options })).toThrow(expect.objectContaining({ name: 'ConfigurationError', option }))
  })

  it('region and endpoint both missing', () => {
    const options = { projectId: PROJECT, credentials: { token: 'TOKENEXAMPLE' } }
    expect(() => createHuaweiVodClient(options)).toThrow('region is required unless endpoint is set')
  })

  it('but plain http to another machine is accepted with allowInsecure', () => {
    expect(() => huaweiClient({ endpoint: 'http://vod.example.com', allowInsecure: true })).not.toThrow()
  })
})
