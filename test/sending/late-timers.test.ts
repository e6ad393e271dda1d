import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { TimeoutError } from '../../src/index.js'
import { huaweiClient, rejection } from '../support/clients.js'
import { endLater, endServersAfterEach, httpServer, pause, tcpServer, tlsServer } from '../support/wire-servers.js'

endServersAfterEach()

const TIMEOUT_MS = 40
const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }

/** As if the process was stopped: timers become due, but other events are handled first. */
function stop(): void {
  const end = performance.now() + 2 * TIMEOUT_MS
  while (performance.now() < end);
}

function connectThenStop(options: object): net.Socket {
  return net.connect(options as net.NetConnectOpts).prependOnceListener('connect', stop)
}

function handshakeThenStop(options: object): net.Socket {
  const socket = tls.connect({ ...options, rejectUnauthorized: false })
  return socket.prependOnceListener('secureConnect', stop)
}

describe('a process that is stopped beyond the timeout does not send', () => {
  it.each([
    {
      when: 'while it connects',
      serve: () => tcpServer(() => undefined),
      agent: new http.Agent(),
      connect: connectThenStop,
    },
    {
      when: 'in the TLS handshake',
      serve: () => tlsServer(() => undefined),
      agent: new https.Agent(),
      connect: handshakeThenStop,
    },
  ])('$when', async ({ serve, agent, connect }) => {
    const server = await serve()
    endLater(() => {
      agent.destroy()
    })
    agent.createConnection = connect
    const client = huaweiClient({ endpoint: server.url, agent, timeoutMs: TIMEOUT_MS })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ mayHaveRun: false, attempts: 1 })
    await pause(50)
    expect(server.requests()).toBe(0)
  })

  it('before it takes a kept connection', async () => {
    const server = await httpServer((_request, response) => {
      response
        .writeHead(202, { 'content-type': 'application/json' })
        .end(JSON.stringify({ asset_id: 'a1', audio_asset_id: 'a2' }))
    })
    const agent = new http.Agent({ keepAlive: true })
    endLater(() => {
      agent.destroy()
    })
    agent.reuseSocket = stop
    const client = huaweiClient({ endpoint: server.url, agent })
    await client.createExtractAudioTask(EXTRACT)
    const error = await rejection(client.createExtractAudioTask(EXTRACT, { timeoutMs: TIMEOUT_MS }))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ mayHaveRun: false, attempts: 1 })
    await pause(50)
    expect(server.requests()).toBe(1)
  })
})

describe('a response that has arrived when the process resumes', () => {
  it.each([
    ['counts', {}],
    ['counts with fetch', { fetch: (request: Request) => globalThis.fetch(request) }],
  ])('%s, although its time is over', async (_, options) => {
    let onAnswered = (): void => undefined
    const server = await httpServer((_request, response) => {
      response
        .writeHead(202, { 'content-type': 'application/json' })
        .end(JSON.stringify({ asset_id: 'a1', audio_asset_id: 'a2' }), () => {
          onAnswered()
        })
    })
    const client = huaweiClient({ endpoint: server.url, ...options })
    // The first fetch of a process takes long.
    await client.createExtractAudioTask(EXTRACT)
    onAnswered = stop
    const second = client.createExtractAudioTask(EXTRACT, { timeoutMs: TIMEOUT_MS })
    await expect(second).resolves.toMatchObject({ audio_asset_id: 'a2' })
  })
})
