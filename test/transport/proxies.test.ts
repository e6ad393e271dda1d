import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import tls from 'node:tls'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { describe, expect, it, vi } from 'vitest'
import { socketTransport } from '../../src/transport/socket-transport.js'
import type { Exchange } from '../../src/transport/transport.js'
import { forwardAgent, proxyServer, tunnelAgent, type ProxyServer, type TunnelStage } from '../support/proxy-server.js'
import {
  endServersAfterEach,
  faults,
  httpServer,
  pause,
  refusingServer,
  silences,
  tcpServer,
  tlsServer,
  wireRequest,
  type WireServer,
} from '../support/wire-servers.js'
import { answerOf, failureOf, soon, textOf } from './contract.js'

endServersAfterEach()

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const
type Version = (typeof VERSIONS)[number]

const ok: http.RequestListener = (_, response) => response.end('ok')
const silent: http.RequestListener = () => undefined
/** Receives the request, and closes the connection instead of responding. */
const close: http.RequestListener = ({ socket }) => {
  socket.destroy()
}

/** Long enough for a slow machine. */
const LIMIT_MS = 10_000

async function arrivalOf(requests: number, server: WireServer): Promise<void> {
  await vi.waitFor(() => {
    expect(server.requests()).toBe(requests)
  }, LIMIT_MS)
}

describe('socket transport, through a proxy', () => {
  it('sends a request for an http endpoint as a URL', async () => {
    const origin = await httpServer((request, response) =>
      response.end(`${request.headers.host ?? ''}${request.url ?? ''}`),
    )
    const proxy = await proxyServer()
    const outcome = await socketTransport(forwardAgent(proxy))(wireRequest(`${origin.url}path?a=%20b`)).outcome
    expect(textOf(outcome)).toBe(`${new URL(origin.url).host}/path?a=%20b`)
    expect([proxy.forwarded(), proxy.tunnels(), origin.requests()]).toEqual([1, 0, 1])
  })

  it.each(['http', 'https'] as const)(
    'sends a request for an http endpoint through a tunnel of an %s proxy',
    async (scheme) => {
      const origin = await httpServer(ok)
      const { certificate: ca } = await tlsServer(ok)
      const proxy = await proxyServer(undefined, scheme)
      expect(textOf(await socketTransport(tunnelAgent(proxy, { ca }))(wireRequest(origin.url)).outcome)).toBe('ok')
      expect([proxy.forwarded(), proxy.tunnels(), origin.requests()]).toEqual([0, 1, 1])
    },
  )

  it.each(['http', 'https'] as const)(
    'sends a request for an https endpoint through a tunnel of an %s proxy',
    async (scheme) => {
      const origin = await tlsServer(ok)
      const proxy = await proxyServer(undefined, scheme)
      const transport = socketTransport(tunnelAgent(proxy, { ca: origin.certificate }))
      expect(textOf(await transport(wireRequest(origin.url)).outcome)).toBe('ok')
      expect([proxy.forwarded(), proxy.tunnels(), origin.requests()]).toEqual([0, 1, 1])
    },
  )

  it('keeps a tunnel for the next request', async () => {
    const origin = await tlsServer(ok)
    const proxy = await proxyServer()
    const transport = socketTransport(tunnelAgent(proxy, { ca: origin.certificate, keepAlive: true }))
    for (let count = 0; count < 3; count += 1)
      expect(textOf(await transport(wireRequest(origin.url)).outcome)).toBe('ok')
    expect([proxy.tunnels(), origin.requests()]).toEqual([1, 3])
  })

  // The agent passes it on as if it were the server's. Nothing in it shows the difference, so the call may have run.
  it.each([407, 502, 503])('returns the response of the proxy to CONNECT: %i', async (status) => {
    const origin = await tlsServer(ok)
    const proxy = await proxyServer({
      stage: 'the request for a tunnel',
      act: (client) => client.end(`HTTP/1.1 ${String(status)} No\r\ncontent-length: 12\r\n\r\nof the proxy`),
    })
    const answer = answerOf(await socketTransport(tunnelAgent(proxy))(wireRequest(origin.url)).outcome)
    expect([answer.status, textOf(answer)]).toEqual([status, 'of the proxy'])
    expect(origin.requests()).toBe(0)
  })
})

