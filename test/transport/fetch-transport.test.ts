import { inspect } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { isCertificateFailure, reasonOf } from '../../src/transport/connection-failure.js'
import { fetchTransport } from '../../src/transport/fetch-transport.js'
import type { WireAnswer, WireOutcome } from '../../src/transport/transport.js'
import {
  endServersAfterEach,
  faults,
  forgetfulServer,
  httpServer,
  pause,
  silences,
  tcpServer,
  wireRequest,
} from '../support/wire-servers.js'

endServersAfterEach()

const send = fetchTransport(fetch)

function answerOf(outcome: WireOutcome): WireAnswer {
  if ('failure' in outcome) throw new Error('no answer', { cause: outcome.failure })
  return outcome
}

function textOf(outcome: WireOutcome): string {
  return new TextDecoder().decode(answerOf(outcome).body)
}

/** What a fetch that fails so comes to. */
function failingBy(failure: unknown): Promise<WireOutcome> {
  // A fetch may reject with anything.
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  return fetchTransport(() => Promise.reject(failure))(wireRequest('http://one.test/')).outcome
}

function errorWith(properties: object): Error {
  return Object.assign(new Error('made up'), properties)
}

describe('a failure tells whether the request certainly was not sent', () => {
  it.each([
    ['refused', true, 0, 'ECONNREFUSED'],
    ['name unknown', true, 0, /^(ENOTFOUND|EAI_AGAIN)$/],
    ['untrusted certificate', true, 0, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['TLS to a plain port', false, 0, /^(EPROTO|ERR_SSL_)/],
    ['reset within the handshake', false, 0, 'ECONNRESET'],
    ['closed before the answer', false, 1, 'UND_ERR_SOCKET'],
    ['reset before the answer', false, 1, 'ECONNRESET'],
    ['reset in the status line', false, 1, 'ECONNRESET'],
    ['garbage instead of HTTP', false, 1, 'HPE_INVALID_CONSTANT'],
    ['a switch of protocols', false, 1, 'UND_ERR_SOCKET'],
    ['reset inside the answer', false, 1, 'ECONNRESET'],
    ['closed inside the answer', false, 1, 'UND_ERR_SOCKET'],
    ['closed inside a chunked answer', false, 1, 'UND_ERR_SOCKET'],
  ] as const)('%s', async (name, isUnsent, requests, reason) => {
    const server = await faults[name]()
    const outcome = await send(wireRequest(server.url)).outcome
    expect(outcome).toMatchObject({ isUnsent, failure: expect.any(Error) as unknown })
    if ('failure' in outcome) {
      expect(reasonOf(outcome.failure)).toMatch(reason)
      expect(isCertificateFailure(outcome.failure)).toBe(name === 'untrusted certificate')
    }
    expect(server.requests()).toBe(requests)
  })

  it('reset at accept, which is seen either while connecting or after', async () => {
    const server = await tcpServer((socket) => socket.resetAndDestroy())
    const outcome = await send(wireRequest(server.url)).outcome
    const isConnecting = 'failure' in outcome && inspect(outcome.failure).includes("syscall: 'connect'")
    expect(outcome).toMatchObject({ isUnsent: isConnecting })
    expect(server.requests()).toBe(0)
  })

  it.each(['end', 'resetAndDestroy'] as const)('kept alive, then gone by %s', async (how) => {
    const server = await forgetfulServer(how)
    expect(textOf(await send(wireRequest(server.url)).outcome)).toBe('ok')
    expect(await send(wireRequest(server.url)).outcome).toMatchObject({ isUnsent: false })
    expect(server.requests()).toBe(2)
  })

  it.each([
    ['connecting', { syscall: 'connect' }, true],
    ['name lookup', { syscall: 'getaddrinfo', code: 'ENOTFOUND' }, true],
    ['a connect timeout', { code: 'UND_ERR_CONNECT_TIMEOUT' }, true],
    ['a certificate', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, true],
    ['reading', { syscall: 'read', code: 'ECONNRESET' }, false],
    ['headers that take too long', { code: 'UND_ERR_HEADERS_TIMEOUT' }, false],
    ['nothing known', {}, false],
  ])('%s, also as a cause and as a member', async (_what, properties, isUnsent) => {
    const failure = errorWith(properties)
    const nested = new TypeError('fetch failed', { cause: new Error('why', { cause: failure }) })
    for (const one of [failure, nested, new AggregateError([failure, nested])]) {
      expect(await failingBy(one)).toEqual({ failure: one, isUnsent })
    }
  })

  it('of several attempts none may have come further', async () => {
    const attempts = new AggregateError([errorWith({ syscall: 'connect' }), errorWith({ syscall: 'read' })])
    expect(await failingBy(attempts)).toMatchObject({ isUnsent: false })
    expect(await failingBy(new AggregateError([]))).toMatchObject({ isUnsent: false })
  })

  it('causes may go in circles, and be no errors', async () => {
    const failure = errorWith({})
    failure.cause = new AggregateError([failure], 'around', { cause: failure })
    expect(await failingBy(failure)).toMatchObject({ isUnsent: false })
    for (const one of [undefined, null, 'text', 7])
      expect(await failingBy(one)).toEqual({ failure: one, isUnsent: false })
  })

  it('a fetch may throw at once', async () => {
    const failure = errorWith({ syscall: 'connect' })
    const transport = fetchTransport(() => {
      throw failure
    })
    expect(await transport(wireRequest('http://one.test/')).outcome).toEqual({ failure, isUnsent: true })
  })

  it.each([
    ['a header', { headers: { 'x-name': 'one\r\ntwo' } }],
    ['a method', { method: 'CONNECT' }],
  ])('%s that no Request takes', async (_what, changes) => {
    const { outcome, cancel } = send(wireRequest('http://127.0.0.1:9/', changes))
    cancel()
    expect(await outcome).toMatchObject({ isUnsent: true, failure: expect.any(TypeError) as unknown })
  })
})

describe('cancelling ends the exchange at once, and nothing is certain', () => {
  it.each(Object.entries(silences))('%s', async (_phase, { start, isSent }) => {
    const server = await start()
    const { outcome, cancel } = send(wireRequest(server.url))
    await pause(100)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: false, failure: { name: 'AbortError' } })
    expect(server.requests()).toBe(isSent ? 1 : 0)
    cancel()
    await pause(20)
  })

  it('though a fetch does not heed it, of which a late answer is let go', async () => {
    let isLetGo = false
    const body = new ReadableStream({
      cancel: () => {
        isLetGo = true
      },
    })
    const late = pause(30).then(() => new Response(body))
    const { outcome, cancel } = fetchTransport(() => late)(wireRequest('http://one.test/'))
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: false })
    await pause(60)
    expect(isLetGo).toBe(true)
  })

  it('though a fetch does not heed it, of which an answer has begun', async () => {
    let isLetGo = false
    const body = new ReadableStream({
      cancel: () => {
        isLetGo = true
        throw new Error('not now')
      },
    })
    const { outcome, cancel } = fetchTransport(() => Promise.resolve(new Response(body)))(
      wireRequest('http://one.test/'),
    )
    await pause(10)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: false })
    expect(isLetGo).toBe(true)
    await pause(5)
  })

  it('and the fetch is told, though it holds no more than the signal, and that weakly', async () => {
    setFlagsFromString('--expose-gc')
    // The flag makes it a global function.
    const collect = runInNewContext('gc') as () => void
    let isTold = false
    const { outcome, cancel } = fetchTransport(({ signal }) => {
      signal.addEventListener('abort', () => {
        isTold = true
      })
      return new Promise(() => undefined)
    })(wireRequest('http://one.test/'))
    await pause(5)
    collect()
    await pause(5)
    cancel()
    await outcome
    expect(isTold).toBe(true)
  })

  it('and after the answer does nothing', async () => {
    const { url } = await httpServer((_, response) => response.end('ok'))
    const { outcome, cancel } = send(wireRequest(url))
    expect(textOf(await outcome)).toBe('ok')
    cancel()
    expect(textOf(await outcome)).toBe('ok')
  })

  async function soon<Value>(promise: Promise<Value>): Promise<Value | 'nothing'> {
    return Promise.race([
      promise,
      new Promise<'nothing'>((resolve) =>
        setImmediate(() => {
          resolve('nothing')
        }),
      ),
    ])
  }
})

