import http from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { http as handlers, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { socketTransport } from '../../src/transport/socket-transport.js'
import type { WireAnswer, WireFailure, WireOutcome } from '../../src/transport/transport.js'
import {
  endServersAfterEach,
  faults,
  forgetfulServer,
  httpServer,
  pause,
  silences,
  tcpServer,
  tlsServer,
  wireRequest,
} from '../support/wire-servers.js'

endServersAfterEach()

const agents: http.Agent[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy()
})

const send = socketTransport()

function answerOf(outcome: WireOutcome): WireAnswer {
  if ('failure' in outcome) throw new Error('no answer', { cause: outcome.failure })
  return outcome
}

function failureOf(outcome: WireOutcome): WireFailure {
  if ('failure' in outcome) return outcome
  throw new Error(`an answer: ${String(outcome.status)}`)
}

function textOf(outcome: WireOutcome): string {
  return new TextDecoder().decode(answerOf(outcome).body)
}

function agentWith(options: https.AgentOptions, kind: 'http' | 'https' = 'http'): http.Agent {
  const agent = kind === 'http' ? new http.Agent(options) : new https.Agent(options)
  agents.push(agent)
  return agent
}

/** Which of the client's ports each request came from. */
async function portServer(headers: http.OutgoingHttpHeaders = {}): Promise<{ url: string; ports: unknown[] }> {
  const ports: unknown[] = []
  const { url } = await httpServer((request, response) => {
    ports.push(request.socket.remotePort)
    response.writeHead(200, headers).end('ok')
  })
  return { url, ports }
}

describe('a failure tells whether the request certainly was not sent', () => {
  it.each([
    ['refused', true, 0, 'ECONNREFUSED'],
    ['name unknown', true, 0, /^(ENOTFOUND|EAI_AGAIN)$/],
    ['untrusted certificate', true, 0, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['TLS to a plain port', true, 0, /^(EPROTO|ERR_SSL_)/],
    ['reset within the handshake', true, 0, 'ECONNRESET'],
    ['closed before the answer', false, 1, 'ECONNRESET'],
    ['reset before the answer', false, 1, 'ECONNRESET'],
    ['reset in the status line', false, 1, 'ECONNRESET'],
    ['garbage instead of HTTP', false, 1, 'HPE_INVALID_CONSTANT'],
    ['a switch of protocols', false, 1, undefined],
    ['reset inside the answer', false, 1, 'ECONNRESET'],
    ['closed inside the answer', false, 1, 'ECONNRESET'],
    ['closed inside a chunked answer', false, 1, 'ECONNRESET'],
  ] as const)('%s', async (name, isUnsent, requests, code) => {
    const server = await faults[name]()
    const outcome = await send(wireRequest(server.url)).outcome
    expect(outcome).toMatchObject({ isUnsent, failure: expect.any(Error) as unknown })
    if (code === undefined) expect(failureOf(outcome).failure).not.toHaveProperty('code')
    else expect(failureOf(outcome).failure).toHaveProperty('code', expect.stringMatching(code))
    expect(server.requests()).toBe(requests)
  })

  it('reset at accept, which is seen either while connecting or after', async () => {
    const server = await tcpServer((socket) => socket.resetAndDestroy())
    for (let count = 0; count < 10; count += 1) {
      const { failure, isUnsent } = failureOf(await send(wireRequest(server.url)).outcome)
      expect(failure).toHaveProperty('code', expect.stringMatching(/^(ECONNRESET|EPIPE)$/))
      expect(isUnsent).toBe(failure instanceof Error && 'syscall' in failure && failure.syscall === 'connect')
    }
    expect(server.requests()).toBe(0)
  })

  it('closed at accept', async () => {
    const server = await tcpServer((socket) => socket.destroy())
    expect(await send(wireRequest(server.url)).outcome).toMatchObject({ isUnsent: false })
  })

  it.each(['end', 'resetAndDestroy'] as const)('kept alive, then gone by %s', async (how) => {
    const server = await forgetfulServer(how)
    expect(textOf(await send(wireRequest(server.url)).outcome)).toBe('ok')
    expect(await send(wireRequest(server.url)).outcome).toMatchObject({ isUnsent: false })
    expect(server.requests()).toBe(2)
  })

  it('connecting fails at once', async () => {
    const lookup: net.LookupFunction = (_host, _options, callback) => {
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    }
    const { outcome } = socketTransport(agentWith({ lookup }))(wireRequest('http://one.test/'))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ENOTFOUND' } })
  })

  it('a failure without a code tells nothing', async () => {
    const lookup: net.LookupFunction = (_host, _options, callback) => {
      callback(new Error('made up'), [])
    }
    const { outcome } = socketTransport(agentWith({ lookup }))(wireRequest('http://one.test/'))
    expect(await outcome).toMatchObject({ isUnsent: false, failure: { message: 'made up' } })
  })

  it.each([
    ['a header', { headers: { 'x-name': 'one\r\ntwo' } }, 'ERR_INVALID_CHAR'],
    ['a scheme', { url: new URL('ftp://127.0.0.1/') }, 'ERR_INVALID_PROTOCOL'],
  ])('%s that Node refuses', async (_what, changes, code) => {
    const { outcome } = send(wireRequest('http://127.0.0.1:9/', changes))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code } })
  })

  it('an agent that is none', async () => {
    const { outcome } = socketTransport({})(wireRequest('http://127.0.0.1:9/'))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ERR_INVALID_ARG_TYPE' } })
  })
})