describe('socket transport, if a proxy cannot be reached', () => {
  it.each([
    ['a tunnel', tunnelAgent],
    ['forwarding', forwardAgent],
  ])('reports the request as unsent: %s', async (_what, agentFor) => {
    const agent = agentFor(await refusingServer())
    const outcome = failureOf(await socketTransport(agent)(wireRequest('http://one.test/')).outcome)
    expect([outcome.isUnsent, outcome.failure.code ?? outcome.failure.message]).toEqual([true, 'ECONNREFUSED'])
  })

  it.each([
    ['a tunnel', tunnelAgent],
    ['forwarding', forwardAgent],
  ])('reports an untrusted certificate of the proxy: %s', async (_what, agentFor) => {
    const proxy = await proxyServer(undefined, 'https')
    const outcome = failureOf(await socketTransport(agentFor(proxy))(wireRequest('http://one.test/')).outcome)
    expect([outcome.isUnsent, outcome.failure.isPermanent]).toEqual([true, true])
    expect([proxy.forwarded(), proxy.tunnels()]).toEqual([0, 0])
  })

  it.each([
    ['a tunnel', tunnelAgent],
    ['forwarding', forwardAgent],
  ])('reports a TLS handshake with the proxy that fails or never ends: %s', async (_what, agentFor) => {
    const resetting = await tcpServer(
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      undefined,
      'https',
    )
    expect(await socketTransport(agentFor(resetting))(wireRequest('http://one.test/')).outcome).toMatchObject({
      isUnsent: true,
      failure: { code: 'ECONNRESET' },
    })
    const sockets: Socket[] = []
    const silentProxy = await tcpServer((socket) => sockets.push(socket), undefined, 'https')
    const { outcome, cancel } = socketTransport(agentFor(silentProxy))(wireRequest('http://one.test/'))
    await pause(50)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    // If the proxy closed the connection instead, the tunnel agent would throw an uncaught error.
    for (const socket of sockets) socket.resetAndDestroy()
    await pause(20)
  })
})

describe('socket transport, if the certificate of the server behind a proxy is not trusted', () => {
  it.each(VERSIONS.flatMap((version) => (['http', 'https'] as const).map((scheme) => [version, scheme] as const)))(
    'reports the request as unsent: %s, %s proxy',
    async (maxVersion, scheme) => {
      const origin = await tlsServer(ok, { maxVersion })
      const proxy = await proxyServer(undefined, scheme)
      // Only the proxy's certificate is trusted.
      const agent = new HttpsProxyAgent(proxy.url, { rejectUnauthorized: false })
      const request = wireRequest(origin.url, { body: 'x'.repeat(100_000) })
      const outcome = failureOf(await socketTransport(agent)(request).outcome)
      expect([outcome.isUnsent, outcome.failure.isPermanent]).toEqual([true, true])
      await pause(20)
      expect([proxy.tunnels(), origin.requests()]).toEqual([1, 0])
    },
  )
})

/**
 * Whether a request certainly was not sent if its tunnel ends at this event. The second bytes of the client end the
 * handshake. With TLS 1.3, the request may follow in the same flight.
 */