describe('the request', () => {
  it.each([
    ['text', 'naïve 音频', 'naïve 音频'],
    ['bytes', new TextEncoder().encode('naïve 音频'), 'naïve 音频'],
    ['nothing', '', ''],
  ])('carries %s and its length', async (_what, body, expected) => {
    const { url } = await httpServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { host, 'x-one': one, 'content-length': length } = request.headers
        response.end([request.method, request.url, host, one, length, Buffer.concat(chunks).toString()].join(' '))
      })
    })
    const { outcome } = send(wireRequest(`${url}path?a=%20b`, { method: 'PUT', body, headers: { 'x-one': 'two' } }))
    const length = String(Buffer.byteLength(expected))
    expect(textOf(await outcome)).toBe(`PUT /path?a=%20b ${new URL(url).host} two ${length} ${expected}`)
  })

  it('may be one that never has a body', async () => {
    const { url } = await httpServer((request, response) => response.end(request.method))
    expect(textOf(await send(wireRequest(url, { method: 'GET', body: '' })).outcome)).toBe('GET')
  })
})

describe('the answer', () => {
  it('has a status, headers and a body', async () => {
    const { url } = await httpServer((_, response) => response.writeHead(418, { 'X-Two': ['a', 'b'] }).end('é!'))
    const { status, headers, body, isTruncated } = answerOf(await send(wireRequest(url)).outcome)
    expect([status, isTruncated, new TextDecoder().decode(body)]).toEqual([418, false, 'é!'])
    expect([headers.get('X-TWO'), headers.get('none')]).toEqual(['a, b', null])
    expect([...headers]).toContainEqual(['x-two', 'a, b'])
  })

  it.each([204, 200, 304])('may be empty: %i', async (status) => {
    const { url } = await httpServer((_, response) => response.writeHead(status).end())
    expect(answerOf(await send(wireRequest(url)).outcome)).toMatchObject({
      status,
      isTruncated: false,
      body: { length: 0 },
    })
  })

  it('that ends with the connection, before its time or not, is one', async () => {
    const { url } = await tcpServer(
      () => undefined,
      (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n<Respon'),
    )
    expect(textOf(await send(wireRequest(url)).outcome)).toBe('<Respon')
  })

  it('that redirects is not followed', async () => {
    const server = await httpServer((_, response) => response.writeHead(307, { location: '/elsewhere' }).end())
    expect(answerOf(await send(wireRequest(server.url)).outcome).status).toBe(307)
    expect(server.requests()).toBe(1)
  })

  it('may arrive drop by drop', async () => {
    const { url } = await httpServer((_, response) => {
      const drops = 'drop by drop'.split(/(?<=.)/)
      const next = (): void => {
        const drop = drops.shift()
        if (drop === undefined) response.end()
        else response.write(drop, () => setTimeout(next, 2))
      }
      next()
    })
    expect(textOf(await send(wireRequest(url)).outcome)).toBe('drop by drop')
  })

  it('is cut where it is too long, and the connection let go', async () => {
    const closed: Promise<unknown>[] = []
    const { url } = await httpServer((_, response) => {
      closed.push(new Promise((resolve) => response.once('close', resolve)))
      // Without an end.
      response.write('x'.repeat(700))
      setTimeout(() => response.write('y'.repeat(700)), 5)
    })
    const answer = answerOf(await send(wireRequest(url, { maxAnswerBytes: 1000 })).outcome)
    expect(answer).toMatchObject({ status: 200, isTruncated: true })
    expect(Buffer.from(answer.body).toString()).toBe('x'.repeat(700) + 'y'.repeat(300))
    await Promise.all(closed)
  })

  it.each([
    [999, true],
    [1000, false],
  ])('of 1000 bytes, of which %i are taken, is cut: %s', async (maxAnswerBytes, isTruncated) => {
    const { url } = await httpServer((_, response) => response.end('x'.repeat(1000)))
    const answer = answerOf(await send(wireRequest(url, { maxAnswerBytes })).outcome)
    expect([answer.body.length, answer.isTruncated]).toEqual([maxAnswerBytes, isTruncated])
  })
})

describe('the reason of a failure', () => {
  it.each([
    ['its code', errorWith({ code: 'ONE' }), 'ONE'],
    ['the code of a cause', new TypeError('fetch failed', { cause: errorWith({ code: 'TWO' }) }), 'TWO'],
    ['its message', new Error('three', { cause: errorWith({ code: 4 }) }), 'three'],
    ['unknown', new Error(''), 'unknown failure'],
    ['unknown', 'text', 'unknown failure'],
  ])('is %s', (_what, failure, reason) => {
    expect(reasonOf(failure)).toBe(reason)
  })
})
