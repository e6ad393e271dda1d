import createFetchClient from 'openapi-fetch'
import { beforeEach, describe, expect, it } from 'vitest'
import type { paths as JobPaths } from '../../generated/tencent-ci/paths/jobs.js'
import { huaweiClient } from '../support/clients.js'
import type { paths as VodPaths } from '../../generated/huawei-vod/paths/openapi.js'

// What the raw clients rely on. A replacement of openapi-fetch must do the same.

const BASE = 'http://127.0.0.1:4010/base'
let sent: Request[] = []
let respond: (request: Request) => Response | Promise<Response>

beforeEach(() => {
  sent = []
  respond = () => new Response('{}')
})

/** The client under test, over a fetch that records. */
function clientOf<Paths extends object>(): ReturnType<typeof createFetchClient<Paths>> {
  return createFetchClient<Paths>({
    baseUrl: BASE,
    fetch: (request) => {
      sent.push(request)
      return Promise.resolve(respond(request))
    },
  })
}

const vod = clientOf<VodPaths>()
const jobs = clientOf<JobPaths>()
const unpublish = { params: { path: { project_id: 'p' } }, body: { asset_id: ['a'] } }

describe('a request of openapi-fetch', () => {
  it.each(['GET', 'PUT', 'POST', 'DELETE'] as const)('is one Request, with the method %s', async (method) => {
    // No document has all methods at one path.
    const untyped = vod as unknown as Readonly<Record<typeof method, (path: string) => Promise<unknown>>>
    await untyped[method]('/any')
    expect(sent.map((request) => [request instanceof Request, request.method, request.url])).toEqual([
      [true, method, `${BASE}/any`],
    ])
  })

  it('has its path after that of the base URL, with encoded parameters', async () => {
    await vod.POST('/v1.0/{project_id}/asset/status/unpublish', {
      ...unpublish,
      params: { path: { project_id: 'p/1' } },
    })
    expect(sent[0]?.url).toBe(`${BASE}/v1.0/p%2F1/asset/status/unpublish`)
  })

  it('has a list in the path with commas', async () => {
    await jobs.GET('/jobs/{jobIds}', { params: { path: { jobIds: ['j1', 'j2'] } } })
    expect(sent[0]?.url).toBe(`${BASE}/jobs/j1,j2`)
  })

  it('repeats the name of a list in the query', async () => {
    const query = { asset_id: ['a', 'b c'], page: 1 }
    await vod.GET('/v1.0/{project_id}/asset/info', { params: { path: { project_id: 'p' }, query } })
    expect(new URL(sent[0]?.url ?? '').search).toBe('?asset_id=a&asset_id=b%20c&page=1')
  })

  it('has a JSON body and exactly the content type application/json', async () => {
    await vod.POST('/v1.0/{project_id}/asset/status/unpublish', unpublish)
    expect(sent[0]?.headers.get('content-type')).toBe('application/json')
    expect(await sent[0]?.text()).toBe('{"asset_id":["a"]}')
  })

  it('has neither body nor content type without a body', async () => {
    await vod.GET('/v1.0/{project_id}/asset/info', { params: { path: { project_id: 'p' } } })
    expect([sent[0]?.body, sent[0]?.headers.get('content-type')]).toEqual([null, null])
  })

  it('has the headers of the caller, and the body that the serializer of the caller writes', async () => {
    const headers = { 'content-type': 'application/xml', 'x-own': '1' }
    const bodySerializer = (): string => '<Request/>'
    await vod.POST('/v1.0/{project_id}/asset/status/unpublish', { ...unpublish, headers, bodySerializer })
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual(headers)
    expect(await sent[0]?.text()).toBe('<Request/>')
  })

  it('has the signal of the caller', async () => {
    const controller = new AbortController()
    await vod.POST('/v1.0/{project_id}/asset/status/unpublish', { ...unpublish, signal: controller.signal })
    expect(sent[0]?.signal.aborted).toBe(false)
    controller.abort()
    expect(sent[0]?.signal.aborted).toBe(true)
  })
})

describe('a response becomes', () => {
  it.each([
    ['data, for JSON under any content type', 200, '{"total":1}', { data: { total: 1 } }],
    ['no data, for an empty body', 200, '', { data: undefined }],
    ['no data, for 204', 204, null, { data: undefined }],
    ['an error, for JSON', 403, '{"error_code":"VOD.10062"}', { error: { error_code: 'VOD.10062' } }],
    ['a text as an error, for what is not JSON', 502, '<html>', { error: '<html>' }],
  ])('%s', async (_what, status, body, outcome) => {
    const response = new Response(body, { status, headers: { 'content-type': 'application/xml' } })
    respond = () => response
    const result = await vod.GET('/v1.0/{project_id}/asset/info', { params: { path: { project_id: 'p' } } })
    expect(result).toEqual({ ...outcome, response })
    expect(result.response).toBe(response)
  })

  it('the rejection itself, if fetch rejects', async () => {
    const error = new Error('no connection')
    respond = () => Promise.reject(error)
    await expect(vod.POST('/v1.0/{project_id}/asset/status/unpublish', unpublish)).rejects.toBe(error)
  })
})

describe('types', () => {
  it('describe paths, parameters, bodies, and responses, also those in XML', async () => {
    respond = () => new Response('{"JobsDetail":[{"State":"Running"}]}')
    const { data } = await jobs.GET('/jobs/{jobIds}', { params: { path: { jobIds: ['j1'] } } })
    const state: string | undefined = data?.JobsDetail[0]?.State
    expect(state).toBe('Running')
    // @ts-expect-error -- the document has no such path
    await jobs.GET('/tasks')
    // @ts-expect-error -- the path parameter is missing
    await vod.GET('/v1.0/{project_id}/asset/info')
    // @ts-expect-error -- not a field of the body
    await vod.POST('/v1.0/{project_id}/asset/status/unpublish', { ...unpublish, body: { assetId: ['a'] } })
  })
})

it('has the methods that the raw clients have before it is loaded', () => {
  const names = (client: object): string[] => Object.keys(client).sort()
  expect(names(huaweiClient().raw)).toEqual(names(vod))
})