describe('cancelling ends the exchange at once', () => {
  it.each(Object.entries(silences))('%s', async (_phase, { start, isSent }) => {
    const server = await start()
    const { outcome, cancel } = send(wireRequest(server.url))
    await pause(100)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: !isSent, failure: { message: 'cancelled' } })
    expect(server.requests()).toBe(isSent ? 1 : 0)
    // What the connection still has to say harms nobody, nor does another time.
    cancel()
    await pause(20)
  })

  it('before anything was done', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    await pause(20)
    expect(server.ports).toEqual([])
  })

  it('in the tick in which Node got the request', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    setImmediate(cancel)
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    await pause(20)
    expect(server.ports).toEqual([])
  })

  it('in the queue of the agent, which goes on with the others', async () => {
    let requests = 0
    const { url } = await httpServer((_, response) => {
      requests += 1
      setTimeout(() => response.end('ok'), 60)
    })
    const one = socketTransport(agentWith({ keepAlive: true, maxSockets: 1 }))
    const first = one(wireRequest(url))
    const queued = one(wireRequest(url))
    const last = one(wireRequest(url))
    await pause(30)
    queued.cancel()
    expect(await soon(queued.outcome)).toMatchObject({ isUnsent: true })
    expect(textOf(await first.outcome)).toBe('ok')
    expect(textOf(await last.outcome)).toBe('ok')
    expect(requests).toBe(2)
  })

  it('and after the answer does nothing', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    expect(textOf(await outcome)).toBe('ok')
    cancel()
    expect(textOf(await outcome)).toBe('ok')
    await send(wireRequest(server.url)).outcome
    expect(new Set(server.ports).size).toBe(1)
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

describe('connections', () => {
  it('are kept for the next request, also of another client', async () => {
    const { url, ports } = await portServer()
    for (const transport of [send, socketTransport(), send]) await transport(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(1)
  })

  it.each(['destroy', 'resetAndDestroy'] as const)(
    'that were closed by %s are seen to be, and replaced',
    async (how) => {
      const sockets: Socket[] = []
      const { url } = await tcpServer(
        (socket) => sockets.push(socket),
        (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
      )
      for (let count = 0; count < 25; count += 1) {
        expect(textOf(await send(wireRequest(url)).outcome)).toBe('ok')
        await pause(1)
        // What these do to the connection is done when they return, but nobody has seen it yet.
        sockets[count]?.[how]()
      }
      expect(sockets).toHaveLength(25)
    },
  )

  it.each(['http', 'https'] as const)('are idle for no more than four seconds, by %s', async (scheme) => {
    const opened = vi.spyOn(scheme === 'http' ? http : https, 'request')
    await send(wireRequest(`${scheme}://127.0.0.1:9/`)).outcome
    await send(wireRequest(`${scheme}://127.0.0.1:9/`)).outcome
    const agents = opened.mock.calls.map(([options]) =>
      typeof options === 'object' && 'agent' in options ? options.agent : undefined,
    )
    opened.mockRestore()
    expect(new Set(agents).size).toBe(1)
    expect(agents[0]).toMatchObject({ keepAlive: true, options: { timeout: 4000 } })
  })

  it('are idle for a second less than the server says', async () => {
    const { url, ports } = await portServer({ 'keep-alive': 'timeout=2' })
    await send(wireRequest(url)).outcome
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(1)
    await pause(1200)
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(2)
  })

  it('are not kept where the server says one second', async () => {
    const { url, ports } = await portServer({ 'keep-alive': 'timeout=1' })
    await send(wireRequest(url)).outcome
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(2)
  })

  it('may be made by the agent of a proxy: such a one takes the request at once', async () => {
    const silent = await silences['before the answer'].start()
    const socket = net.connect(Number(new URL(silent.url).port), '127.0.0.1')
    await new Promise((resolve) => socket.once('connect', resolve))
    const agent = agentWith({})
    Object.assign(agent, { createConnection: () => socket })
    const { outcome, cancel } = socketTransport(agent)(wireRequest('http://one.test/'))
    await pause(30)
    cancel()
    expect(await outcome).toMatchObject({ isUnsent: false })
  })

  it('may be secure, and then are kept as well', async () => {
    const sockets = new Set<Socket>()
    const { url, certificate } = await tlsServer((request, response) => {
      sockets.add(request.socket)
      response.end('safe')
    })
    const transport = socketTransport(agentWith({ ca: certificate, keepAlive: true }, 'https'))
    expect(textOf(await transport(wireRequest(url)).outcome)).toBe('safe')
    expect(textOf(await transport(wireRequest(url)).outcome)).toBe('safe')
    expect(sockets.size).toBe(1)
  })

  it('are left as they were found', async () => {
    const agent = agentWith({ keepAlive: true, timeout: 4000 })
    const transport = socketTransport(agent)
    const { url } = await portServer()
    await transport(wireRequest(url)).outcome
    const before = await leftovers(agent)
    for (let count = 0; count < 200; count += 1) await transport(wireRequest(url)).outcome
    expect(await leftovers(agent)).toEqual(before)
    expect(before.sockets).toBe(1)
  })

  async function leftovers(agent: http.Agent): Promise<{ sockets: number; listeners: number; active: number }> {
    await pause(10)
    const sockets = Object.values(agent.freeSockets).flatMap((list) => list ?? [])
    const listeners = sockets.flatMap((socket) => socket.eventNames().map((name) => socket.listenerCount(name)))
    return {
      sockets: sockets.length,
      listeners: listeners.reduce((sum, count) => sum + count, 0),
      active: process.getActiveResourcesInfo().filter((name) => /Immediate|TCPSocketWrap/.test(name)).length,
    }
  }

  it('that were cancelled leave nothing', async () => {
    const agent = agentWith({ keepAlive: true })
    const transport = socketTransport(agent)
    const { url } = await silences['before the answer'].start()
    for (let count = 0; count < 20; count += 1) {
      const { outcome, cancel } = transport(wireRequest(url))
      await pause(2)
      cancel()
      await outcome
    }
    await pause(20)
    expect([agent.sockets, agent.freeSockets, agent.requests]).toEqual([{}, {}, {}])
  })
})

describe('the request', () => {
  it.each([
    ['text', 'naïve 音频', 'naïve 音频'],
    ['bytes', new TextEncoder().encode('naïve 音频'), 'naïve 音频'],
    ['nothing', '', ''],
  ])('carries %s, its length and its host', async (_what, body, expected) => {
    const seen: http.IncomingHttpHeaders[] = []
    const { url } = await httpServer((request, response) => {
      seen.push(request.headers)
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () =>
        response.end(`${String(request.method)} ${String(request.url)} ${Buffer.concat(chunks).toString()}`),
      )
    })
    const { outcome } = send(wireRequest(`${url}path?a=%20b`, { method: 'PUT', body, headers: { 'x-one': 'two' } }))
    expect(textOf(await outcome)).toBe(`PUT /path?a=%20b ${expected}`)
    expect(seen).toEqual([
      {
        host: new URL(url).host,
        'content-length': String(Buffer.byteLength(expected)),
        'x-one': 'two',
        connection: 'keep-alive',
      },
    ])
  })

  it('has the host and the length that it really has, whatever its headers say', async () => {
    const { url } = await httpServer(({ headers }, response) =>
      response.end([headers.host, headers['content-length']].join(' ')),
    )
    const headers = { host: 'one.test', 'content-length': '1' }
    expect(textOf(await send(wireRequest(url, { headers, body: 'four' })).outcome)).toBe(`${new URL(url).host} 4`)
  })

  it.each([
    ['http://one.test/', 'one.test', { host: 'one.test', port: 80 }],
    ['http://one.test:80/', 'one.test', { host: 'one.test', port: 80 }],
    ['http://one.test:8080/', 'one.test:8080', { host: 'one.test', port: '8080' }],
    ['http://[::1]:8080/', '[::1]:8080', { host: '::1', port: '8080' }],
  ])('to %s has the host %s', async (url, host, address) => {
    const server = await httpServer((request, response) => response.end(request.headers.host))
    const agent = agentWith({})
    const connect = vi.fn<(options: object) => net.Socket>(() =>
      net.connect(Number(new URL(server.url).port), '127.0.0.1'),
    )
    Object.assign(agent, { createConnection: connect })
    expect(textOf(await socketTransport(agent)(wireRequest(url)).outcome)).toBe(host)
    expect(connect.mock.lastCall?.[0]).toMatchObject(address)
  })
})

describe('the answer', () => {
  it('has a status, headers and a body', async () => {
    const { url } = await tcpServer(
      () => undefined,
      (socket) =>
        socket.write(
          'HTTP/1.1 418 Teapot\r\nContent-Length: 3\r\nX-Two: a\r\nSet-Cookie: c=1\r\nx-two: b\r\nset-cookie: d=2\r\n\r\n\xc3\xa9!',
          'latin1',
        ),
    )
    const { status, headers, body, isTruncated } = answerOf(await send(wireRequest(url)).outcome)
    expect([status, isTruncated, new TextDecoder().decode(body)]).toEqual([418, false, 'é!'])
    expect(['X-TWO', 'content-length', 'set-cookie', 'none'].map((name) => headers.get(name))).toEqual([
      'a, b',
      '3',
      'c=1, d=2',
      null,
    ])
    expect([...headers]).toEqual([
      ['content-length', '3'],
      ['x-two', 'a, b'],
      ['set-cookie', 'c=1, d=2'],
    ])
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

  it('that follows information is the one', async () => {
    const { url } = await tcpServer(
      () => undefined,
      (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    )
    expect(textOf(await send(wireRequest(url)).outcome)).toBe('ok')
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

  it('may come before the request has been read', async () => {
    const { url } = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno')
      })
    })
    const outcome = await send(wireRequest(url, { body: 'x'.repeat(100_000) })).outcome
    // Whether the answer is read before the connection breaks is for the network to say.
    if ('failure' in outcome) expect(outcome.isUnsent).toBe(false)
    else expect(outcome.status).toBe(413)
  })
})

describe('while MSW intercepts', () => {
  const msw = setupServer()
  afterEach(() => {
    msw.close()
  })

  it.each(['http://one.test/path', 'https://one.test/path'])('%s is answered', async (url) => {
    const questions: string[] = []
    msw.use(
      handlers.post(url, async ({ request }) => {
        questions.push(`${String(request.headers.get('x-one'))} ${await request.text()}`)
        return new HttpResponse('answer', { status: 201, headers: { 'x-id': '7' } })
      }),
    )
    msw.listen()
    const answer = answerOf(await send(wireRequest(url, { headers: { 'x-one': 'two' } })).outcome)
    expect([answer.status, answer.headers.get('X-Id'), textOf(answer)]).toEqual([201, '7', 'answer'])
    expect(questions).toEqual(['two question'])
  })

  it.each(['http://one.test/', 'https://one.test/'])('an error of %s tells nothing', async (url) => {
    msw.use(handlers.post(url, () => HttpResponse.error()))
    msw.listen()
    expect(await send(wireRequest(url)).outcome).toMatchObject({ isUnsent: false })
  })

  it.each(['http://one.test/', 'https://one.test/'])('a request to %s that was received is sent', async (url) => {
    const received = vi.fn()
    msw.use(
      handlers.post(url, async () => {
        received()
        await pause(50)
        return new HttpResponse('late')
      }),
    )
    msw.listen()
    const { outcome, cancel } = send(wireRequest(url))
    await vi.waitFor(() => {
      expect(received).toHaveBeenCalled()
    })
    cancel()
    expect(await outcome).toMatchObject({ isUnsent: false })
    await pause(80)
  })
})
