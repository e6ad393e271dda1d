import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInRequest, isRequestOf, type OperationRow } from '../../src/client/operation-row.js'
import { jsonBodies } from '../../src/huawei-vod/json-bodies.js'
import { requestHead, requestWriter } from '../../src/client/request.js'
import { RequestValidationError } from '../../src/errors/errors.js'
import { readParameters } from '../../src/testing/routes.js'
import { rows } from './rows.js'

const BASE = 'https://api.example.com/base'
const settings = {
  baseUrl: BASE,
  knownValues: { projectId: 'p1' },
  knownHeaders: { 'x-known': 'p1' },
  userAgent: 'test',
}
const ADDED = { 'user-agent': 'test', 'x-known': 'p1' }

function write(row: OperationRow, request: unknown): { line: string; body: unknown; headers: object } {
  const { head, body } = requestWriter(row, settings, jsonBodies.encode)(request)
  const { method, url, headers } = head
  return { line: `${method} ${url.href.slice(BASE.length)}`, body, headers }
}

describe('a request', () => {
  it.each<[string, OperationRow, object, string]>([
    [
      'a list in the path with raw commas',
      rows.getThings,
      { ids: ['a', 'b c', 'd,e'] },
      'GET /v1/p1/things/a,b%20c,d%2Ce',
    ],
    ['a repeated parameter', rows.listThings, { id: ['a', 'b'] }, 'GET /v1/p1/things?id=a&id=b'],
    ['a comma-separated parameter', rows.listThings, { states: ['A', 'B'] }, 'GET /v1/p1/things?states=A,B'],
    ['a number and a boolean', rows.listThings, { size: 100, deep: false }, 'GET /v1/p1/things?size=100&deep=false'],
    ['no parameter', rows.listThings, {}, 'GET /v1/p1/things'],
    ['empty lists', rows.listThings, { id: [], states: [] }, 'GET /v1/p1/things'],
    ['a constant flag', rows.cancelThing, { id: 'a/b' }, 'PUT /v1/p1/things/a%2Fb?cancel'],
    ['a parameter that needs encoding', rows.deleteThing, { id: '+&=é' }, 'DELETE /v1/p1/things?id=%2B%26%3D%C3%A9'],
  ])('has %s', (_, row, request, line) => {
    expect(write(row, request)).toEqual({ line, body: '', headers: ADDED })
  })

  it('has the parameters in the URL and all other fields in the body', () => {
    expect(write(rows.renameThing, { id: 'a', name: 'new' })).toEqual({
      line: 'PATCH /v1/p1/things/a',
      body: '{"name":"new"}',
      headers: { 'content-type': 'application/json', ...ADDED },
    })
  })

  it.each(['', '.', '..'])('rejects %j in the path, which a URL would drop', (id) => {
    expect(() => write(rows.cancelThing, { id })).toThrow(RequestValidationError)
    expect(() => write(rows.cancelThing, { id })).toThrow('id must not be empty, "." or ".."')
  })

  it('rejects a value that cannot be in a URL, even without validation', () => {
    expect(() => write(rows.deleteThing, { id: { $ne: 1 } })).toThrow('id must be text, a number, or a boolean')
  })

  it('rejects a body that JSON cannot hold', () => {
    expect(() => write(rows.renameThing, { id: 'a', name: 1n })).toThrow(RequestValidationError)
  })
})

describe('a request head', () => {
  const fixed = {
    ...rows.renameThing,
    parameters: rows.renameThing.parameters.filter((one) => !isInRequest(one)),
    path: '/v1/{project_id}/things',
  }

  it('is shared by the requests of an operation whose URL is fixed, and by no others', () => {
    const writeFixed = requestWriter(fixed, settings, jsonBodies.encode)
    expect(writeFixed({ name: 'a' }).head).toBe(writeFixed({ name: 'b' }).head)
    const writeOther = requestWriter(rows.deleteThing, settings, jsonBodies.encode)
    expect([writeOther({ id: 'a' }), writeOther({ id: 'b' })].map(({ head }) => head.url.search)).toEqual([
      '?id=a',
      '?id=b',
    ])
  })

  it('signs the content type and what options supply, and nothing else', () => {
    const { signedHeaders } = requestHead(
      'POST',
      new URL(BASE),
      { 'content-type': 'text/plain', accept: '*/*' },
      settings,
    )
    expect(signedHeaders).toEqual({ 'content-type': 'text/plain', 'x-known': 'p1' })
  })
})

describe('the parameters that the emulator reads', () => {
  const ownHost = { ...settings, baseUrl: 'https://api.example.com' }
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !/^\.{1,2}$/.test(value))

  it('are those that the client wrote', () => {
    fc.assert(
      fc.property(
        fc.record(
          { id: fc.array(text, { minLength: 1 }), size: fc.integer(), deep: fc.boolean() },
          { requiredKeys: [] },
        ),
        (request) => {
          const { url } = requestWriter(rows.listThings, ownHost, jsonBodies.encode)(request).head
          expect(isRequestOf(rows.listThings, 'GET', url)).toBe(true)
          expect(readParameters(rows.listThings, url)).toEqual(request)
        },
      ),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (ids) => {
        const { url } = requestWriter(rows.getThings, ownHost, jsonBodies.encode)({ ids }).head
        expect(readParameters(rows.getThings, url)).toEqual({ ids })
      }),
    )
  })

  it('stay text if they are not of the type of the schema', () => {
    const url = new URL('https://api.example.com/v1/p1/things?size=many&deep=perhaps')
    expect(readParameters(rows.listThings, url)).toEqual({ size: 'many', deep: 'perhaps' })
  })
})

describe('a route', () => {
  it.each([
    ['another method', 'POST', '/v1/p1/things/a?cancel'],
    ['another path', 'PUT', '/v1/p1/things/a/b?cancel'],
    ['a path around it', 'PUT', '/x/v1/p1/things/a?cancel'],
    ['no constant flag', 'PUT', '/v1/p1/things/a'],
    ['another value of the flag', 'PUT', '/v1/p1/things/a?cancel=later'],
  ])('does not match a request with %s', (_, method, path) => {
    expect(isRequestOf(rows.cancelThing, 'PUT', new URL('https://api.example.com/v1/p1/things/a?cancel'))).toBe(true)
    expect(isRequestOf(rows.cancelThing, method, new URL(`https://api.example.com${path}`))).toBe(false)
  })
})
