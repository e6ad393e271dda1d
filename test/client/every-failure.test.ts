import { createServer } from 'node:http'
import { Agent } from 'node:https'
import { describe, expect, it, vi } from 'vitest'
import {
  CloudMediaError,
  ConfigurationError,
  createTencentCiClient,
  CredentialsError,
  RequestValidationError,
  UnexpectedResponseError,
  type ExtractAudioRequest,
  type NoiseReductionRequest,
  type UnpublishRequest,
} from '../../src/index.js'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'
import { extracted, stepFetch } from '../support/step-server.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const UNPUBLISH: UnpublishRequest = { asset_id: [EXTRACT.asset_id] }

function thrower(): never {
  throw new Error('not to be read')
}

describe('a request that cannot be read is rejected before anything is sent:', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  it.each<[what: string, request: object]>([
    ['a getter that throws', Object.defineProperty({}, 'asset_id', { get: thrower, enumerable: true })],
    ['a proxy that throws', new Proxy({}, { get: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower })],
    ['a revoked proxy', proxy],
    ['a revoked proxy inside', { asset_id: proxy }],
  ])('%s', async (_, request) => {
    const { fetch, requests } = stepFetch(extracted)
    for (const validate of [true, false]) {
      const options = { validate }
      // A method throws nothing: the call is a promise in any case.
      const calls = [
        huaweiClient({ fetch }).createExtractAudioTask(request as ExtractAudioRequest, options),
        tencentClient({ fetch }).createNoiseReductionJob({ Input: request } as NoiseReductionRequest, options),
      ]
      for (const call of calls) {
        // Where XML does not know the field, nothing of it is read.
        const error = await rejection(call)
        expect(error).toBeInstanceOf(CloudMediaError)
      }
    }
    expect(requests.filter(({ url }) => url.includes('extract_audio'))).toHaveLength(0)
  })

  it('options that throw', async () => {
    const { fetch, requests } = stepFetch(extracted)
    const options = Object.defineProperty({}, 'signal', { get: thrower, enumerable: true })
    const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT, options))
    expect(error).toBeInstanceOf(RequestValidationError)
    expect(requests).toHaveLength(0)
  })

  it('reads each option once', async () => {
    const { fetch } = stepFetch(extracted)
    const read = vi.fn(() => 5_000)
    const options = Object.defineProperty({}, 'timeoutMs', { get: read, enumerable: true })
    await huaweiClient({ fetch }).createExtractAudioTask(EXTRACT, options)
    expect(read).toHaveBeenCalledOnce()
  })
})

describe('a request that inherits its fields', () => {
  class Unpublish {
    get asset_id(): string[] {
      return UNPUBLISH.asset_id
    }
  }
  it.each<[where: string, request: UnpublishRequest]>([
    ['from a class', Object.create(Unpublish.prototype) as UnpublishRequest],
    ['from another object', Object.create(UNPUBLISH) as UnpublishRequest],
  ])('%s is sent whole', async (_, request) => {
    const { fetch, requests } = stepFetch(() => Response.json({ asset_info_array: [] }))
    for (const validate of [true, false]) await huaweiClient({ fetch }).unpublishAssets(request, { validate })
    expect(await Promise.all(requests.map((sent) => sent.json()))).toEqual([UNPUBLISH, UNPUBLISH])
  })
})

it('sends a value with toJSON() as its JSON form', async () => {
  const { fetch, requests } = stepFetch(extracted)
  const request = { asset_id: new Date(0) } as object as ExtractAudioRequest
  await huaweiClient({ fetch }).createExtractAudioTask(request, { validate: false })
  expect(await requests[0]?.json()).toEqual({ asset_id: '1970-01-01T00:00:00.000Z' })
})

