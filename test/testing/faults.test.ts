import { connect as connectTcp } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setupServer } from 'msw/node'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { isRecord } from '../../src/type-guards.js'
import type { CallOptions, CommonOptions } from '../../src/client/options.js'
import { createEmulator, type Emulator, type Fault, type FaultPlan } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { timersLeftBy } from '../support/timers.js'

const EXISTING = 'f488337c31c8e4622f1590735b134c65'
const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' } },
}
const VOICE = { ...NOISE, QueueId: 'p893bcda225bf4945a378da6662e81a89' }
/** Long enough for a request to arrive on a slow machine. */
const SHORT_TIMEOUT_MS = 150
const LONG_MS = 60_000
const THROTTLED_BY_HUAWEI =
  'The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute'

type Connection = Pick<CommonOptions, 'fetch' | 'endpoint'>

const closers: (() => unknown)[] = []
afterEach(closeAll)

/** How a client reaches the emulator. */
const ways: [way: string, connect: (emulator: Emulator) => Promise<Connection>][] = [
  ['the fetch of the emulator', ({ fetch }) => Promise.resolve({ fetch })],
  [
    'sockets',
    async (emulator) => {
      const { url, close } = await emulator.listen()
      closers.push(close)
      return { endpoint: url }
    },
  ],
  [
    'MSW',
    (emulator) => {
      const server = setupServer(...emulatorHandlers(emulator))
      server.listen({ onUnhandledRequest: 'error' })
      closers.push(() => {
        server.close()
      })
      return Promise.resolve({})
    },
  ],
]

type Row = [what: string, fault: Fault, outcome: 'a result' | object, runs: 0 | 1]

const lost = { name: 'ConnectionError', attempts: 1, mayHaveRun: true }
const late = { name: 'TimeoutError', attempts: 1, mayHaveRun: true }
const page = { name: 'UnexpectedResponseError', mayHaveRun: true }

const bothProviders: Row[] = [
  ['reset', { kind: 'reset' }, lost, 0],
  ['reset after it ran', { kind: 'reset', executes: true }, lost, 1],
  ['reset inside the answer', { kind: 'reset-inside' }, lost, 1],
  ['silence', { kind: 'silence' }, late, 0],
  ['silence after it ran', { kind: 'silence', executes: true }, late, 1],
  ['slow, beyond the timeout', { kind: 'slow', delayMs: LONG_MS }, late, 1],
  ['slow, within the timeout', { kind: 'slow', delayMs: 50 }, 'a result', 1],
  ['slow by nothing', { kind: 'slow', delayMs: 0 }, 'a result', 1],
  ['a page of a proxy', { kind: 'html' }, { ...page, status: 502, excerpt: containing('<h1>502</h1>') }, 0],
  ['a page of a proxy with 200', { kind: 'html', status: 200 }, { ...page, status: 200 }, 0],
  ['a page of a proxy after it ran', { kind: 'html', status: 504, executes: true }, { ...page, status: 504 }, 1],
]

const huaweiRows: Row[] = [
  ...bothProviders,
  [
    'a known code',
    { kind: 'error', code: 'VOD.10062' },
    apiError(400, 'VOD.10062', false, { providerMessage: 'Media asset or resource does not exist, please check.' }),
    0,
  ],
  ['a code of the gateway', { kind: 'error', code: 'APIGW.0302' }, apiError(403, 'APIGW.0302', false), 0],
  [
    'a known code with its other status',
    { kind: 'error', code: 'VOD.10062', status: 403 },
    apiError(403, 'VOD.10062', false),
    0,
  ],
  [
    'a known code with a status it is not known with',
    { kind: 'error', code: 'VOD.10062', status: 500 },
    apiError(500, 'VOD.10062', true),
    0,
  ],
  [
    'an unknown code with a status',
    { kind: 'error', code: 'VOD.99999', status: 418 },
    apiError(418, 'VOD.99999', true),
    0,
  ],
  [
    'an error with its own message',
    { kind: 'error', code: 'VOD.10061', message: 'Come back on Monday.' },
    apiError(403, 'VOD.10061', false, { providerMessage: 'Come back on Monday.' }),
    0,
  ],
  ['an error that may have run', { kind: 'error', code: 'VOD.10051' }, apiError(403, 'VOD.10051', true), 0],
  [
    'an error after it ran',
    { kind: 'error', code: 'VOD.10051', status: 500, executes: true },
    apiError(500, 'VOD.10051', true),
    1,
  ],
  [
    'throttle',
    { kind: 'throttle' },
    apiError(429, 'APIGW.0308', false, { providerMessage: THROTTLED_BY_HUAWEI, requestId: matching(/^[0-9a-f]{32}$/) }),
    0,
  ],
  [
    'throttle with its own message',
    { kind: 'throttle', message: 'limit:5,time:1 second' },
    apiError(429, 'APIGW.0308', false, { providerMessage: 'limit:5,time:1 second' }),
    0,
  ],
  ['half a document', { kind: 'truncated' }, { ...page, status: 202 }, 1],
]

