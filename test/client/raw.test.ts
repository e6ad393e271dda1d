import { describe, expect, it } from 'vitest'
import type { AttemptEvent, CommonOptions } from '../../src/index.js'
import { useAnswers } from '../support/answering.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'

/** The part of openapi-fetch that takes any path, as a caller without types can. */
type Untyped = Readonly<
  Record<'GET' | 'POST', (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown }>>
>

const server = useAnswers()
const THROTTLED = {
  status: 429,
  contentType: 'application/json',
  body: '{"error_code":"APIGW.0308","error_msg":"slow"}',
}

function untyped(raw: unknown): Untyped {
  // The paths that the spec lacks are the point.
  return raw as Untyped
}

describe('a raw request to a path that the spec does not have', () => {
  it('is sent under its own method and path, and decoded', async () => {
    const sent = server.answer({ status: 200, contentType: 'application/json', body: '{"total":0}' })
    const events: AttemptEvent[] = []
    const vod = huaweiClient({ onAttempt: (event) => events.push(event) })
    const { data } = await untyped(vod.raw).GET('/v1.0/p/asset/details', { params: { query: { page: 1 } } })
    expect(data).toEqual({ total: 0 })
    expect(
      sent.map(({ method, url, headers }) => [method, new URL(url).pathname, headers.get('x-project-id')]),
    ).toEqual([['GET', '/v1.0/p/asset/details', '0123456789abcdef0123456789abcdef']])
    expect(events.map(({ operation }) => operation)).toEqual(['GET /v1.0/p/asset/details'])
  })

  it('is decoded from XML without a table, and from an error response', async () => {
    server.answer({ status: 200, contentType: 'application/xml', body: '<Response><A>1</A><B/><A>2</A></Response>' })
    expect(await untyped(tencentClient().raw.noiseReduction).GET('/jobs/j1')).toMatchObject({
      data: { A: ['1', '2'], B: '' },
    })
    server.answer({ status: 404, contentType: 'application/xml', body: '<Error><Code>InvalidUrl</Code></Error>' })
    expect(await untyped(tencentClient().raw.noiseReduction).GET('/jobs/j1')).toMatchObject({
      error: { Code: 'InvalidUrl' },
    })
  })

  it('is not retried if it may have run, whatever the operations of the document allow', async () => {
    const sent = server.answer({ status: 500, contentType: 'text/html', body: '<html>' })
    const { error } = await untyped(huaweiClient({ maxAttempts: 4, sleep: () => Promise.resolve() }).raw).POST(
      '/v1.0/p/other',
    )
    expect([error, sent.length]).toEqual(['<html>', 1])
  })

  it('does not hold back the operations while it is throttled', async () => {
    const slept: number[] = []
    const options: CommonOptions = {
      maxAttempts: 1,
      now: () => NEW_YEAR,
      sleep: (ms) => Promise.resolve(slept.push(ms)),
    }
    const vod = huaweiClient(options)
    server.answer(THROTTLED)
    await untyped(vod.raw).POST('/v1.0/p/other', { body: {} })
    server.answer({ status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' })
    await vod.unpublishAssets({ asset_id: ['a'] })
    expect(slept).toEqual([])
    await untyped(vod.raw).POST('/v1.0/p/other', { body: {} })
    expect(slept).toHaveLength(1)
  })
})

describe('a raw request to an operation', () => {
  it('has the name and the throttle gate of the operation', async () => {
    const slept: number[] = []
    const vod = huaweiClient({ maxAttempts: 1, sleep: (ms) => Promise.resolve(slept.push(ms)) })
    server.answer(THROTTLED)
    await vod.raw.POST('/v1.0/{project_id}/asset/status/unpublish', {
      params: { path: { project_id: 'p' } },
      body: { asset_id: [] },
    })
    server.answer({ status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' })
    await vod.unpublishAssets({ asset_id: ['a'] })
    expect(slept).toHaveLength(1)
  })

  it('returns a result without its required fields, and is not retried for that', async () => {
    const sent = server.answer({ status: 200, contentType: 'application/json', body: '{"other":1}' })
    const { data } = await huaweiClient({ maxAttempts: 4 }).raw.POST('/v1.0/{project_id}/asset/status/unpublish', {
      params: { path: { project_id: 'p' } },
      body: { asset_id: ['a'] },
    })
    expect([data, sent.length]).toEqual([{ other: 1 }, 1])
  })

  it('sends XML of the caller unchanged', async () => {
    const sent = server.answer({ status: 200, contentType: 'application/xml', body: '<Response/>' })
    const body = {
      Tag: 'NoiseReduction',
      Input: { Object: 'i' },
      Operation: { Output: { Region: 'r', Bucket: 'b', Object: 'o' } },
    }
    await untyped(tencentClient().raw.noiseReduction).POST('/jobs', {
      body,
      bodySerializer: () => '<Request><Own/></Request>',
      headers: { 'content-type': 'application/xml; charset=utf-8' },
    })
    expect(sent.map(({ body: text, headers }) => [text, headers.get('content-type')])).toEqual([
      ['<Request><Own/></Request>', 'application/xml; charset=utf-8'],
    ])
  })
})

describe('the middleware of a raw client', () => {
  const UNPUBLISH = '/v1.0/{project_id}/asset/status/unpublish'
  const request = { params: { path: { project_id: 'p' } }, body: { asset_id: ['a'] } }
  const ANSWER = { status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' }

  it('can be added and ejected, before the first request and later', async () => {
    server.answer(ANSWER)
    const { raw } = huaweiClient()
    const seen: string[] = []
    const middlewareOf = (name: string): { onRequest: () => undefined } => ({ onRequest: () => void seen.push(name) })
    const [first, ejected, later] = ['first', 'ejected', 'later'].map(middlewareOf)
    if (!first || !ejected || !later) throw new Error('three were made')
    raw.use(first, ejected)
    raw.eject(ejected)
    await raw.POST(UNPUBLISH, request)
    raw.use(later)
    await raw.POST(UNPUBLISH, request)
    expect(seen).toEqual(['first', 'first', 'later'])
  })

  it('fails at the next request if it is invalid, with the error of openapi-fetch', async () => {
    server.answer(ANSWER)
    const { raw } = huaweiClient()
    raw.use({} as Parameters<typeof raw.use>[0])
    expect(String(await rejection(raw.POST(UNPUBLISH, request)))).toContain('Middleware must be an object')
    expect(await raw.POST(UNPUBLISH, request)).toMatchObject({ data: { asset_info_array: [] } })
  })
})
