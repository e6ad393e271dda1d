import { Agent, createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AbortedError, ConnectionError, TimeoutError, UnexpectedResponseError } from '../../src/index.js'
import { isRecord } from '../../src/type-guards.js'
import { createEmulator } from '../../src/testing/index.js'
import { NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { timersLeftBy } from '../support/timers.js'

// Real sockets: a mocked fetch cannot fail the way they do.
const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const REQUEST = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  return `http://127.0.0.1:${String(portOf(server))}`
}

function portOf(server: Pick<Server, 'address'>): number {
  const address: unknown = server.address()
  return isRecord(address) ? Number(address['port']) : Number.NaN
}

function submit(endpoint: string, options: { signal?: AbortSignal; timeoutMs?: number } = {}): Promise<unknown> {
  return rejection(tencentClient({ endpoint }).createNoiseReductionJob(REQUEST, options))
}

describe('a call', () => {
  it('did not run if the connection is refused', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${String(portOf(closed))}`
    await new Promise((resolve) => closed.close(resolve))
    const error = await submit(endpoint)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      attempts: 1,
      mayHaveRun: false,
      message: expect.stringContaining('ECONNREFUSED') as unknown,
    })
  })

  it('may have run if the connection is reset before the response', async () => {
    const server = createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    const error = await submit(`http://127.0.0.1:${String(portOf(server))}`)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ attempts: 1, mayHaveRun: true })
  })

  it('may have run if the connection ends inside the response', async () => {
    const error = await submit(
      await serve((_, response) => {
        response.writeHead(200, { 'content-length': '500' }).write('<Response>')
        setTimeout(() => response.destroy(), 10)
      }),
    )
    expect(error).toMatchObject({ name: 'ConnectionError', mayHaveRun: true })
  })
})

describe('the timeout', () => {
  it('ends the call, before or inside the response', async () => {
    const silent = await serve(() => undefined)
    const error = await submit(silent, { timeoutMs: 300 })
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({
      attempts: 1,
      mayHaveRun: true,
      message: expect.stringContaining('300 ms') as unknown,
    })
    const dripping = await serve((_, response) => response.writeHead(200).write('<Resp'))
    expect(await submit(dripping, { timeoutMs: 300 })).toBeInstanceOf(TimeoutError)
  })
})

describe('a finished call', () => {
  it('leaves no timer behind', async () => {
    const endpoint = await serve((_, response) => response.writeHead(500).end())
    const left = await timersLeftBy(() => submit(endpoint))
    expect(left).toBe(0)
  })
})

describe('the signal of the caller', () => {
  it('sends nothing if it is aborted already', async () => {
    const reason = new Error('user left')
    const error = await submit('http://127.0.0.1:9', { signal: AbortSignal.abort(reason) })
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ name: 'AbortError', cause: reason, attempts: 0, mayHaveRun: false })
  })

  it('reports that the job may have run if it is aborted after sending', async () => {
    const controller = new AbortController()
    const reason = new Error('user left')
    const endpoint = await serve(() => {
      controller.abort(reason)
    })
    const error = await submit(endpoint, { signal: controller.signal })
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ cause: reason, attempts: 1, mayHaveRun: true })
  })
})

describe('a response', () => {
  it('is not read past the limit', async () => {
    let written = 0
    const endpoint = await serve((_, response) => {
      const chunk = 'x'.repeat(64 * 1024)
      const more = (): void => {
        if (response.destroyed || written > 64 * 1024 * 1024) return
        written += chunk.length
        response.write(chunk, more)
      }
      more()
    })
    const error = await submit(endpoint)
    expect(error).toBeInstanceOf(UnexpectedResponseError)
    expect(error).toMatchObject({
      mayHaveRun: true,
      message: expect.stringContaining('longer than 1048576') as unknown,
    })
    expect(written).toBeLessThan(32 * 1024 * 1024)
  })

  it('is rejected if it is not UTF-8', async () => {
    const endpoint = await serve((_, response) => response.end(Buffer.from([0x3c, 0xff, 0xfe])))
    expect(await submit(endpoint)).toMatchObject({
      name: 'UnexpectedResponseError',
      message: expect.stringContaining('UTF-8') as unknown,
    })
  })

  it('is not followed if it is a redirect', async () => {
    let requests = 0
    const endpoint = await serve((_, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await submit(endpoint)).toMatchObject({ name: 'UnexpectedResponseError', status: 307, mayHaveRun: true })
    expect(requests).toBe(1)
  })

  it('rejects once if only withResponse waits for it', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const endpoint = await serve((_, response) => response.writeHead(500).end())
    await rejection(tencentClient({ endpoint }).createNoiseReductionJob(REQUEST).withResponse())
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

it.each([
  ['an agent of the user', { agent: new Agent({ keepAlive: false }) }, 'close'],
  ['none', {}, 'keep-alive'],
])('with %s, a request has this Connection header: %s', async (_, options, connection) => {
  const emulator = createEmulator({ now: () => NEW_YEAR })
  const { url: endpoint, close } = await emulator.listen()
  await tencentClient({ ...options, endpoint }).createNoiseReductionJob(REQUEST)
  await close()
  expect(emulator.requests.map(({ headers }) => headers['connection'])).toEqual([connection])
})
