import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator, type RecordedRequest } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'

const HUAWEI = 'https://vod.cn-north-4.myhuaweicloud.com'
const TENCENT = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com'
const LOOPBACK = 'http://127.0.0.1:4010'
const PROJECT = '/v1.0/0123456789abcdef0123456789abcdef'
const UNPUBLISH = `${PROJECT}/asset/status/unpublish`
const EXISTING = 'f488337c31c8e4622f1590735b134c65'
const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}
const MAX_HUAWEI_BODY = 12 * 2 ** 20

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a request for an unknown operation is rejected', () => {
  it.each([
    ['an unknown path', 'POST', `${HUAWEI}${PROJECT}/asset/dance`, 404, 'APIGW.0101'],
    ['no path', 'POST', HUAWEI, 404, 'APIGW.0101'],
    ['the path of the other provider', 'POST', `${HUAWEI}/jobs`, 404, 'APIGW.0101'],
    ['more after the path', 'POST', `${HUAWEI}${UNPUBLISH}/x`, 404, 'APIGW.0101'],
    ['no project', 'POST', `${HUAWEI}/v1.0//asset/status/unpublish`, 404, 'APIGW.0101'],
    ['another method', 'GET', `${HUAWEI}${UNPUBLISH}`, 404, 'APIGW.0101'],
    ['OPTIONS of no browser', 'OPTIONS', `${HUAWEI}${UNPUBLISH}`, 404, 'APIGW.0101'],
    ['an unknown path on loopback', 'POST', `${LOOPBACK}/v1.0/dance`, 404, 'APIGW.0101'],
    ['another method on loopback', 'PUT', `${LOOPBACK}${UNPUBLISH}`, 404, 'APIGW.0101'],
    ['an unknown path', 'POST', `${TENCENT}/dance`, 404, 'InvalidUrl'],
    ['no path', 'POST', TENCENT, 404, 'InvalidUrl'],
    ['the path of the other provider', 'POST', `${TENCENT}${UNPUBLISH}`, 404, 'InvalidUrl'],
    ['another method', 'PATCH', `${TENCENT}/jobs`, 501, 'NotImplemented'],
    ['a method without its flag', 'PUT', `${TENCENT}/jobs/j1`, 501, 'NotImplemented'],
    ['a path of the control', 'GET', `${TENCENT}/_emulator/health`, 404, 'InvalidUrl'],
    ['an unknown path on loopback', 'POST', `${LOOPBACK}/dance`, 404, 'InvalidUrl'],
    ['another method on loopback', 'DELETE', `${LOOPBACK}/jobs`, 501, 'NotImplemented'],
    ['another bucket', 'POST', `${TENCENT.replace('examplebucket', 'other')}/jobs`, 400, 'InvalidHost'],
    ['another region', 'POST', `${TENCENT.replace('beijing', 'nanjing')}/jobs`, 400, 'InvalidHost'],
  ])('%s: %s %s', async (_, method, url, status, code) => {
    const emulator = emulatorAtNewYear()
    expect(await refusal(await emulator.fetch(url, { method }))).toEqual({ status, code })
    expect(emulator.requests).toMatchObject([{ method, operation: undefined, status, code }])
  })

  it('over HTTP, even if its target is not a URL', async () => {
    const url = await listening(emulatorAtNewYear())
    expect(await refusal(await fetch(`${url}/dance`))).toEqual({ status: 404, code: 'InvalidUrl' })
    expect(await refusal(await fetch(`${url}/v1.0/dance`))).toEqual({ status: 404, code: 'APIGW.0101' })
    expect(await refusal(await fetch(`${url}/jobs`, { method: 'DELETE' }))).toEqual({
      status: 501,
      code: 'NotImplemented',
    })
    const status = await new Promise((resolve, reject) => {
      const asking = httpRequest(url, { method: 'OPTIONS', path: '*' }, (response) => {
        resolve(response.resume().statusCode)
      })
      asking.on('error', reject).end()
    })
    expect(status).toBe(404)
  })
})

