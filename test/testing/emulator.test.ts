import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '../../src/index.js'
import { createEmulator, type Emulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'

const MINUTE = 60_000
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

function withHeader(name: string, value: string | null): (request: Request) => Request {
  return (request) => {
    const changed = new Request(request)
    if (value === null) changed.headers.delete(name)
    else changed.headers.set(name, value)
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
  it('by fetch, and recorded', async () => {
    const emulator = emulatorAtNewYear()
    const { fetch } = emulator
    const task = await huaweiClient({ fetch }).createExtractAudioTask({ asset_id: EXISTING })
    expect(task).toMatchObject({
      asset_id: EXISTING,
      audio_asset_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    })
    const job = await tencentClient({ fetch }).createNoiseReductionJob(NOISE)
    expect(job).toMatchObject({ State: 'Submitted', Input: NOISE.Input, Operation: NOISE.Operation })
    expect(job.CreationTime).toBe('2026-01-01T08:00:00+0800')
    expect(emulator.requests.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 202],
      ['POST', 200],
    ])
  })

  it('over HTTP', async () => {
    const listening = await emulatorAtNewYear().listen()
    const endpoint = listening.url
    const job = await tencentClient({ endpoint }).createVoiceSeparateJob(VOICE)
    expect(job.JobId).toMatch(/^j[0-9a-f]{32}$/)
    const { asset_info_array } = await huaweiClient({ endpoint }).unpublishAssets({ asset_id: [EXISTING, MISSING] })
    expect(asset_info_array).toMatchObject([{ asset_id: EXISTING }, { asset_id: MISSING, status: 'NOASSET' }])
    await listening.close()
  })

  it('with a token', async () => {
    const { fetch, options } = emulatorAtNewYear()
    const [token = ''] = options.huawei.tokens
    await huaweiClient({ fetch, credentials: { token } }).unpublishAssets({ asset_id: [EXISTING] })
  })

  it('with temporary keys, when it knows them', async () => {
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

  it('and every id it gives is new', async () => {
    const { fetch } = emulatorAtNewYear()
    const ids = new Set<string | undefined>()
    for (let count = 0; count < 20; count++) {
      ids.add((await tencentClient({ fetch }).createNoiseReductionJob(NOISE)).JobId)
      ids.add((await huaweiClient({ fetch }).createExtractAudioTask({ asset_id: EXISTING })).audio_asset_id)
    }
    expect(ids.size).toBe(40)
  })
})

describe('Huawei: a request with one thing broken is refused', () => {
  const unpublish = { asset_id: [EXISTING] }
  const wrongKey = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'WRONGEXAMPLE' }
  const unknownKey = { accessKeyId: 'AKUNKNOWN', secretAccessKey: 'SKEXAMPLE' }
  it.each([
    ['a wrong secret', 401, 'APIGW.0301', { credentials: wrongKey, fetch: changing((request) => request) }],
    ['an unknown key', 401, 'APIGW.0301', { credentials: unknownKey, fetch: changing((request) => request) }],
    ['a wrong token', 401, 'APIGW.0301', { credentials: { token: 'NOTOKEN' }, fetch: changing((request) => request) }],
    ['no authentication', 401, 'APIGW.0301', { fetch: changing(withHeader('authorization', null)) }],
    ['a malformed authorization', 401, 'APIGW.0301', { fetch: changing(withHeader('authorization', 'Bearer x')) }],
    ['another body', 401, 'APIGW.0301', { fetch: changing(withBody((body) => `${body} `)) }],
    ['another query', 401, 'APIGW.0301', { fetch: changing(withUrl((url) => `${url}?a=1`)) }],
    ['another host', 401, 'APIGW.0301', { fetch: changing(withUrl((url) => url.replace('cn-north-4', 'cn-north-1'))) }],
    ['another signed header', 401, 'APIGW.0301', { fetch: changing(withHeader('x-project-id', 'other')) }],
    [
      'a clock 16 minutes late',
      401,
      'APIGW.0301',
      { now: () => NEW_YEAR - 16 * MINUTE, fetch: changing((request) => request) },
    ],
    [
      'a clock 16 minutes early',
      401,
      'APIGW.0301',
      { now: () => NEW_YEAR + 16 * MINUTE, fetch: changing((request) => request) },
    ],
    ['another project', 403, 'VOD.10057', { projectId: 'other', fetch: changing((request) => request) }],
    ['another path', 404, 'APIGW.0101', { fetch: changing(withUrl((url) => url.replace('unpublish', 'publish'))) }],
  ])('%s', async (_, status, code, options) => {
    const error = await rejection(huaweiClient(options).unpublishAssets(unpublish))
    expect(error).toMatchObject({ name: 'ApiError', status, code, mayHaveRun: false })
  })

  it('a refused signature tells where the requests differ, or that the key is wrong', async () => {
    const changed = huaweiClient({ fetch: changing(withHeader('x-project-id', 'other')) })
    expect(await rejection(changed.unpublishAssets(unpublish))).toMatchObject({
      hint: expect.stringContaining('it read "x-project-id:other"') as unknown,
    })
    const wrong = huaweiClient({ credentials: wrongKey, fetch: changing((request) => request) })
    expect(await rejection(wrong.unpublishAssets(unpublish))).toMatchObject({
      hint: expect.stringContaining('secret access key') as unknown,
    })
  })

  it('but 14 minutes of skew pass', async () => {
    for (const skew of [-14, 14]) {
      const now = () => NEW_YEAR + skew * MINUTE
      await huaweiClient({ now, fetch: changing((request) => request) }).unpublishAssets(unpublish)
    }
  })

  it('a missing asset is answered as each page shows', async () => {
    const client = huaweiClient({ fetch: emulatorAtNewYear().fetch })
    expect(await rejection(client.createExtractAudioTask({ asset_id: MISSING }))).toMatchObject({
      status: 400,
      code: 'VOD.10062',
    })
    expect(await client.unpublishAssets({ asset_id: [MISSING] })).toMatchObject({
      asset_info_array: [{ asset_id: MISSING, status: 'NOASSET' }],
    })
    expect(await rejection(client.unpublishAssets({ asset_id: [] }))).toMatchObject({ status: 403, code: 'VOD.10062' })
  })

  it('a body against the spec names the field', async () => {
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

describe('Tencent: a request with one thing broken is refused', () => {
  const key = { secretId: 'TESTID', secretKey: 'TESTKEY' }
  it.each([
    [
      'a wrong key',
      401,
      'InvalidAuthorization',
      { credentials: { ...key, secretKey: 'WRONG' }, fetch: changing((request) => request) },
    ],
    [
      'an unknown id',
      401,
      'SecretidNotExist',
      { credentials: { ...key, secretId: 'OTHER' }, fetch: changing((request) => request) },
    ],
    ['no authorization', 401, 'MissingAuthorization', { fetch: changing(withHeader('authorization', null)) }],
    ['a malformed authorization', 401, 'InvalidAuthorization', { fetch: changing(withHeader('authorization', 'x')) }],
    [
      'the host of another region',
      400,
      'InvalidHost',
      { fetch: changing(withUrl((url) => url.replace('beijing', 'nanjing'))) },
    ],
    ['another signed header', 401, 'InvalidAuthorization', { fetch: changing(withHeader('content-type', 'text/xml')) }],
    [
      'a signature 16 minutes old',
      401,
      'SignatureExpired',
      { now: () => NEW_YEAR - 16 * MINUTE, fetch: changing((request) => request) },
    ],
    [
      'a signature of 16 minutes hence',
      401,
      'SignatureExpired',
      { now: () => NEW_YEAR + 16 * MINUTE, fetch: changing((request) => request) },
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

  it('but what the signature does not cover may change', async () => {
    const changes = [
      withBody((body) => body.replace('in.mp3', 'other.mp3')),
      withUrl((url) => `${url}?a=1`),
      withHeader('x-more', '1'),
    ]
    for (const change of changes) await tencentClient({ fetch: changing(change) }).createNoiseReductionJob(NOISE)
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

  it('the production hosts of both services are answered', async () => {
    await huaweiClient().unpublishAssets({ asset_id: [EXISTING] })
    await tencentClient({ region: 'eu-frankfurt' }).createVoiceSeparateJob(VOICE)
    expect(emulator.requests.map(({ url }) => new URL(url).host)).toEqual([
      'vod.cn-north-4.myhuaweicloud.com',
      'examplebucket-1250000000.ci.eu-frankfurt.myqcloud.com',
    ])
  })

  it('no other host is', async () => {
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
