import { once } from 'node:events'
import http, { type RequestListener } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createDeliveries, type OutgoingCallback, type RecordedCallback } from '../../src/testing/deliveries.js'
import { tencentClient } from '../support/clients.js'
import { timersLeftBy } from '../support/timers.js'
import { endServersAfterEach, faults, httpServer, listening, silences } from '../support/wire-servers.js'
import { calledBack } from './called-back.js'
import { EXISTING, NOISE } from './emulated.js'

endServersAfterEach()
afterEach(() => {
  vi.useRealTimers()
})

const PARTS = {
  fetch,
  retryDelaysMs: [1, 2, 3, 4, 5, 6],
  onStart: () => undefined,
  onDone: () => undefined,
}

describe('a callback over HTTP', () => {
  it('is a POST with headers and body', async () => {
    const { url, requests } = await receiver()
    const { emulator, tencent } = calledBack({ callbacks: { fetch } })
    await tencent.createNoiseReductionJob({ ...NOISE, CallBack: `${url}ci/secret?a=b` })
    await emulator.callbacksDone()
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/ci/secret?a=b',
        contentType: 'application/xml',
        length: String(Buffer.byteLength(emulator.callbacks[0]?.body ?? '')),
        body: emulator.callbacks[0]?.body,
      },
    ])
  })

  it('follows no redirect', async () => {
    const target = await httpServer((_, response) => response.end())
    const { url } = await httpServer((_, response) => {
      response.writeHead(307, { location: target.url }).end()
    })
    expect(await sent({ url })).toMatchObject({ attempts: 1, status: 307, state: 'failed' })
    expect(target.requests()).toBe(0)
  })

  it('does not read the response to its end', async () => {
    const { url } = await httpServer((_, response) => {
      response.writeHead(200).write('endless')
    })
    expect(await sent({ url })).toMatchObject({ status: 200, state: 'delivered' })
  })
})

describe('a callback is sent again', () => {
  it.each(['job', 'mfs', 'smn'] as const)('after a status of 500 or above, up to 6 times: %s', async (kind) => {
    const { url, requests } = await httpServer(status(503))
    expect(await sent({ kind, url })).toMatchObject({ attempts: 7, status: 503, error: undefined, state: 'failed' })
    expect(requests()).toBe(7)
  })

  it.each(['job', 'mfs', 'smn'] as const)('until it is accepted: %s', async (kind) => {
    const { url, requests } = await httpServer(status(500, 503, 204, 500))
    expect(await sent({ kind, url })).toMatchObject({ attempts: 3, status: 204, state: 'delivered' })
    expect(requests()).toBe(3)
  })

  it.each(['job', 'mfs'] as const)('if there is no connection, unless it is a message of SMN: %s', async (kind) => {
    const { url } = await faults.refused()
    expect(await sent({ kind, url })).toMatchObject({
      attempts: 7,
      status: undefined,
      error: 'fetch failed: ECONNREFUSED',
      state: 'failed',
    })
    expect(await sent({ kind: 'smn', url })).toMatchObject({ attempts: 1, state: 'failed' })
  })

  it('after a response of an earlier attempt, which is not recorded any longer', async () => {
    const { url } = await httpServer((_, response) => {
      response.writeHead(503).end()
    })
    const responses = [() => fetch(url), () => fail()]
    const [record] = await all({ fetch: () => responses.shift()?.() ?? new Response() }, [outgoing()])
    expect(record).toMatchObject({ attempts: 3, status: 200, error: undefined })
  })

  it.each([200, 201, 299])('but not after %i', async (code) => {
    const { url } = await httpServer(status(code))
    expect(await sent({ url })).toMatchObject({ attempts: 1, status: code, state: 'delivered' })
  })

  it.each([302, 400, 401, 404, 408, 429, 499])('but not after %i', async (code) => {
    const { url } = await httpServer(status(code))
    expect(await sent({ url })).toMatchObject({ attempts: 1, status: code, state: 'failed' })
  })

  it('but not after an opaque response, such as that of a redirect in a browser', async () => {
    const [record] = await all({ fetch: () => Response.error() }, [outgoing()])
    expect(record).toMatchObject({ attempts: 1, status: 0, state: 'failed' })
  })

  it('after the delays of the options', async () => {
    vi.useFakeTimers()
    const times: number[] = []
    const start = Date.now()
    const receive = (): Response => {
      times.push(Date.now() - start)
      return new Response('', { status: 500 })
    }
    const done = all({ fetch: receive, retryDelaysMs: [100, 1_000] }, [outgoing()])
    await vi.runAllTimersAsync()
    expect(await done).toMatchObject([{ attempts: 3 }])
    expect(times).toEqual([0, 100, 1_100])
  })
})