const TUNNEL_ENDS: readonly [stage: TunnelStage, how: 'end' | 'resetAndDestroy', Readonly<Record<Version, boolean>>][] =
  [
    ['the request for a tunnel', 'resetAndDestroy', { 'TLSv1.2': true, 'TLSv1.3': true }],
    // The error of the agent has no code, which proves nothing.
    ['the request for a tunnel', 'end', { 'TLSv1.2': false, 'TLSv1.3': false }],
    ['the response to it', 'resetAndDestroy', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the response to it', 'end', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the first bytes of the client', 'resetAndDestroy', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the first bytes of the client', 'end', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the first bytes of the origin', 'resetAndDestroy', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the first bytes of the origin', 'end', { 'TLSv1.2': true, 'TLSv1.3': true }],
    ['the second bytes of the client', 'resetAndDestroy', { 'TLSv1.2': true, 'TLSv1.3': false }],
    ['the second bytes of the client', 'end', { 'TLSv1.2': true, 'TLSv1.3': false }],
  ]

describe('socket transport, if a tunnel ends', () => {
  it.each(
    TUNNEL_ENDS.flatMap(([stage, how, isUnsent]) =>
      VERSIONS.map((version) => [stage, how, version, isUnsent[version]] as const),
    ),
  )('reports whether the request was sent: at %s, by %s, %s: %s', async (stage, how, maxVersion, isUnsent) => {
    const origin = await tlsServer(ok, { maxVersion })
    const proxy = await proxyServer({ stage, act: (client) => client[how]() })
    const agent = tunnelAgent(proxy, { ca: origin.certificate })
    expect(await socketTransport(agent)(wireRequest(origin.url)).outcome).toMatchObject({ isUnsent })
    expect([proxy.tunnels(), origin.requests()]).toEqual([1, 0])
  })

  it('reports a request for an http endpoint as uncertain as soon as the tunnel is open', async () => {
    const origin = await httpServer(ok)
    const proxy = await proxyServer({
      stage: 'the first bytes of the client',
      act: (client) => client.resetAndDestroy(),
    })
    expect(await socketTransport(tunnelAgent(proxy))(wireRequest(origin.url)).outcome).toMatchObject({
      isUnsent: false,
    })
    expect(origin.requests()).toBe(0)
  })

  it.each([true, false])(
    'reports a request that the server has received as uncertain: certificate checked %s',
    async (rejectUnauthorized) => {
      const origin = await tlsServer(() => {
        proxy.cut()
      })
      const proxy: ProxyServer = await proxyServer()
      const agent = tunnelAgent(proxy, rejectUnauthorized ? { ca: origin.certificate } : { rejectUnauthorized })
      expect(await socketTransport(agent)(wireRequest(origin.url)).outcome).toMatchObject({ isUnsent: false })
      expect(origin.requests()).toBe(1)
    },
  )

  it('reports it as uncertain inside the response', async () => {
    const origin = await tlsServer((_, response) => {
      response.writeHead(200, { 'content-length': 99 }).write('part')
      setTimeout(() => {
        proxy.cut()
      }, 30)
    })
    const proxy: ProxyServer = await proxyServer()
    const agent = tunnelAgent(proxy, { ca: origin.certificate })
    expect(await socketTransport(agent)(wireRequest(origin.url)).outcome).toMatchObject({ isUnsent: false })
    expect(origin.requests()).toBe(1)
  })

  it('reports it as uncertain if the tunnel was kept', async () => {
    let count = 0
    const origin = await tlsServer((_, response) => {
      count += 1
      if (count === 1) response.end('ok')
      else proxy.cut()
    })
    const proxy: ProxyServer = await proxyServer()
    const transport = socketTransport(tunnelAgent(proxy, { ca: origin.certificate, keepAlive: true }))
    expect(textOf(await transport(wireRequest(origin.url)).outcome)).toBe('ok')
    expect(await transport(wireRequest(origin.url)).outcome).toMatchObject({ isUnsent: false })
    expect([proxy.tunnels(), origin.requests()]).toEqual([1, 2])
  })

  it('reports a forwarded request as uncertain', async () => {
    const origin = await httpServer(close)
    const proxy = await proxyServer()
    expect(await socketTransport(forwardAgent(proxy))(wireRequest(origin.url)).outcome).toMatchObject({
      isUnsent: false,
    })
    expect([proxy.forwarded(), origin.requests()]).toEqual([1, 1])
  })

  // With TLS 1.3, the client may send before the server has checked its certificate.
  it.each([
    ['TLSv1.2', true],
    ['TLSv1.3', false],
  ] as const)(
    'reports whether the request was sent before the server rejected the client: %s',
    async (maxVersion, isUnsent) => {
      const origin = await tlsServer(ok, { maxVersion, requestCert: true, rejectUnauthorized: true })
      const agent = tunnelAgent(await proxyServer(), { ca: origin.certificate })
      expect(await socketTransport(agent)(wireRequest(origin.url)).outcome).toMatchObject({ isUnsent })
      expect(origin.requests()).toBe(0)
    },
  )
})

describe('socket transport, if a request through a tunnel is cancelled', () => {
  it.each(
    TUNNEL_ENDS.filter(([, how]) => how === 'resetAndDestroy').flatMap(([stage, , isUnsent]) =>
      VERSIONS.map((version) => [stage, version, isUnsent[version]] as const),
    ),
  )('reports whether it was sent: at %s, %s: %s', async (stage, maxVersion, isUnsent) => {
    const origin = await tlsServer(ok, { maxVersion })
    const act = vi.fn()
    const agent = tunnelAgent(await proxyServer({ stage, act }), { ca: origin.certificate })
    const { outcome, cancel } = socketTransport(agent)(wireRequest(origin.url))
    await vi.waitFor(() => {
      expect(act).toHaveBeenCalled()
    }, LIMIT_MS)
    await pause(20)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent })
    await pause(20)
    expect(origin.requests()).toBe(0)
  })

  it('sends nothing through a tunnel that opens later', async () => {
    const received: string[] = []
    const proxy = await tcpServer((socket) => {
      socket.on('data', (bytes) => received.push(bytes.toString()))
      setTimeout(() => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'), 60)
    })
    const { outcome, cancel } = socketTransport(tunnelAgent(proxy))(wireRequest('http://one.test/'))
    await pause(30)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    await pause(100)
    expect(received).toEqual([expect.stringMatching(/^CONNECT one\.test:80 /)])
  })

  it('reports it as uncertain once the handshake is over, also if the tunnel was kept', async () => {
    let count = 0
    const origin = await tlsServer((_, response) => {
      count += 1
      if (count === 2) response.end('ok')
    })
    const agent = tunnelAgent(await proxyServer(), { ca: origin.certificate, keepAlive: true })
    const transport = socketTransport(agent)
    expect(await cancelledAfter(1)).toMatchObject({ isUnsent: false })
    expect(textOf(await transport(wireRequest(origin.url)).outcome)).toBe('ok')
    expect(await cancelledAfter(3)).toMatchObject({ isUnsent: false })
    expect(origin.requests()).toBe(3)

    async function cancelledAfter(requests: number): Promise<unknown> {
      const { outcome, cancel } = transport(wireRequest(origin.url))
      await arrivalOf(requests, origin)
      cancel()
      return soon(outcome)
    }
  })
})

