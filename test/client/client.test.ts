import { describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/client.js'
import type { CallPromise } from '../../src/client/call.js'
import { createSettings } from '../../src/client/options.js'
import { jsonBodies } from '../../src/huawei-vod/json-bodies.js'
import { RequestValidationError, UnexpectedResponseError, type UnpublishRequest } from '../../src/index.js'
import type { Provider } from '../../src/sending/provider.js'
import { huaweiClient, rejection } from '../support/clients.js'
import { rows } from './rows.js'

type Methods = Readonly<Record<keyof typeof rows, (request?: object, options?: object) => CallPromise<unknown>>>

const provider: Provider<{ token: string }> = {
  facts: {
    headers: { requestId: 'x-request-id', date: 'date' },
    optionHeaders: { 'X-Project-Id': 'projectId' },
    clockToleranceMs: 900_000,
    clockRefusal: 'never',
  },
  errorCodes: {},
  loadAdvice: () => Promise.resolve({ advice: {} }),
  credentialsKind: {
    copyOf: () => ({ token: 'TOKENEXAMPLE' }),
    rule: 'be an object',
    secretsOf: ({ token }) => [token],
  },
  sign: (_, __, { token }) => Promise.resolve({ headers: { 'x-auth-token': token } }),
}

/** A client of the rows, and the requests that it sent. */
function clientThatGets(...responses: readonly Response[]): { client: Methods; sent: Request[] } {
  const sent: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    const response = responses[sent.push(request) - 1]
    return response === undefined ? Promise.reject(new Error('no more responses')) : Promise.resolve(response)
  }
  const options = { credentials: { token: 'TOKENEXAMPLE' }, fetch, sleep: () => Promise.resolve() }
  const settings = createSettings(options, provider, 'https://api.example.com', { projectId: 'p1' })
  return { client: createClient<Methods>({ operations: rows, documents: [], bodies: jsonBodies }, settings), sent }
}

function huaweiThatGets(): { client: ReturnType<typeof huaweiClient>; sent: Request[] } {
  const sent: Request[] = []
  const fetch = (request: Request): Promise<Response> => {
    sent.push(request)
    return Promise.resolve(Response.json({ asset_info_array: [] }))
  }
  return { client: huaweiClient({ fetch }), sent }
}

/** What JavaScript lets a caller pass. */
function nothing(): UnpublishRequest {
  return undefined as unknown as UnpublishRequest
}

describe('a method of a row', () => {
  it('sends a GET without a body and returns the part of the response that the row names', async () => {
    const { client, sent } = clientThatGets(Response.json({ things: [1, 2], more: true }))
    expect(await client.listThings({ id: ['a'] })).toEqual([1, 2])
    expect(sent.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', 'https://api.example.com/v1/p1/things?id=a', null],
    ])
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      'user-agent': expect.any(String) as unknown,
      'x-project-id': 'p1',
      'x-auth-token': 'TOKENEXAMPLE',
    })
  })

  it('requires no request if every field is optional', async () => {
    const { client } = clientThatGets(Response.json({ things: [] }))
    expect(await client.listThings()).toEqual([])
  })

  it('rejects a missing request if a field is required', async () => {
    const { client, sent } = clientThatGets()
    expect(await rejection(client.getThings())).toMatchObject({
      issues: [{ message: 'must be an object, not undefined' }],
    })
    expect(sent).toEqual([])
  })

  it('rejects a parameter that breaks the spec before anything is sent', async () => {
    const { client, sent } = clientThatGets()
    const error = await rejection(client.listThings({ size: 101, id: Array(11).fill('a') }))
    expect(error).toMatchObject({
      issues: [
        { path: 'id', message: 'must have at most 10 items' },
        { path: 'size', message: 'must be at most 100' },
      ],
    })
    expect(sent).toEqual([])
  })

  it.each([
    ['204', 'deleteThing', new Response(null, { status: 204 })],
    ['an empty 200', 'cancelThing', new Response('', { status: 200 })],
  ] as const)('accepts %s as a result without a value', async (_, name, response) => {
    const { client } = clientThatGets(response)
    const { data, attempts } = await client[name]({ id: 'a' }).withResponse()
    expect([data, attempts]).toEqual([undefined, 1])
  })

  it('rejects a body if the spec has none', async () => {
    const page = (): Response => new Response('<html>', { status: 200 })
    const { client } = clientThatGets(page(), page(), page(), page())
    expect(await rejection(client.cancelThing({ id: 'a' }))).toBeInstanceOf(UnexpectedResponseError)
    const { client: other } = clientThatGets(...Array.from({ length: 4 }, () => Response.json({ surprise: 1 })))
    expect(await rejection(other.deleteThing({ id: 'a' }))).toMatchObject({
      message: expect.stringContaining('the response must be empty') as unknown,
    })
  })

  it('also rejects a missing request without validation', async () => {
    const { client, sent } = clientThatGets()
    const error = await rejection(client.renameThing(undefined, { validate: false }))
    expect(error).toBeInstanceOf(RequestValidationError)
    const { client: vod, sent: none } = huaweiThatGets()
    expect(await rejection(vod.unpublishAssets(nothing(), { validate: false }))).toBeInstanceOf(RequestValidationError)
    expect([...sent, ...none]).toEqual([])
  })

  it('is retried according to the safety of its row', async () => {
    const { client, sent } = clientThatGets(new Response('', { status: 503 }), Response.json({ things: [] }))
    await client.listThings()
    expect(sent).toHaveLength(2)
  })
})

describe('the options of a call', () => {
  it.each([
    ['timeoutMS', { timeoutMS: 5 }, 'did you mean timeoutMs?'],
    ['signall', { signall: undefined }, 'did you mean signal?'],
    ['options', null, 'must be an object'],
    ['timeoutMs', { timeoutMs: 0 }, 'must be a number of milliseconds'],
  ])('reject %s before anything is sent', async (option, options, rule) => {
    const { client, sent } = clientThatGets()
    // As JavaScript could pass it.
    const error = await rejection(client.listThings({}, options as object))
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      option,
      message: expect.stringContaining(rule) as unknown,
    })
    expect(sent).toEqual([])
  })
})