describe('a receiver that does not respond within 5 seconds', () => {
  it.each(['while it connects', 'before the answer'] as const)(
    'counts as one without a response: %s',
    async (phase) => {
      const { start, isSent } = silences[phase]
      const { url, requests } = await start()
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const result = sent({ kind: 'smn', url })
      while (requests() < (isSent ? 1 : 0)) await setImmediate()
      await vi.advanceTimersByTimeAsync(5_000)
      expect(await result).toMatchObject({ attempts: 1, status: undefined, error: 'no response within 5000 ms' })
    },
  )

  it.each([
    ['smn', 1],
    ['job', 7],
  ] as const)('also counts as one if the fetch of the options ignores the signal: %s', async (kind, attempts) => {
    vi.useFakeTimers()
    let requests = 0
    const silent = (): Promise<Response> => {
      requests += 1
      return new Promise(() => undefined)
    }
    const done = all({ fetch: silent }, [outgoing({ kind })])
    await vi.advanceTimersByTimeAsync(4_999)
    expect(requests).toBe(1)
    await vi.runAllTimersAsync()
    expect(await done).toMatchObject([
      { attempts, status: undefined, error: 'no response within 5000 ms', state: 'failed' },
    ])
    expect(requests).toBe(attempts)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('has its request aborted', async () => {
    vi.useFakeTimers()
    const signals: AbortSignal[] = []
    const silent = ({ signal }: Request): Promise<Response> => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    const done = all({ fetch: silent, retryDelaysMs: [] }, [outgoing()])
    await vi.runAllTimersAsync()
    await done
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

describe('a callback that cannot be sent is recorded as failed', () => {
  it.each<[string, Partial<OutgoingCallback>, string]>([
    ['a signer that throws', { sign: () => fail() }, 'of the test'],
    ['a signer that rejects', { sign: () => Promise.reject(new Error('of the test')) }, 'of the test'],
    [
      'a header that HTTP forbids',
      { sign: () => ({ headers: { 'x-topic': 'a\nb' }, body: '' }) },
      'invalid header value',
    ],
  ])('for %s', async (_, parts, error) => {
    const [record] = await all({ retryDelaysMs: [] }, [outgoing(parts)])
    expect(record).toMatchObject({
      state: 'failed',
      status: undefined,
      error: expect.stringContaining(error) as unknown,
    })
  })

  it.each([
    ['throws', () => fail()],
    ['rejects', () => Promise.reject(new Error('of the test'))],
  ])('if the fetch of the options %s', async (_, broken) => {
    const [record] = await all({ fetch: broken, retryDelaysMs: [] }, [outgoing()])
    expect(record).toMatchObject({ attempts: 1, state: 'failed', error: 'of the test' })
  })

  it('if its text cannot be XML', async () => {
    const { emulator, tencent } = calledBack()
    const { JobId } = await tencent.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1/' })
    emulator.settle(JobId, { State: 'Failed', Message: '\0' })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([{ state: 'failed', attempts: 0 }])
  })
})

describe('many callbacks', () => {
  it('share 50 connections', async () => {
    let open = 0
    let most = 0
    const receive = async (): Promise<Response> => {
      open += 1
      most = Math.max(most, open)
      await new Promise((resolve) => setTimeout(resolve, 1))
      open -= 1
      return new Response('', { status: Math.random() < 0.2 ? 500 : 200 })
    }
    const records = await all(
      { fetch: receive },
      Array.from({ length: 1_000 }, () => outgoing()),
    )
    expect(records).toHaveLength(1_000)
    expect(records.filter(({ state }) => state === 'pending')).toEqual([])
    expect(most).toBe(50)
  })
})

describe('deliveries that are closed', () => {
  it('send nothing that waited for its turn', async () => {
    let requests = 0
    const silent = (): Promise<Response> => {
      requests += 1
      return new Promise(() => undefined)
    }
    const deliveries = createDeliveries({ ...PARTS, fetch: silent })
    for (let count = 0; count < 60; count++) deliveries.send(outgoing())
    await setImmediate()
    expect(requests).toBe(50)
    deliveries.close()
    await deliveries.done()
    expect(requests).toBe(50)
  })

  it('send nothing that is signed or comes afterward', async () => {
    const started: RecordedCallback[] = []
    const onStart = (callback: RecordedCallback): unknown => started.push(callback)
    const deliveries = createDeliveries({ ...PARTS, fetch: fail, onStart })
    deliveries.send(outgoing({ sign: () => setImmediate({ headers: {}, body: '' }) }))
    deliveries.close()
    deliveries.send(outgoing())
    await deliveries.done()
    expect(started).toMatchObject([{ attempts: 0, state: 'failed', error: 'the emulator was reset' }])
  })
})

it('a callback that is delivered leaves no timers', async () => {
  vi.useFakeTimers()
  await all({ fetch: () => new Response() }, [outgoing()])
  expect(vi.getTimerCount()).toBe(0)
})

describe('timers of callbacks', () => {
  it('do not keep the process alive', async () => {
    const left = await timersLeftBy(async () => {
      const { url } = await faults.refused()
      const { emulator, tencent, huawei } = calledBack({
        jobDurationMs: 60_000,
        huawei: { events: { url } },
        callbacks: { fetch, retryDelaysMs: [60_000] },
      })
      const { JobId } = await tencent.createNoiseReductionJob({ ...NOISE, CallBack: url })
      await tencent.createNoiseReductionJob({ ...NOISE, CallBack: url })
      await huawei.createExtractAudioTask({ asset_id: EXISTING })
      emulator.settle(JobId, { State: 'Success' })
      await vi.waitFor(() => {
        expect(emulator.callbacks).toMatchObject([{ attempts: 1, error: expect.anything() as unknown }])
      })
    })
    expect(left).toBe(0)
  })

  it('but a wait for them does', async () => {
    const { emulator, tencent, responses } = calledBack()
    let respond: (response: Response) => void = () => undefined
    responses.push(new Promise((resolve) => (respond = resolve)))
    await tencent.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1/' })
    const timers = vi.spyOn(globalThis, 'setInterval')
    const done = emulator.callbacksDone()
    const [timer] = timers.mock.results.map(({ value }) => value as NodeJS.Timeout)
    expect(timer?.hasRef()).toBe(true)
    respond(new Response())
    await done
    expect(timer).toMatchObject({ _destroyed: true })
    timers.mockRestore()
  })

  it('send the callback without any request', async () => {
    const { emulator } = calledBack({ now: Date.now, jobDurationMs: 50 })
    const tencent = tencentClient({ fetch: emulator.fetch, now: Date.now })
    await tencent.createNoiseReductionJob({ ...NOISE, CallBack: 'http://127.0.0.1/' })
    await vi.waitFor(() => {
      expect(emulator.callbacks).toMatchObject([{ state: 'delivered' }])
    })
  })
})

/** A callback to send. */
function outgoing(parts: Partial<OutgoingCallback> = {}): OutgoingCallback {
  const sign = (): { headers: Record<string, string>; body: string } => ({ headers: {}, body: 'callback' })
  return { kind: 'job', id: 'j1', url: 'http://127.0.0.1/', sign, ...parts }
}

/** Sends callbacks, and returns what became of them. */
async function all(
  parts: Partial<Parameters<typeof createDeliveries>[0]>,
  callbacks: readonly OutgoingCallback[],
): Promise<RecordedCallback[]> {
  const done: RecordedCallback[] = []
  const deliveries = createDeliveries({ ...PARTS, onDone: (callback) => done.push(callback), ...parts })
  for (const callback of callbacks) deliveries.send(callback)
  await deliveries.done()
  return done
}

/** Sends one callback over HTTP, and returns what became of it. */
async function sent(parts: Partial<OutgoingCallback>): Promise<RecordedCallback | undefined> {
  const [record] = await all({}, [outgoing(parts)])
  return record
}

/** Responds with one status after the other, and again with the last. */
function status(...codes: number[]): RequestListener {
  return (_, response) => {
    response.writeHead((codes.length > 1 ? codes.shift() : codes[0]) ?? 200).end()
  }
}

function fail(): never {
  throw new Error('of the test')
}

/** A server that keeps what it gets. */
async function receiver() {
  const requests: unknown[] = []
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    void once(request, 'end').then(() => {
      const body = Buffer.concat(chunks).toString()
      requests.push({ method, path, contentType: headers['content-type'], length: headers['content-length'], body })
      response.end()
    })
  })
  return { url: `http://${await listening(server)}/`, requests }
}