/** Creates a connection when the agent needs one. */
type Connect = (port: number, ca: string) => Promise<() => Duplex>

/** TLS connections that an agent may create. */
const CONNECTIONS: Readonly<Record<string, Connect>> = {
  'tls.connect over a socket': async (port, ca) => {
    const socket = await openSocket(port)
    return () => tls.connect({ socket, ca })
  },
  'tls.connect over a stream': async (port, ca) => {
    const socket = streamOver(await openSocket(port))
    return () => tls.connect({ socket, ca })
  },
  'a TLSSocket over a socket': async (port) => {
    const socket = await openSocket(port)
    return () => new tls.TLSSocket(socket)
  },
  'a TLSSocket over a socket that connects': (port) =>
    Promise.resolve(() => new tls.TLSSocket(net.connect(port, '127.0.0.1'))),
}
const OPEN_CONNECTIONS: typeof CONNECTIONS = {
  'tls.connect after its handshake': async (port, ca) => {
    const socket = tls.connect({ host: '127.0.0.1', port, ca })
    await once(socket, 'secureConnect')
    return () => socket
  },
  'a TLSSocket after its handshake': async (port) => {
    const socket = new tls.TLSSocket(await openSocket(port))
    // The first write starts the handshake.
    socket.write('')
    await once(socket, 'secure')
    return () => socket
  },
}

