import http from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { http as handlers, HttpResponse, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { socketTransport } from '../../src/transport/socket-transport.js'
import {
  endServersAfterEach,
  httpServer,
  pause,
  silences,
  tcpServer,
  tlsServer,
  wireRequest,
} from '../support/wire-servers.js'
import { answerOf, describeTransport, soon, textOf } from './contract.js'

endServersAfterEach()

const agents: http.Agent[] = []
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy()
})

const send = socketTransport()

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

describeTransport('socket transport', send, {
  faults: {
    refused: [true, 'ECONNREFUSED'],
    'name unknown': [true, /^(ENOTFOUND|EAI_AGAIN)$/],
    'untrusted certificate': [true, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    'TLS to a plain port': [true, /^(EPROTO|ERR_SSL_)/],
    'reset within the handshake': [true, 'ECONNRESET'],
    'closed before the answer': [false, 'ECONNRESET'],
    'reset before the answer': [false, 'ECONNRESET'],
    'reset in the status line': [false, 'ECONNRESET'],
    'garbage instead of HTTP': [false, 'HPE_INVALID_CONSTANT'],
    'a switch of protocols': [false, 'closed before the end of the response'],
    'reset inside the answer': [false, 'ECONNRESET'],
    'closed inside the answer': [false, 'ECONNRESET'],
    'closed inside a chunked answer': [false, 'ECONNRESET'],
  },
  cancelled: {
    'while it connects': true,
    'within the handshake': true,
    'before the answer': false,
    'within the answer': false,
  },
})

describe('socket transport, if an exchange fails', () => {
  it('reports a name that is not found as unsent', async () => {
    const lookup: net.LookupFunction = (_host, _options, callback) => {
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    }
    const { outcome } = socketTransport(agentWith({ lookup }))(wireRequest('http://one.test/'))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ENOTFOUND' } })
  })

  it('reports a failure without a code as uncertain', async () => {
    const lookup: net.LookupFunction = (_host, _options, callback) => {
      callback(new Error('made up'), [])
    }
    const { outcome } = socketTransport(agentWith({ lookup }))(wireRequest('http://one.test/'))
    expect(await outcome).toMatchObject({ isUnsent: false, failure: { message: 'made up' } })
  })

  it('reports a scheme that Node rejects as unsent', async () => {
    const { outcome } = send(wireRequest('http://127.0.0.1:9/', { url: new URL('ftp://127.0.0.1/') }))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ERR_INVALID_PROTOCOL' } })
  })

  it('reports an invalid agent as unsent', async () => {
    const { outcome } = socketTransport({})(wireRequest('http://127.0.0.1:9/'))
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ERR_INVALID_ARG_TYPE' } })
  })
})

describe('socket transport, if an exchange is cancelled', () => {
  it('sends nothing if that happens in the same turn', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    await pause(20)
    expect(server.ports).toEqual([])
  })

  it('sends nothing if that happens in the turn in which Node gets the request', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    setImmediate(cancel)
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    await pause(20)
    expect(server.ports).toEqual([])
  })

  it('keeps the connection if the response has come', async () => {
    const server = await portServer()
    const { outcome, cancel } = send(wireRequest(server.url))
    await outcome
    cancel()
    await send(wireRequest(server.url)).outcome
    expect(new Set(server.ports).size).toBe(1)
  })

  it('leaves the queue of the agent, which continues with the others', async () => {
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
})

describe('socket transport', () => {
  it('keeps connections for the next request, also of another client', async () => {
    const { url, ports } = await portServer()
    for (const transport of [send, socketTransport(), send]) await transport(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(1)
  })

  it.each(['destroy', 'resetAndDestroy'] as const)(
    'replaces connections that the server has closed by %s',
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

  it.each(['http', 'https'] as const)('keeps an idle connection for four seconds at most, by %s', async (scheme) => {
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

  describe('for idempotent requests', () => {
    const IDEMPOTENT = { isIdempotent: true }

    it.each([
      ['timeout=30', 29_000],
      ['timeout=300', 60_000],
      [undefined, 4000],
    ])('keeps an idle connection of a server that says %s for %i ms', async (hint, limit) => {
      // A server of node:http would always say something.
      const header = hint === undefined ? '' : `keep-alive: ${hint}\r\n`
      const { url } = await tcpServer(
        () => undefined,
        (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${header}\r\nok`),
      )
      const opened = vi.spyOn(http, 'request')
      await send(wireRequest(url, IDEMPOTENT)).outcome
      await pause(5)
      const { socket } = opened.mock.results[0]?.value as http.ClientRequest
      opened.mockRestore()
      expect(socket).toMatchObject({ destroyed: false, timeout: limit })
    })

    it('never uses their connections for a submission', async () => {
      const { url, ports } = await portServer({ 'keep-alive': 'timeout=30' })
      await send(wireRequest(url, IDEMPOTENT)).outcome
      await send(wireRequest(url)).outcome
      await send(wireRequest(url, IDEMPOTENT)).outcome
      expect(new Set(ports).size).toBe(2)
    })
  })

  it('keeps an idle connection a second less than the server says', async () => {
    const { url, ports } = await portServer({ 'keep-alive': 'timeout=2' })
    await send(wireRequest(url)).outcome
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(1)
    await pause(1200)
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(2)
  })

  it('does not keep a connection if the server says one second', async () => {
    const { url, ports } = await portServer({ 'keep-alive': 'timeout=1' })
    await send(wireRequest(url)).outcome
    await send(wireRequest(url)).outcome
    expect(new Set(ports).size).toBe(2)
  })

  it('reports a cancelled request as uncertain if the agent of a proxy has taken it at once', async () => {
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

  describe('as another runtime loads it', () => {
    // Shared agents are created once.
    async function loaded(): Promise<typeof send> {
      vi.resetModules()
      return (await import('../../src/transport/socket-transport.js')).socketTransport()
    }
    afterEach(() => {
      vi.unstubAllGlobals()
    })

    it('keeps no connection of a submission in Deno, which would send the request again', async () => {
      vi.stubGlobal('Deno', {})
      const { url, ports } = await portServer()
      const transport = await loaded()
      await transport(wireRequest(url)).outcome
      await transport(wireRequest(url)).outcome
      expect(new Set(ports).size).toBe(2)
      await transport(wireRequest(url, { isIdempotent: true })).outcome
      await transport(wireRequest(url, { isIdempotent: true })).outcome
      expect(new Set(ports).size).toBe(3)
    })

    it.each([http, https])('uses the proxies that the runtime gives its own agent', async (module) => {
      const proxyEnv = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' }
      const { globalAgent } = module
      module.globalAgent = Object.assign(agentWith({}), { options: { proxyEnv } })
      const opened = vi.spyOn(module, 'request')
      await (
        await loaded()
      )(wireRequest(`${module === https ? 'https' : 'http'}://127.0.0.1:9/`)).outcome
      const options = opened.mock.calls[0]?.[0]
      opened.mockRestore()
      module.globalAgent = globalAgent
      expect(options).toMatchObject({ agent: { options: { proxyEnv } } })
    })
  })

  it('keeps secure connections as well', async () => {
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

  it('leaves connections as it found them', async () => {
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

  it('leaves nothing of connections that were cancelled', async () => {
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

describe('socket transport, for a request', () => {
  it('sends no headers but those given, host, length, and connection', async () => {
    const seen: http.IncomingHttpHeaders[] = []
    const { url } = await httpServer((request, response) => {
      seen.push(request.headers)
      response.end()
    })
    await send(wireRequest(url, { headers: { 'x-one': 'two' }, body: 'four' })).outcome
    expect(seen).toEqual([{ host: new URL(url).host, 'content-length': '4', 'x-one': 'two', connection: 'keep-alive' }])
  })

  it('sends the host and the length that it really has, whatever its headers say', async () => {
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
  ])('to %s sends the host %s', async (url, host, address) => {
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

describe('socket transport, from a response', () => {
  it('joins repeated headers, and keeps their order', async () => {
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

  it('skips an informational response', async () => {
    const { url } = await tcpServer(
      () => undefined,
      (socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
    )
    expect(textOf(await send(wireRequest(url)).outcome)).toBe('ok')
  })

  it('reads a response that comes before the request was read', async () => {
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

describe('socket transport, while MSW intercepts', () => {
  const msw = setupServer()
  afterEach(() => {
    msw.close()
  })

  it.each(['http://one.test/path', 'https://one.test/path'])('receives the response of %s', async (url) => {
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

  it.each(['http://one.test/', 'https://one.test/'])('reports an error of %s as uncertain', async (url) => {
    msw.use(handlers.post(url, () => HttpResponse.error()))
    msw.listen()
    expect(await send(wireRequest(url)).outcome).toMatchObject({ isUnsent: false })
  })

  it.each(['http://one.test/', 'https://one.test/'])('reports a request that %s has received as sent', async (url) => {
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

  it('reports what becomes of a request that MSW passes on', async () => {
    msw.use(handlers.all('*', () => passthrough()))
    msw.listen()
    const { url, certificate, requests } = await tlsServer(({ socket }) => socket.destroy())
    expect(await send(wireRequest(url)).outcome).toMatchObject({ isUnsent: true })
    const trusting = socketTransport(agentWith({ ca: certificate }, 'https'))
    expect(await trusting(wireRequest(url)).outcome).toMatchObject({ isUnsent: false })
    expect(requests()).toBe(1)
  })
})