const tencentRows: Row[] = [
  ...bothProviders,
  [
    'a known code',
    { kind: 'error', code: 'QueuePaused' },
    apiError(403, 'QueuePaused', false, { providerMessage: 'QueuePaused' }),
    0,
  ],
  [
    'a known code with its other status',
    { kind: 'error', code: 'InvalidContent', status: 413 },
    apiError(413, 'InvalidContent', false),
    0,
  ],
  [
    'a known code with a status it is not known with',
    { kind: 'error', code: 'InvalidContent', status: 500 },
    apiError(500, 'InvalidContent', true),
    0,
  ],
  [
    'an unknown code with a status',
    { kind: 'error', code: 'Teapot', status: 418 },
    apiError(418, 'Teapot', true, { providerMessage: 'Teapot' }),
    0,
  ],
  [
    'an error with its own message',
    { kind: 'error', code: 'QueueSaturated', message: 'Come back <on> "Monday" & later.' },
    apiError(403, 'QueueSaturated', false, { providerMessage: 'Come back <on> "Monday" & later.' }),
    0,
  ],
  [
    'an error after it ran',
    { kind: 'error', code: 'InternalError', executes: true },
    apiError(500, 'InternalError', true, { requestId: matching(/./), traceId: matching(/./) }),
    1,
  ],
  ['throttle', { kind: 'throttle' }, apiError(429, 'SlowDown', false, { providerMessage: 'SlowDown' }), 0],
  [
    'throttle with its own message',
    { kind: 'throttle', message: 'Not so fast.' },
    apiError(429, 'SlowDown', false, { providerMessage: 'Not so fast.' }),
    0,
  ],
  ['half a document', { kind: 'truncated' }, { ...page, status: 200 }, 1],
]

const providers: [provider: string, operation: string, submit: typeof submitToHuawei, rows: Row[]][] = [
  ['Huawei', 'createExtractAudioTask', submitToHuawei, huaweiRows],
  ['Tencent', 'createNoiseReductionJob', submitToTencent, tencentRows],
]

describe.each(ways)('over %s', (way, connect) => {
  describe.each(providers)('a client of %s sees', (_, operation, submit, rows) => {
    beforeAll(async () => {
      // What is slow only the first time must not count against a short timeout.
      await submit(await connect(emulatorAtNewYear()))
      await closeAll()
    })

    it.each(rows)('%s, once', async (_, fault, outcome, runs) => {
      const emulator = emulatorAtNewYear()
      const connection = await connect(emulator)
      emulator.fail({ operation, with: fault })
      if (outcome === 'a result') await submit(connection)
      else {
        const timeout = outcome === late ? { timeoutMs: SHORT_TIMEOUT_MS } : {}
        expect(await rejection(submit(connection, timeout))).toMatchObject(outcome)
      }
      // A request that nobody waits for any more may still be on its way.
      await vi.waitFor(() => {
        expect(emulator.requests).toMatchObject([{ operation, fault: fault.kind }])
      })
      expect(countRuns(emulator)).toBe(runs)
      await submit(connection)
      expect(countRuns(emulator)).toBe(runs + 1)
      expect(emulator.requests.map(({ fault }) => fault)).toEqual([fault.kind, undefined])
    })

    it.each(['7', 'Thu, 01 Jan 2026 00:00:07 GMT'])('Retry-After: %s, if the plan has it', async (retryAfter) => {
      const emulator = emulatorAtNewYear()
      const { fetch = globalThis.fetch, ...connection } = await connect(emulator)
      const headers: (string | null)[] = []
      const noting = async (request: Request): Promise<Response> => {
        const response = await fetch(request)
        headers.push(response.headers.get('retry-after'))
        return response
      }
      emulator.fail({ operation, with: { kind: 'throttle', retryAfter } })
      emulator.fail({ operation, with: { kind: 'throttle' } })
      for (let count = 0; count < 2; count++) {
        expect(await rejection(submit({ ...connection, fetch: noting }))).toMatchObject({ status: 429 })
      }
      expect(headers).toEqual([retryAfter, null])
    })

    it.each<Fault>([{ kind: 'silence' }, { kind: 'slow', delayMs: LONG_MS }])(
      'an abort at once during $kind, which leaves no timer',
      async (fault) => {
        const reason = new Error('user left')
        const controller = new AbortController()
        const emulator = createEmulator({
          now: () => NEW_YEAR,
          onRequest: () =>
            setTimeout(() => {
              controller.abort(reason)
            }, 10),
        })
        const connection = await connect(emulator)
        emulator.fail({ operation, with: fault })
        const left = await timersLeftBy(async () => {
          expect(await rejection(submit(connection, { signal: controller.signal }))).toMatchObject({
            name: 'AbortError',
            cause: reason,
            mayHaveRun: true,
          })
        })
        // MSW does not tell its handlers that a client has gone.
        if (way !== 'MSW') expect(left).toBe(0)
      },
    )
  })
})