describe('a body that cannot be read is rejected', () => {
  const json = { 'content-type': 'application/json' }
  it.each([
    ['of no type', new Uint8Array(), {}, 403, 'VOD.10059'],
    ['of another type', '{}', { 'content-type': 'text/plain' }, 403, 'VOD.10059'],
    ['of a type like JSON', '{}', { 'content-type': 'application/jsonp' }, 403, 'VOD.10059'],
    ['that is empty', '', json, 400, 'VOD.10053'],
    ['that is no JSON', '{"asset_id":', json, 400, 'VOD.10053'],
    ['that is no UTF-8', latin1('{"asset_id":["\u00ff"]}'), json, 400, 'VOD.10053'],
    ['that is no object', '[]', json, 400, 'VOD.10053'],
    ['as long as the gateway allows', new Uint8Array(MAX_HUAWEI_BODY), json, 400, 'VOD.10053'],
    ['longer than the gateway allows', new Uint8Array(MAX_HUAWEI_BODY + 1), json, 413, 'APIGW.0201'],
  ])('by Huawei: one %s', async (_, body, headers, status, code) => {
    const { fetch } = emulatorAtNewYear()
    const request = { method: 'POST', body, headers: { ...headers, 'x-auth-token': 'TOKENEXAMPLE' } }
    expect(await refusal(await fetch(`${HUAWEI}${UNPUBLISH}`, request))).toEqual({ status, code })
  })

  it('by Huawei not for the case or the parameters of its type', async () => {
    const { fetch } = emulatorAtNewYear()
    const headers = { 'content-type': 'Application/JSON; charset=utf-8', 'x-auth-token': 'TOKENEXAMPLE' }
    const body = JSON.stringify({ asset_id: [EXISTING] })
    expect(await fetch(`${HUAWEI}${UNPUBLISH}`, { method: 'POST', headers, body })).toMatchObject({ status: 200 })
  })

  it.each([
    ['that is empty', () => '', 400, 'MissingContent', /./],
    ['that is malformed', (xml: string) => xml.replace('</Input>', ''), 400, 'InvalidContent', /./],
    ['that is no UTF-8', (xml: string) => latin1(xml.replace('in.mp3', '\u00ff')), 400, 'InvalidContent', /./],
    [
      'with a tag that overflows the stack',
      (xml: string) => xml.replace('<Request>', `<Request${' a="1"'.repeat(1_000_000)}>`),
      400,
      'InvalidContent',
      /./,
    ],
    ['with another root', (xml: string) => xml.replaceAll('Request>', 'Response>'), 400, 'InvalidContent', /./],
    [
      'with an unknown Tag',
      (xml: string) => xml.replace('NoiseReduction', 'Dance'),
      400,
      'InvalidArgument',
      /^Tag must be one of VoiceSeparate, NoiseReduction$/,
    ],
    ['without a Tag', (xml: string) => xml.replace(/<Tag>.*<.Tag>/, ''), 400, 'InvalidArgument', /^Tag must be/],
    [
      'without a bucket',
      (xml: string) => xml.replace(/<Bucket>.*<.Bucket>/, ''),
      400,
      'InvalidArgument',
      /^Operation\.Output\.Bucket /,
    ],
    [
      'without a queue',
      (xml: string) => xml.replace('NoiseReduction', 'VoiceSeparate'),
      400,
      'InvalidArgument',
      /^QueueId /,
    ],
  ])('by Tencent: one %s', async (_, change, status, code, message) => {
    const emulator = emulatorAtNewYear()
    const fetch = async (request: Request): Promise<Response> =>
      emulator.fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: change(await request.text()),
      })
    expect(await rejection(tencentClient({ fetch }).createNoiseReductionJob(NOISE))).toMatchObject({
      status,
      code,
      providerMessage: expect.stringMatching(message) as unknown,
    })
    expect(emulator.jobs()).toEqual([])
  })

  it('by Tencent: one of chunks, which does not say how long it is', async () => {
    const endpoint = await listening(emulatorAtNewYear())
    const chunked = async (request: Request): Promise<Response> => {
      const { url, method, headers } = request
      // A name of its own, as the types of the DOM do not know `duplex`, which Node demands.
      const init = { method, headers, body: new Blob([await request.text()]).stream(), duplex: 'half' }
      return fetch(url, init)
    }
    const client = tencentClient({ endpoint, fetch: chunked })
    expect(await rejection(client.createNoiseReductionJob(NOISE))).toMatchObject({
      status: 411,
      code: 'MissingContentLength',
    })
  })
})

