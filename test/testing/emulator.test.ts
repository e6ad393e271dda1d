import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '../../src/index.js'
import { createEmulator, type Emulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'

const EXISTING = 'f488337c31c8e4622f1590735b134c65'
const MISSING = '07ba4d46463355e800c2f42f628f0631'
const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}
const VOICE = { ...NOISE, QueueId: 'p893bcda225bf4945a378da6662e81a89' }

function emulatorAtNewYear(): Emulator {
  return createEmulator({ now: () => NEW_YEAR })
}

/** Lets a request be changed between client and emulator. */
function changing(change: (request: Request) => Request | Promise<Request>): (request: Request) => Promise<Response> {
  const emulator = emulatorAtNewYear()
  return async (request) => emulator.fetch(await change(request))
}

function withHeader(name: string, value: string): (request: Request) => Request {
  return (request) => {
    const changed = new Request(request)
    changed.headers.set(name, value)
    return changed
  }
}

function withUrl(url: (original: string) => string): (request: Request) => Promise<Request> {
  return async (request) =>
    new Request(url(request.url), { method: request.method, headers: request.headers, body: await request.text() })
}

function withBody(body: (original: string) => string): (request: Request) => Promise<Request> {
  return async (request) =>
    new Request(request.url, {
      method: request.method,
      headers: request.headers,
      body: body(await request.text()),
    })
}

describe('requests of the clients are accepted', () => {
  it('with a token', async () => {
    const { fetch, options } = emulatorAtNewYear()
    const [token = ''] = options.huawei.tokens
    await huaweiClient({ fetch, credentials: { token } }).unpublishAssets({ asset_id: [EXISTING] })
  })

  it('with temporary keys that it has', async () => {
    const huawei = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE', securityToken: 'STSTOKEN' }
    const tencent = { secretId: 'TESTID', secretKey: 'TESTKEY', sessionToken: 'STSTOKEN' }
    const { fetch } = createEmulator({
      now: () => NEW_YEAR,
      huawei: { credentials: huawei },
      tencent: { credentials: tencent },
    })
    await huaweiClient({ fetch, credentials: huawei }).unpublishAssets({ asset_id: [EXISTING] })
    await tencentClient({ fetch, credentials: tencent }).createNoiseReductionJob(NOISE)
    expect(await rejection(tencentClient({ fetch }).createNoiseReductionJob(NOISE))).toBeInstanceOf(ApiError)
    expect(await rejection(huaweiClient({ fetch }).unpublishAssets({ asset_id: [EXISTING] }))).toBeInstanceOf(ApiError)
  })
})

describe('Huawei: a request with one error is rejected', () => {
  const unpublish = { asset_id: [EXISTING] }
  const wrongKey = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'WRONGEXAMPLE' }
  it('another path', async () => {
    const fetch = changing(withUrl((url) => url.replace('unpublish', 'elsewhere')))
    const error = await rejection(huaweiClient({ fetch }).unpublishAssets(unpublish))
    expect(error).toMatchObject({ name: 'ApiError', status: 404, code: 'APIGW.0101', mayHaveRun: false })
  })

  it('a rejected signature shows where the requests differ, or that the key is wrong', async () => {
    const changed = huaweiClient({ fetch: changing(withHeader('x-project-id', 'other')) })
    expect(await rejection(changed.unpublishAssets(unpublish))).toMatchObject({
      hint: expect.stringContaining('read "x-project-id:other"') as unknown,
    })
    const wrong = huaweiClient({ credentials: wrongKey, fetch: changing((request) => request) })
    expect(await rejection(wrong.unpublishAssets(unpublish))).toMatchObject({
      hint: expect.stringContaining('secret access key') as unknown,
    })
  })

  it('a missing asset has the response of each page', async () => {
    const client = huaweiClient({ fetch: emulatorAtNewYear().fetch })
    expect(await rejection(client.createExtractAudioTask({ asset_id: MISSING }))).toMatchObject({
      status: 400,
      code: 'VOD.10062',
    })
    expect(await client.unpublishAssets({ asset_id: [MISSING] })).toMatchObject({
      asset_info_array: [{ asset_id: MISSING, status: 'NOASSET' }],
    })
  })

  it('a body that breaks the spec names the field', async () => {
    const client = huaweiClient({ fetch: emulatorAtNewYear().fetch })
    const request: unknown = { asset_id: 5 }
    // What a JavaScript user could send.
    const error = await rejection(client.unpublishAssets(request as typeof unpublish, { validate: false }))
    expect(error).toMatchObject({
      status: 400,
      code: 'VOD.10053',
      message: expect.stringContaining('asset_id') as unknown,
    })
  })
})

describe('Tencent: a request with one error is rejected', () => {
  it.each([
    [
      'the host of another region',
      400,
      'InvalidHost',
      { fetch: changing(withUrl((url) => url.replace('beijing', 'nanjing'))) },
    ],
    ['another path', 404, 'InvalidUrl', { fetch: changing(withUrl((url) => `${url}x`)) }],
    [
      'another Tag',
      400,
      'InvalidArgument',
      { fetch: changing(withBody((body) => body.replaceAll('NoiseReduction', 'Dance'))) },
    ],
    [
      'a field missing',
      400,
      'InvalidArgument',
      { fetch: changing(withBody((body) => body.replace(/<Bucket>.*<.Bucket>/, ''))) },
    ],
    ['a broken body', 400, 'InvalidContent', { fetch: changing(withBody((body) => body.slice(0, -3))) }],
  ])('%s', async (_, status, code, options) => {
    const error = await rejection(tencentClient(options).createNoiseReductionJob(NOISE))
    expect(error).toMatchObject({ name: 'ApiError', status, code, mayHaveRun: false })
  })
})

describe('over MSW', () => {
  const emulator = createEmulator({ now: () => NEW_YEAR, tencent: { region: 'eu-frankfurt' } })
  const server = setupServer(...emulatorHandlers(emulator))
  beforeAll(() => {
    server.listen({ onUnhandledRequest: 'error' })
  })
  afterAll(() => {
    server.close()
  })

  it('the production hosts of both services respond', async () => {
    await huaweiClient().unpublishAssets({ asset_id: [EXISTING] })
    await tencentClient({ region: 'eu-frankfurt' }).createVoiceSeparateJob(VOICE)
    expect(emulator.requests.map(({ url }) => new URL(url).host)).toEqual([
      'vod.cn-north-4.myhuaweicloud.com',
      'examplebucket-1250000000.ci.eu-frankfurt.myqcloud.com',
    ])
  })

  it('no other host does', async () => {
    const hosts = ['vod.cn-north-4.myhuaweicloud.com.example.com', 'vodXcn-north-4.myhuaweicloud.com']
    for (const host of hosts) {
      expect(
        await rejection(huaweiClient({ endpoint: `https://${host}` }).unpublishAssets({ asset_id: [EXISTING] })),
      ).toMatchObject({
        name: 'ConnectionError',
      })
    }
  })
})