describe('the emulator, on the wire', () => {
  it('completes a response without a fault, and ends the connection in order', async () => {
    const { url } = await listening(emulatorAtNewYear())
    const { received, end } = await overTcp(await signedRequest(url))
    expect(received).toMatch(/^HTTP\/1\.1 200 [^]*<\/Response>$/)
    expect(end).toBe('in order')
  })

  it('resets the connection, without a byte of a response', async () => {
    const emulator = emulatorAtNewYear()
    const { url } = await listening(emulator)
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset' } })
    expect(await overTcp(await signedRequest(url))).toEqual({ received: '', end: 'ECONNRESET' })
  })

  it('resets the connection after half of a response', async () => {
    const emulator = emulatorAtNewYear()
    const { url } = await listening(emulator)
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset-inside' } })
    const { received, end } = await overTcp(await signedRequest(url))
    expect(end).toBe('ECONNRESET')
    const [head = '', body = ''] = received.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 200 /)
    expect(body).toMatch(/^<Response>/)
    expect(body).toHaveLength(Math.floor(Number(/content-length: (\d+)/i.exec(head)?.[1]) / 2))
  })

  it.each<Fault>([{ kind: 'silence' }, { kind: 'slow', delayMs: LONG_MS }])(
    'a connection that waits in $kind ends when the emulator stops listening',
    async (fault) => {
      let arrived = (): void => undefined
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      const emulator = createEmulator({
        now: () => NEW_YEAR,
        onRequest: () => {
          arrived()
        },
      })
      const { url, close } = await listening(emulator)
      emulator.fail({ operation: 'createNoiseReductionJob', with: fault })
      const ended = overTcp(await signedRequest(url))
      await arrival
      await close()
      expect(await ended).toMatchObject({ received: '' })
    },
  )
})