describe('what arrived is recorded', () => {
  it.each(['fetch', 'HTTP'])('over %s, completely', async (way) => {
    const emulator = emulatorAtNewYear()
    const endpoint = await listening(emulator)
    const client = tencentClient(way === 'HTTP' ? { endpoint } : { fetch: emulator.fetch })
    await client.createNoiseReductionJob(NOISE)
    const { url, headers, ...rest } = emulator.requests[0] ?? {}
    expect(url).toBe(`${way === 'HTTP' ? endpoint : TENCENT}/jobs`)
    expect(headers).toMatchObject({
      'content-type': 'application/xml',
      'user-agent': expect.stringMatching(/^cloud-media-clients/) as unknown,
      authorization: expect.stringContaining('q-ak=TESTID') as unknown,
    })
    expect(rest).toEqual({
      method: 'POST',
      body:
        '<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation><Output>' +
        '<Region>ap-beijing</Region><Bucket>abc-1250000000</Bucket><Object>out.mp3</Object></Output></Operation></Request>',
      operation: 'createNoiseReductionJob',
      status: 200,
      fault: undefined,
    })
  })

  it('in order, with lowercase header names, including rejected requests', async () => {
    const emulator = emulatorAtNewYear()
    const { fetch } = emulator
    await huaweiClient({ fetch }).unpublishAssets({ asset_id: [EXISTING] })
    await fetch(`${HUAWEI}/a?b=c`, { headers: { 'X-MORE': 'Yes' } })
    const refused = huaweiClient({ fetch, credentials: { token: 'OTHEREXAMPLE' } })
    await rejection(refused.createExtractAudioTask({ asset_id: EXISTING }))
    expect(emulator.requests).toMatchObject([
      { url: `${HUAWEI}${UNPUBLISH}`, operation: 'unpublishAssets', status: 200, body: `{"asset_id":["${EXISTING}"]}` },
      { url: `${HUAWEI}/a?b=c`, method: 'GET', operation: undefined, status: 404, headers: { 'x-more': 'Yes' } },
      { operation: 'createExtractAudioTask', status: 401, headers: { 'x-auth-token': 'OTHEREXAMPLE' } },
    ])
  })

  it('and reported once', async () => {
    const told: RecordedRequest[] = []
    const emulator = createEmulator({ now: () => NEW_YEAR, onRequest: (request) => told.push(request) })
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset', executes: true } })
    await rejection(tencentClient({ fetch: emulator.fetch }).createNoiseReductionJob(NOISE))
    await emulator.fetch(`${TENCENT}/dance`)
    expect(told).toMatchObject([{ fault: 'reset', status: undefined }, { status: 404 }])
    expect(told).toEqual(emulator.requests)
  })

  it('up to 10,000 requests; of more the oldest are dropped, and counted', async () => {
    const emulator = emulatorAtNewYear()
    // Without an answer it is quick.
    emulator.fail({ operation: 'unpublishAssets', times: Infinity, with: { kind: 'reset' } })
    const visit = async (from: number, to: number): Promise<void> => {
      for (let count = from; count <= to; count++) {
        await rejection(emulator.fetch(`${HUAWEI}${UNPUBLISH}?${String(count)}`, { method: 'POST' }))
      }
    }
    await visit(1, 10_000)
    expect([emulator.requests.length, emulator.droppedRequests]).toEqual([10_000, 0])
    await visit(10_001, 10_003)
    expect([emulator.requests.length, emulator.droppedRequests]).toEqual([10_000, 3])
    expect(emulator.requests[0]?.url).toBe(`${HUAWEI}${UNPUBLISH}?4`)
    expect(emulator.requests.at(-1)?.url).toBe(`${HUAWEI}${UNPUBLISH}?10003`)
    emulator.reset()
    expect([emulator.requests.length, emulator.droppedRequests]).toEqual([0, 0])
  })
})

describe('a query with a malformed percent escape', () => {
  it('is an illegal request, not a failure of the emulator', async () => {
    const { fetch, options } = createEmulator()
    const url = `https://vod.cn-north-4.myhuaweicloud.com/v1.0/${options.huawei.projectId}/asset/status/unpublish?a=%zz`
    const headers = { 'x-auth-token': 'TOKENEXAMPLE', 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: '{"asset_id":["a"]}' })
    expect([response.status, await response.json()]).toMatchObject([400, { error_code: 'VOD.10053' }])
  })
})