async function openSocket(port: number): Promise<Socket> {
  const socket = net.connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** A stream that has no property of a socket. */
function streamOver(socket: Socket): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, callback) => socket.write(chunk, callback),
    final: (callback) => socket.end(callback),
    destroy: (failure, callback) => {
      socket.destroy()
      callback(failure)
    },
  })
  socket.on('data', (bytes: Buffer) => stream.push(bytes))
  socket.on('end', () => stream.push(null))
  socket.on('error', (failure) => stream.destroy(failure))
  return stream
}

async function sendOver(
  connect: Connect,
  { url, certificate = '' }: WireServer & { readonly certificate?: string },
): Promise<Exchange> {
  const { port, protocol } = new URL(url)
  const agent = protocol === 'https:' ? new https.Agent() : new http.Agent()
  const createConnection = await connect(Number(port), certificate)
  return socketTransport(Object.assign(agent, { createConnection }))(wireRequest(url))
}

describe('socket transport, over a connection that an agent has created', () => {
  it.each(Object.entries({ ...CONNECTIONS, ...OPEN_CONNECTIONS }))(
    'reports a request that the server has received as uncertain: %s',
    async (_what, connect) => {
      const origin = await tlsServer(close)
      const { outcome } = await sendOver(connect, origin)
      expect(await outcome).toMatchObject({ isUnsent: false, failure: { code: 'ECONNRESET' } })
      expect(origin.requests()).toBe(1)
    },
  )

  it.each(Object.entries({ ...CONNECTIONS, ...OPEN_CONNECTIONS }))(
    'reports a request that is cancelled after the handshake as uncertain: %s',
    async (_what, connect) => {
      const origin = await tlsServer(silent)
      const { outcome, cancel } = await sendOver(connect, origin)
      await arrivalOf(1, origin)
      cancel()
      expect(await outcome).toMatchObject({ isUnsent: false })
    },
  )

  it.each(Object.entries(CONNECTIONS))('reports a reset within the handshake as unsent: %s', async (_what, connect) => {
    const origin = await faults['reset within the handshake']()
    const { outcome } = await sendOver(connect, origin)
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'ECONNRESET' } })
  })

  it.each(Object.entries(CONNECTIONS))(
    'reports a request that is cancelled within the handshake as unsent: %s',
    async (_what, connect) => {
      const origin = await silences['within the handshake'].start()
      const { outcome, cancel } = await sendOver(connect, origin)
      await pause(50)
      cancel()
      expect(await soon(outcome)).toMatchObject({ isUnsent: true })
    },
  )

  it.each(Object.entries(CONNECTIONS).filter(([what]) => what.startsWith('tls.connect')))(
    'reports an untrusted certificate as unsent: %s',
    async (_what, connect) => {
      const origin = await tlsServer(ok)
      const { outcome } = await sendOver(connect, { ...origin, certificate: '' })
      expect(await outcome).toMatchObject({ isUnsent: true, failure: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
      await pause(20)
      expect(origin.requests()).toBe(0)
    },
  )

  it.each([
    ['a socket', (socket: Socket) => socket],
    ['a stream', streamOver],
  ])('reports a request over %s without TLS as uncertain', async (_what, wrap) => {
    const connect: Connect = async (port) => {
      const connection = wrap(await openSocket(port))
      return () => connection
    }
    const closing = await httpServer(close)
    expect(await (await sendOver(connect, closing)).outcome).toMatchObject({ isUnsent: false })
    expect(closing.requests()).toBe(1)
    const waiting = await httpServer(silent)
    const { outcome, cancel } = await sendOver(connect, waiting)
    await arrivalOf(1, waiting)
    cancel()
    expect(await outcome).toMatchObject({ isUnsent: false })
  })
})