describe('a plan', () => {
  const quick = { kind: 'error', code: 'QueuePaused' } as const
  const operation = 'createNoiseReductionJob'

  it('affects as many calls as it says', async () => {
    const emulator = emulatorAtNewYear()
    emulator.fail({ operation, times: 3, with: quick })
    expect(await outcomes(emulator, 5)).toEqual(['QueuePaused', 'QueuePaused', 'QueuePaused', 'done', 'done'])
  })

  it('affects every call until a reset if its times are infinite', async () => {
    const emulator = emulatorAtNewYear()
    emulator.fail({ operation, times: Infinity, with: quick })
    expect(new Set(await outcomes(emulator, 20))).toEqual(new Set(['QueuePaused']))
    emulator.reset()
    expect(await outcomes(emulator, 1)).toEqual(['done'])
  })

  it('affects calls after the earlier plans for the same operation', async () => {
    const emulator = emulatorAtNewYear()
    emulator.fail({ operation, times: 2, with: quick })
    emulator.fail({ operation, with: { kind: 'throttle' } })
    emulator.fail({ operation, with: { kind: 'reset' } })
    emulator.fail({ operation, with: quick })
    expect(await outcomes(emulator, 6)).toEqual([
      'QueuePaused',
      'QueuePaused',
      'SlowDown',
      'ConnectionError',
      'QueuePaused',
      'done',
    ])
  })

  it('does not affect other operations, even one that differs only by its Tag', async () => {
    const emulator = emulatorAtNewYear()
    const { fetch } = emulator
    emulator.fail({ operation: 'createVoiceSeparateJob', with: { kind: 'throttle' } })
    emulator.fail({ operation: 'unpublishAssets', with: { kind: 'throttle' } })
    await submitToTencent({ fetch })
    await submitToHuawei({ fetch })
    expect(await rejection(tencentClient({ fetch }).createVoiceSeparateJob(VOICE))).toMatchObject({ status: 429 })
    expect(await rejection(huaweiClient({ fetch }).unpublishAssets({ asset_id: [EXISTING] }))).toMatchObject({
      status: 429,
    })
    expect(emulator.requests.map(({ operation, fault }) => [operation, fault])).toEqual([
      ['createNoiseReductionJob', undefined],
      ['createExtractAudioTask', undefined],
      ['createVoiceSeparateJob', 'throttle'],
      ['unpublishAssets', 'throttle'],
    ])
    expect(emulator.assets()[1]).toMatchObject({ asset_id: EXISTING, status: 'PUBLISHED' })
  })

  it('of silence ends at an abort even after garbage collection', async () => {
    const emulator = emulatorAtNewYear()
    emulator.fail({ operation, times: 20, with: { kind: 'silence' } })
    const calls = Array.from({ length: 20 }, () => rejection(submitToTencent(emulator, { timeoutMs: 300 })))
    setFlagsFromString('--expose-gc')
    const collect: unknown = runInNewContext('gc')
    for (const ms of [50, 100, 200]) {
      await delay(ms)
      // Node gives the function no type.
      ;(collect as () => void)()
    }
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: 'TimeoutError' })
  })

  it('is recorded with its status, if it has one', async () => {
    const emulator = emulatorAtNewYear()
    const faults: Fault[] = [
      { kind: 'error', code: 'InternalError' },
      { kind: 'throttle' },
      { kind: 'reset', executes: true },
      { kind: 'silence', executes: true },
      { kind: 'html', status: 503 },
      { kind: 'truncated' },
      { kind: 'reset-inside' },
      { kind: 'slow', delayMs: 1 },
    ]
    for (const fault of faults) emulator.fail({ operation, with: fault })
    for (const _fault of faults) {
      await submitToTencent(emulator, { timeoutMs: 50 }).catch(() => undefined)
    }
    await submitToTencent(emulator)
    expect(emulator.requests.map(({ fault, status }) => [fault, status])).toEqual([
      ['error', 500],
      ['throttle', 429],
      ['reset', undefined],
      ['silence', undefined],
      ['html', 503],
      ['truncated', 200],
      ['reset-inside', 200],
      ['slow', 200],
      [undefined, 200],
    ])
  })

  it.each([
    [
      'a misspelled operation',
      { operation: 'createExtractAudioTsk', with: { kind: 'reset' } },
      'createExtractAudioTsk is not an operation; did you mean createExtractAudioTask?',
    ],
    [
      'an operation like no other',
      { operation: 'dance', with: { kind: 'reset' } },
      'dance is not an operation; known are createExtractAudioTask, ',
    ],
    ['a misspelled kind', { operation, with: { kind: 'slience' } }, 'slience is not a fault; did you mean silence?'],
    [
      'a kind like no other',
      { operation, with: { kind: 'dance' } },
      'dance is not a fault; known are error, throttle, reset, reset-inside, silence, slow, truncated, html',
    ],
    [
      'a kind that every object has',
      { operation, with: { kind: 'constructor' } },
      'constructor is not a fault; known are error, throttle',
    ],
    [
      'an unknown code without a status',
      { operation, with: { kind: 'error', code: 'Teapot' } },
      /Teapot is not a code of the spec; .*status/,
    ],
    [
      'a code of the other provider',
      { operation, with: { kind: 'error', code: 'VOD.10051' } },
      /VOD\.10051 is not a code of the spec; .*status/,
    ],
    ['no times', { operation, times: 0, with: { kind: 'reset' } }, 'times must be a whole number from 1'],
    ['fewer times than none', { operation, times: -1, with: { kind: 'reset' } }, 'times must be a whole number from 1'],
    [
      'times that are no number',
      { operation, times: NaN, with: { kind: 'reset' } },
      'times must be a whole number from 1',
    ],
    ['a negative delay', { operation, with: { kind: 'slow', delayMs: -1 } }, 'delayMs must be a number from 0'],
    ['no delay', { operation, with: { kind: 'slow' } }, 'delayMs must be a number from 0'],
  ])('with %s is rejected, and changes nothing', async (_, plan: unknown, message) => {
    const emulator = emulatorAtNewYear()
    expect(() => {
      // What a JavaScript user could write.
      emulator.fail(plan as FaultPlan)
    }).toThrow(TypeError)
    expect(() => {
      // The same.
      emulator.fail(plan as FaultPlan)
    }).toThrow(message)
    await submitToTencent(emulator)
    await submitToHuawei(emulator)
  })
})