describe('a browser', () => {
  const asking = {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-sdk-date',
    },
  }

  it.each(['fetch', 'HTTP'])('with a preflight over %s may send the request, and is not recorded', async (way) => {
    const emulator = emulatorAtNewYear()
    const url = await listening(emulator)
    const response = way === 'HTTP' ? await fetch(`${url}/jobs`, asking) : await emulator.fetch(`${HUAWEI}/x`, asking)
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization,content-type,x-sdk-date',
    })
    expect(emulator.requests).toEqual([])
  })

  it.each([
    ['a result', 'POST', UNPUBLISH, 200],
    ['an error of Huawei', 'GET', UNPUBLISH, 404],
    ['an error of Tencent', 'GET', '/dance', 404],
  ])('may read %s, with the headers that a client reads', async (_, method, path, status) => {
    const { fetch } = emulatorAtNewYear()
    const headers = {
      origin: 'https://app.example',
      'content-type': 'application/json',
      'x-auth-token': 'TOKENEXAMPLE',
    }
    const body = method === 'GET' ? null : JSON.stringify({ asset_id: [EXISTING] })
    const response = await fetch(`${LOOPBACK}${path}`, { method, headers, body })
    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-expose-headers')?.toLowerCase().split(', ').sort()).toEqual([
      'date',
      'retry-after',
      'x-ci-request-id',
      'x-ci-trace-id',
      'x-request-id',
    ])
  })

  it('may read a page of a proxy, too', async () => {
    const emulator = emulatorAtNewYear()
    emulator.fail({ operation: 'unpublishAssets', with: { kind: 'html' } })
    const headers = { origin: 'https://app.example' }
    const response = await emulator.fetch(`${LOOPBACK}${UNPUBLISH}`, { method: 'POST', headers })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([502, '*'])
  })

  it('alone receives the headers for other origins', async () => {
    const { fetch } = emulatorAtNewYear()
    for (const url of [`${HUAWEI}/dance`, `${TENCENT}/dance`, `${LOOPBACK}/dance`]) {
      const names = [...(await fetch(url)).headers.keys()]
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the fetch of the emulator works as the built-in one', () => {
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'TOKENEXAMPLE' }
  const init = { method: 'POST', headers, body: JSON.stringify({ asset_id: [EXISTING] }) }
  const url = `${HUAWEI}${UNPUBLISH}`

  it.each([
    ['a text', (fetch: Fetch) => fetch(url, init)],
    ['a URL', (fetch: Fetch) => fetch(new URL(url), init)],
    ['a request', (fetch: Fetch) => fetch(new Request(url, init))],
    ['a request and what to change in it', (fetch: Fetch) => fetch(new Request(url, { headers }), init)],
  ])('with %s', async (_, call) => {
    const emulator = emulatorAtNewYear()
    const response = await call(emulator.fetch)
    expect(response).toBeInstanceOf(Response)
    expect([response.ok, response.status, response.headers.get('content-type')]).toEqual([
      true,
      200,
      'application/json',
    ])
    expect(response.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT')
    expect(await response.json()).toMatchObject({ asset_info_array: [{ asset_id: EXISTING }] })
    expect(emulator.requests).toMatchObject([{ url, method: 'POST', body: init.body }])
  })

  it('by rejecting an invalid URL and an aborted request, which it does not record', async () => {
    const emulator = emulatorAtNewYear()
    expect(await rejection(emulator.fetch('/jobs'))).toBeInstanceOf(TypeError)
    const reason = new Error('user left')
    expect(await rejection(emulator.fetch(url, { ...init, signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(emulator.requests).toEqual([])
  })

  it('by rejecting with the reason of a later abort', async () => {
    const controller = new AbortController()
    const emulator = createEmulator({
      now: () => NEW_YEAR,
      onRequest: () => {
        controller.abort()
      },
    })
    emulator.fail({ operation: 'unpublishAssets', with: { kind: 'silence' } })
    expect(await rejection(emulator.fetch(url, { ...init, signal: controller.signal }))).toMatchObject({
      name: 'AbortError',
    })
  })

  it('by rejecting with a TypeError that has the code of a reset', async () => {
    const emulator = emulatorAtNewYear()
    const reset = { cause: { code: 'ECONNRESET' } }
    emulator.fail({ operation: 'unpublishAssets', with: { kind: 'reset' } })
    emulator.fail({ operation: 'unpublishAssets', with: { kind: 'reset-inside' } })
    const error = await rejection(emulator.fetch(url, init))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject(reset)
    const response = await emulator.fetch(url, init)
    expect(response.status).toBe(200)
    expect(await rejection(response.text())).toMatchObject(reset)
  })
})

type Fetch = typeof fetch

function emulatorAtNewYear(): Emulator {
  return createEmulator({ now: () => NEW_YEAR })
}

/** The URL at which the emulator listens until the test is over. */
async function listening(emulator: Emulator): Promise<string> {
  const { url, close } = await emulator.listen()
  closers.push(close)
  return url
}

/** Status and code of an answer that should be a refusal. */
async function refusal(response: Response): Promise<{ status: number; code: string | undefined }> {
  const [, json, xml] = /"error_code":"([^"]*)"|<Code>([^<]*)</.exec(await response.text()) ?? []
  return { status: response.status, code: json ?? xml }
}

/** Bytes that are no UTF-8 if the text is not ASCII. */
function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