describe('a status', () => {
  it.each([204, 205])('%i of a result has a Response', async (status) => {
    const body = new TextEncoder().encode('{"asset_info_array":[]}')
    const chunks = [body]
    const read = (): Promise<object> => Promise.resolve({ done: chunks.length === 0, value: chunks.shift() })
    const answer = { status, headers: {}, body: { getReader: () => ({ read }) } }
    const fetch = (): Promise<Response> => Promise.resolve(answer as unknown as Response)
    const { response } = await huaweiClient({ fetch }).unpublishAssets(UNPUBLISH).withResponse()
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  it.each([600, 799, 999])('%i that a Response cannot have is an error, also of a raw call', async (status) => {
    const server = createServer((_, response) => {
      response.writeHead(status).end('{"error_code":"VOD.1"}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const client = huaweiClient({ endpoint: `http://127.0.0.1:${String(port)}` })
    const raw = client.raw.POST('/v1.0/{project_id}/asset/extract_audio', {
      params: { path: { project_id: 'p1' } },
      body: EXTRACT,
    })
    for (const call of [client.createExtractAudioTask(EXTRACT), raw]) {
      expect(await rejection(call)).toMatchObject({ name: 'ApiError', status, mayHaveRun: true })
    }
    server.close()
  })
})

it('returns deeply nested JSON to the caller of a raw call', async () => {
  const depth = 100_000
  const nested = `{"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
  const { fetch } = stepFetch(() => new Response(nested))
  const { data } = await huaweiClient({ fetch }).raw.POST('/v1.0/{project_id}/asset/extract_audio', {
    params: { path: { project_id: 'p1' } },
    body: EXTRACT,
  })
  expect(data).toHaveProperty('deep')
})

describe('an option that throws', () => {
  it.each([
    ['now', { now: thrower }],
    ['now, which deadlines use', { now: thrower, sleep: () => Promise.resolve() }],
    ['sleep', { sleep: thrower }],
    ['random', { random: thrower }],
  ])('%s causes an error of the library, and the request may have run', async (_, options) => {
    const refused = Object.assign(new Error('refused'), { syscall: 'connect' })
    const { fetch } = stepFetch(() => Promise.reject(refused), extracted)
    const client = huaweiClient({ fetch, maxAttempts: 2, ...options })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toBeInstanceOf(CloudMediaError)
    expect(error).toMatchObject({ mayHaveRun: true })
  })
})

describe('an option that cannot be part of a host name is rejected:', () => {
  it.each([
    ['bucket', { bucket: `${'a'.repeat(60)}-1250000000` }],
    ['bucket', { bucket: 'xn---1250000000' }],
    ['region', { region: 'xn--\u00fc' }],
    ['region', { region: 'a'.repeat(64) }],
  ])('%s %j', (option, options) => {
    const create = (): unknown =>
      createTencentCiClient({
        region: 'ap-beijing',
        bucket: 'examplebucket-1250000000',
        credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
        ...options,
      })
    expect(create).toThrow(ConfigurationError)
    expect(create).toThrow(new RegExp(`^${option} `))
  })
})

describe('what would fail again is not retried:', () => {
  it.each(['TOKEN\nEXAMPLE', 'TOKEN\r\nEXAMPLE', 'TOKEN\0EXAMPLE'])('the token %j', async (token) => {
    const { fetch, requests } = stepFetch(extracted)
    for (const options of [{}, { fetch }]) {
      const client = huaweiClient({
        endpoint: 'http://127.0.0.1:9',
        credentials: { token },
        maxAttempts: 4,
        ...options,
      })
      const error = await rejection(client.createExtractAudioTask(EXTRACT))
      expect(error).toBeInstanceOf(CredentialsError)
      expect(error).toMatchObject({ attempts: 0, mayHaveRun: false })
      expect(error).toHaveProperty('message', expect.not.stringContaining('EXAMPLE'))
    }
    expect(requests).toHaveLength(0)
  })

  it('a token with letters that no header can have', async () => {
    const { fetch } = stepFetch(extracted)
    for (const options of [{}, { fetch }]) {
      const credentials = { token: 'TOKEN\u4f8bEXAMPLE' }
      const client = huaweiClient({ endpoint: 'http://127.0.0.1:9', credentials, maxAttempts: 4, ...options })
      expect(await rejection(client.createExtractAudioTask(EXTRACT))).toMatchObject({ attempts: 1, mayHaveRun: false })
    }
  })

  it.each([{ agent: {} }, { agent: { on: () => undefined } }, { agent: [] }])(
    '%j, as soon as the client is created',
    ({ agent }) => {
      expect(() => huaweiClient({ agent })).toThrow(/^agent must be an http\.Agent or https\.Agent/)
    },
  )

  it('an https agent on an http endpoint', async () => {
    const client = huaweiClient({ endpoint: 'http://127.0.0.1:9', agent: new Agent(), maxAttempts: 4 })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 1, mayHaveRun: false })
    expect(error).toHaveProperty('message', expect.stringContaining('ERR_INVALID_PROTOCOL'))
  })
})

it('many calls on one signal cause no warning, and leave no listener', async () => {
  const warning = vi.fn()
  process.on('warning', warning)
  const { fetch, requests } = stepFetch(() => new Promise(() => undefined))
  const controller = new AbortController()
  const client = huaweiClient({ fetch })
  const calls = Array.from({ length: 50 }, () =>
    rejection(client.createExtractAudioTask(EXTRACT, { signal: controller.signal })),
  )
  await expect.poll(() => requests.length).toBe(50)
  controller.abort()
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: 'AbortError', attempts: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off('warning', warning)
  expect(warning).not.toHaveBeenCalled()
})

it('a raw response that cannot be decoded is an UnexpectedResponseError', async () => {
  const { fetch } = stepFetch(() => new Response('<html>'))
  const call = huaweiClient({ fetch }).raw.POST('/v1.0/{project_id}/asset/extract_audio', {
    params: { path: { project_id: 'p1' } },
    body: EXTRACT,
  })
  expect(await rejection(call)).toBeInstanceOf(UnexpectedResponseError)
})