function submitToHuawei(connection: Connection, options?: CallOptions): Promise<unknown> {
  return huaweiClient(only(connection)).createExtractAudioTask({ asset_id: EXISTING }, options)
}

function submitToTencent(connection: Connection, options?: CallOptions): Promise<unknown> {
  return tencentClient(only(connection)).createNoiseReductionJob(NOISE, options)
}

/** An emulator fits as a connection, too, but holds more than the options of a client. */
function only({ fetch, endpoint }: Connection): Connection {
  return { ...(fetch && { fetch }), ...(endpoint !== undefined && { endpoint }) }
}

function emulatorAtNewYear(): Emulator {
  return createEmulator({ now: () => NEW_YEAR })
}

/** How many operations took effect. Two assets are there from the start. */
function countRuns(emulator: Emulator): number {
  return emulator.jobs().length + emulator.assets().length - 2
}

/** What so many calls, one after the other, come to. */
async function outcomes(emulator: Emulator, calls: number): Promise<unknown[]> {
  const seen: unknown[] = []
  for (let count = 0; count < calls; count++) {
    seen.push(
      await submitToTencent(emulator).then(
        () => 'done',
        (error: unknown) => (isRecord(error) ? (error['code'] ?? error['name']) : error),
      ),
    )
  }
  return seen
}

async function listening(emulator: Emulator): ReturnType<Emulator['listen']> {
  const listening = await emulator.listen()
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= listening.close())
  closers.push(close)
  return { ...listening, close }
}

async function closeAll(): Promise<void> {
  for (const close of closers.splice(0)) await close()
}

/** A request as the client signs it for this endpoint. */
async function signedRequest(endpoint: string): Promise<Request> {
  return new Promise((resolve, reject) => {
    const fetch = (request: Request): Promise<Response> => {
      resolve(request)
      return Promise.resolve(Response.error())
    }
    rejection(submitToTencent({ endpoint, fetch })).catch(reject)
  })
}

/** Sends a request over a socket of its own. Returns what came back, and how the connection ended. */
async function overTcp(request: Request): Promise<{ received: string; end: string }> {
  const { hostname, port, host, pathname } = new URL(request.url)
  const body = await request.text()
  const headers = [
    ...request.headers,
    ['host', host],
    ['connection', 'close'],
    ['content-length', String(Buffer.byteLength(body))],
  ]
  const head = headers.map(([name, value]) => `${String(name)}: ${String(value)}\r\n`).join('')
  return new Promise((resolve) => {
    let received = ''
    let end = 'never'
    // Byte by byte, as Node takes a reset for an end in order if it comes along with data that leaves room in the buffer.
    const onread = {
      buffer: Buffer.alloc(1),
      callback: (_: number, [byte = 0]: Uint8Array) => {
        received += String.fromCharCode(byte)
        return true
      },
    }
    const socket = connectTcp({ port: Number(port), host: hostname, onread }, () => {
      socket.write(`${request.method} ${pathname} HTTP/1.1\r\n${head}\r\n${body}`)
    })
    socket
      .on('end', () => (end = 'in order'))
      .on('error', (error: NodeJS.ErrnoException) => (end = error.code ?? error.message))
      .on('close', () => {
        resolve({ received, end })
      })
  })
}

function apiError(status: number, code: string, mayHaveRun: boolean, more: object = {}): object {
  return { name: 'ApiError', status, code, mayHaveRun, attempts: 1, ...more }
}

function containing(text: string): unknown {
  return expect.stringContaining(text) as unknown
}

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern) as unknown
}
