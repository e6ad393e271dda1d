import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/testing/index.js'

const HUAWEI_HOST = 'vod.cn-north-4.myhuaweicloud.com'
const PROJECT = '0123456789abcdef0123456789abcdef'
const UNPUBLISH = `/v1.0/${PROJECT}/asset/status/unpublish`
const BODY = '{"asset_id":["f488337c31c8e4622f1590735b134c65"]}'
const HEADERS = { 'content-type': 'application/json', 'x-auth-token': 'TOKENEXAMPLE' }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a listening emulator routes a path as sent', () => {
  it.each([
    ['a dot segment', `/v1.0/x/../${PROJECT}/asset/status/unpublish`],
    ['a single dot', `/v1.0/${PROJECT}/./asset/status/unpublish`],
    ['an encoded dot segment', `/v1.0/x/%2e%2E/${PROJECT}/asset/status/unpublish`],
    ['a backslash', `/v1.0\\${PROJECT}/asset/status/unpublish`],
    ['a fragment', `${UNPUBLISH}#x`],
    ['a dot segment in the absolute form', `http://${HUAWEI_HOST}/x/..${UNPUBLISH}`],
  ])('and has no operation at %s', async (_, path) => {
    const emulator = createEmulator()
    expect(await unpublished(emulator, { path })).toEqual([404, 'APIGW.0101'])
    expect(emulator.requests).toMatchObject([{ operation: undefined }])
  })

  it.each([
    ['a dot segment', '/x/../jobs'],
    ['a backslash', '/\\jobs'],
    ['a fragment', '/jobs#x'],
    ['two slashes', '//jobs'],
    ['another host', `//${HUAWEI_HOST}${UNPUBLISH}`],
    ['a scheme that HTTP does not have', `ftp://${HUAWEI_HOST}${UNPUBLISH}`],
  ])('and has no job service at %s', async (_, path) => {
    expect(await unpublished(createEmulator(), { path })).toEqual([404, 'InvalidUrl'])
  })

  it.each([
    ['as it is', UNPUBLISH],
    ['with a bare question mark', `${UNPUBLISH}?`],
    ['with a query that has dots and reserved characters', `${UNPUBLISH}?a=/../'b'\\?%2e`],
    ['in the absolute form', `http://${HUAWEI_HOST}${UNPUBLISH}`],
  ])('and has an operation at its path, %s', async (_, path) => {
    expect(await unpublished(createEmulator(), { path })).toEqual([200, undefined])
  })

  it('and records the query as sent', async () => {
    const emulator = createEmulator()
    await unpublished(emulator, { path: `${UNPUBLISH}??a=/../b#c` })
    expect(new URL(emulator.requests[0]?.url ?? '').search).toBe('??a=/../b%23c')
  })

  it.each([
    ['a path', `localhost${UNPUBLISH}?`],
    ['a path and a fragment', `localhost${UNPUBLISH}#`],
    ['user information', `a:b@localhost${UNPUBLISH}?`],
    ['a bracket', '['],
    ['nothing', ''],
  ])('whatever else the Host header has: %s', async (_, host) => {
    const headers = { ...HEADERS, host }
    expect(await unpublished(createEmulator(), { path: '/v1.0/x', headers })).toEqual([404, 'APIGW.0101'])
    expect(await unpublished(createEmulator(), { path: UNPUBLISH, headers })).toEqual([200, undefined])
  })
})

/** Status and code of the response to a request that would unpublish an asset at the right path. */
async function unpublished(emulator: Emulator, options: RequestOptions) {
  const response = await sent(emulator, { method: 'POST', headers: HEADERS, ...options }, BODY)
  const [, json, xml] = /"error_code":"([^"]*)"|<Code>([^<]*)</.exec(await text(response)) ?? []
  return [response.statusCode, json ?? xml]
}

/** The response of an emulator that listens until the test ends. */
async function sent(emulator: Emulator, options: RequestOptions, body: string): Promise<IncomingMessage> {
  const { request } = await open(emulator, options)
  request.end(body)
  return responseTo(request)
}

/** A request whose body is still to be sent, and the URL at which the emulator listens until the test ends. */
async function open(emulator: Emulator, options: RequestOptions): Promise<{ url: string; request: ClientRequest }> {
  const { url, close } = await emulator.listen()
  closers.push(close)
  return { url, request: httpRequest(url, options) }
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject).once('response', resolve)
  })
}
