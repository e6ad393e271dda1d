import { once } from 'node:events'
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator } from '../../src/testing/index.js'
import { rejection } from '../support/clients.js'

const HUAWEI_HOST = 'vod.cn-north-4.myhuaweicloud.com'
const PROJECT = '0123456789abcdef0123456789abcdef'
const UNPUBLISH = `/v1.0/${PROJECT}/asset/status/unpublish`
const BODY = '{"asset_id":["f488337c31c8e4622f1590735b134c65"]}'
const HEADERS = { 'content-type': 'application/json', 'x-auth-token': 'TOKENEXAMPLE' }

const MAX_BODY_BYTES = 12 * 2 ** 20

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
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

describe('a listening emulator rejects a body above 12 MB', () => {
  const services = [
    ['Huawei', UNPUBLISH, 'APIGW.0201'],
    ['Tencent', '/jobs', 'InvalidContent'],
  ] as const

  it.each(services)('for %s, before authentication, and records none of it', async (_, path, code) => {
    const emulator = createEmulator()
    const response = await sent(emulator, { method: 'POST', path }, 'x'.repeat(MAX_BODY_BYTES + 1))
    expect([response.statusCode, await text(response)]).toEqual([413, expect.stringContaining(code)])
    expect(emulator.requests).toMatchObject([{ status: 413, code, body: '' }])
  })

  it.each(services)('for %s, but not one of 12 MB', async (_, path) => {
    const response = await sent(createEmulator(), { method: 'POST', path }, 'x'.repeat(MAX_BODY_BYTES))
    expect(response.resume().statusCode).toBe(401)
  })

  it('at once, even if the caller keeps sending, and keeps the connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const emulator = createEmulator()
    const { url, request } = await open(emulator, { method: 'POST', path: UNPUBLISH, agent })
    request.write('x'.repeat(MAX_BODY_BYTES + 1))
    const response = await responseTo(request)
    expect([response.statusCode, response.headers.connection]).toEqual([413, 'keep-alive'])
    request.end('x'.repeat(MAX_BODY_BYTES))
    expect(await text(response)).toContain('APIGW.0201')
    const { socket } = request
    const next = httpRequest(`${url}/dance`, { agent }).end()
    expect((await responseTo(next)).resume().statusCode).toBe(404)
    expect(next.socket === socket).toBe(true)
    agent.destroy()
  })

  it('so that a caller that sends its whole body first can read the response', async () => {
    const socket = await connected(createEmulator())
    const head = `POST ${UNPUBLISH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`
    const length = 3 * MAX_BODY_BYTES
    await new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.write(`${head}Content-Length: ${String(length)}\r\n\r\n${'x'.repeat(length)}`, resolve)
    })
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 [^]*APIGW\.0201/)
  })

  it('without keeping it', async () => {
    const { request } = await open(createEmulator(), { method: 'POST', path: UNPUBLISH })
    const response = responseTo(request)
    const chunk = Buffer.alloc(2 ** 20)
    const growth = await growthOf('arrayBuffers', 50, async () => {
      for (let count = 0; count < 100; count++) await new Promise((resolve) => request.write(chunk, resolve))
      request.end()
      expect((await response).resume().statusCode).toBe(413)
    })
    expect(growth).toBeLessThan(50 * 2 ** 20)
  })
})

describe('a listening emulator', () => {
  it('holds a body that arrives byte by byte in little memory', async () => {
    const socket = await connected(createEmulator())
    const chunks = '1\r\nx\r\n'.repeat(200_000)
    const growth = await growthOf('heapUsed', 200, async () => {
      socket.end(`POST /jobs HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 /)
    })
    expect(growth).toBeLessThan(10 * 2 ** 20)
  })

  it('can be closed several times', async () => {
    const { url, close } = await createEmulator().listen()
    await Promise.all([close(), close()])
    await close()
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('closes the connection of a request that has not ended', async () => {
    const emulator = createEmulator()
    const { url, close } = await emulator.listen()
    const request = httpRequest(url, { method: 'POST', headers: { expect: '100-continue' } })
    const failure = rejection(responseTo(request))
    request.flushHeaders()
    await once(request, 'continue')
    await close()
    expect(await failure).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('onRequest', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('of the listener')
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the listener'))],
  ])('does not affect the response if it %s', async (_, onRequest) => {
    const emulator = createEmulator({ onRequest })
    expect((await emulator.fetch('https://localhost/dance')).status).toBe(404)
    expect((await sent(emulator, { path: '/dance' }, '')).resume().statusCode).toBe(404)
    expect(emulator.requests).toHaveLength(2)
  })
})

describe('the fetch of the emulator', () => {
  it.each([
    ['Huawei', `https://${HUAWEI_HOST}${UNPUBLISH}`, 'APIGW.0201'],
    ['Tencent', 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs', 'InvalidContent'],
  ])('rejects a body above 12 MB for %s, reading no further', async (_, url, code) => {
    const emulator = createEmulator()
    let chunks = 0
    const body = new ReadableStream({
      pull: (controller) => {
        chunks += 1
        if (chunks > 20) controller.close()
        else controller.enqueue(new Uint8Array(2 ** 20))
      },
    })
    const init = { method: 'POST', body, duplex: 'half' }
    const response = await emulator.fetch(url, init)
    expect([response.status, await response.text()]).toEqual([413, expect.stringContaining(code)])
    expect(chunks).toBeLessThan(16)
    expect(emulator.requests).toMatchObject([{ status: 413, code, body: '' }])
  })

  it('reads a body although the platform, such as Firefox, does not show it', async () => {
    vi.spyOn(Request.prototype, 'body', 'get').mockReturnValue(undefined as never)
    const { fetch } = createEmulator()
    const url = `https://${HUAWEI_HOST}${UNPUBLISH}`
    expect((await fetch(url, { method: 'POST', headers: HEADERS, body: BODY })).status).toBe(200)
    const body = 'x'.repeat(MAX_BODY_BYTES + 1)
    expect((await fetch(url, { method: 'POST', headers: HEADERS, body })).status).toBe(413)
  })

  it('rejects with the reason of an abort while the body is sent', async () => {
    const controller = new AbortController()
    const reason = new Error('user left')
    const init = { method: 'POST', body: new ReadableStream(), duplex: 'half', signal: controller.signal }
    const response = createEmulator().fetch(`https://${HUAWEI_HOST}${UNPUBLISH}`, init)
    controller.abort(reason)
    expect(await rejection(response)).toBe(reason)
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

/** A connection to an emulator that listens until the test ends. */
async function connected(emulator: Emulator): Promise<Socket> {
  const { url, close } = await emulator.listen()
  closers.push(close)
  return connect(Number(new URL(url).port))
}

/** The most by which the memory grows during an action, looked at every so many milliseconds. */
async function growthOf(memory: 'heapUsed' | 'arrayBuffers', everyMs: number, action: () => Promise<void>) {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  const used = (): number => {
    // Node gives the function no type.
    ;(collect as () => void)()
    return process.memoryUsage()[memory]
  }
  const before = used()
  let most = before
  const looking = setInterval(() => {
    most = Math.max(most, used())
  }, everyMs)
  await action()
  clearInterval(looking)
  return most - before
}
