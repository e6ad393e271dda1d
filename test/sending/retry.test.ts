import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { operations as huaweiVod } from '../../generated/huawei-vod/operations.js'
import { operations as tencentCi } from '../../generated/tencent-ci/operations.js'
import type { CallPromise } from '../../src/client/call.js'
import type { OperationRow } from '../../src/client/operation-row.js'
import type { AttemptEvent } from '../../src/sending/attempt-event.js'
import type { CallOptions, CommonOptions } from '../../src/client/options.js'
import {
  AbortedError,
  ApiError,
  ConnectionError,
  CredentialsError,
  TimeoutError,
  UnexpectedResponseError,
  type HuaweiCredentials,
  type TencentCredentials,
} from '../../src/index.js'
import { createEmulator } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { timersLeftBy } from '../support/timers.js'
import { createVirtualTime } from '../support/virtual-time.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const UNPUBLISH = { asset_id: ['f488337c31c8e4622f1590735b134c65'] }
const OUTPUT = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
const NOISE = { Input: { Object: 'in.mp3' }, Operation: { Output: OUTPUT } }
const VOICE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { ...OUTPUT, AuObject: 'voice.mp3' } },
  QueueId: 'p1',
}
const THROTTLED_FOR_A_MINUTE =
  'The throttling threshold has been reached: policy user over ratelimit,limit:100,time:1 minute'
const MINUTE_MS = 60_000

/** What the server does with one request. */
type Step = (request: Request) => Response | Promise<Response>

interface OperationUnderTest {
  readonly operation: OperationRow
  readonly provider: 'huawei' | 'tencent'
  readonly call: (options: CommonOptions, callOptions?: CallOptions) => CallPromise<unknown>
  readonly good: Step
}

const EXTRACT_AUDIO: OperationUnderTest = {
  operation: huaweiVod.createExtractAudioTask,
  provider: 'huawei',
  call: (options, callOptions) => huaweiClient(options).createExtractAudioTask(EXTRACT, callOptions),
  good: () => Response.json({ asset_id: 'a1', audio_asset_id: 'a2' }, { status: 202 }),
}
const UNPUBLISH_ASSETS: OperationUnderTest = {
  operation: huaweiVod.unpublishAssets,
  provider: 'huawei',
  call: (options, callOptions) => huaweiClient(options).unpublishAssets(UNPUBLISH, callOptions),
  good: () => Response.json({ asset_info_array: [] }),
}
const VOICE_SEPARATE: OperationUnderTest = {
  operation: tencentCi.createVoiceSeparateJob,
  provider: 'tencent',
  call: (options, callOptions) => tencentClient(options).createVoiceSeparateJob(VOICE, callOptions),
  good: goodJob,
}
const NOISE_REDUCTION: OperationUnderTest = {
  operation: tencentCi.createNoiseReductionJob,
  provider: 'tencent',
  call: (options, callOptions) => tencentClient(options).createNoiseReductionJob(NOISE, callOptions),
  good: goodJob,
}
const OPERATIONS = [EXTRACT_AUDIO, UNPUBLISH_ASSETS, VOICE_SEPARATE, NOISE_REDUCTION]

/** Which calls send the request again, and whether the first one may have run. */
type Verdict =
  'again by all' | 'again by the idempotent, as it may have run' | 'never, as it may have run' | 'never, though not run'

type Row = [what: string, step: Step, verdict: Verdict, name: string]

const ofBothProviders: Row[] = [
  ['a refused connection', failing('ECONNREFUSED', 'connect'), 'again by all', 'ConnectionError'],
  ['a host that is not found', failing('ENOTFOUND', 'getaddrinfo'), 'again by all', 'ConnectionError'],
  ['a connect that takes too long', failing('UND_ERR_CONNECT_TIMEOUT'), 'again by all', 'ConnectionError'],
  ['a wrong certificate', failing('CERT_HAS_EXPIRED'), 'never, though not run', 'ConnectionError'],
  ['a reset', failing('ECONNRESET', 'read'), 'again by the idempotent, as it may have run', 'ConnectionError'],
  [
    'a failure without a code',
    () => Promise.reject(new TypeError('fetch failed')),
    'again by the idempotent, as it may have run',
    'ConnectionError',
  ],
  [
    'a reset inside the answer',
    () => new Response(brokenBody()),
    'again by the idempotent, as it may have run',
    'ConnectionError',
  ],
  ['200 with a page', page(200), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['200 with nothing', empty(200), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['500 with nothing', empty(500), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['502 with a page', page(502), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['503 with a page', page(503), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['504 with a page', page(504), 'again by the idempotent, as it may have run', 'UnexpectedResponseError'],
  ['301', empty(301), 'never, as it may have run', 'UnexpectedResponseError'],
  ['307', empty(307), 'never, as it may have run', 'UnexpectedResponseError'],
  ['400 with a page', page(400), 'never, as it may have run', 'UnexpectedResponseError'],
  ['408 with nothing', empty(408), 'never, as it may have run', 'UnexpectedResponseError'],
]
const ofHuawei: Row[] = [
  ...ofBothProviders,
  ['half an answer', () => new Response('{"audio_asset_id":"a'), ...broken()],
  ['a throttle', huaweiError(429, 'APIGW.0308'), 'again by all', 'ApiError'],
  ['a throttle under a strange status', huaweiError(503, 'APIGW.0308'), ...failed()],
  ['VOD.10051 under 500', huaweiError(500, 'VOD.10051'), ...failed()],
  ['VOD.10051 under 403', huaweiError(403, 'VOD.10051'), 'never, as it may have run', 'ApiError'],
  ['VOD.10052', huaweiError(403, 'VOD.10052'), 'never, as it may have run', 'ApiError'],
  ['VOD.10084', huaweiError(403, 'VOD.10084'), 'never, as it may have run', 'ApiError'],
  ['an unknown code under 403', huaweiError(403, 'VOD.99999'), 'never, as it may have run', 'ApiError'],
  ['an unknown code under 503', huaweiError(503, 'VOD.99999'), ...failed()],
  ['a refusal under 500', huaweiError(500, 'VOD.10062'), ...failed()],
  ['a refusal with 400', huaweiError(400, 'VOD.10062'), 'never, though not run', 'ApiError'],
  ['a refusal with 401', huaweiError(401, 'APIGW.0301'), 'never, though not run', 'ApiError'],
  ['a refusal with 403', huaweiError(403, 'VOD.10061'), 'never, though not run', 'ApiError'],
  ['a refusal with 404', huaweiError(404, 'APIGW.0101'), 'never, though not run', 'ApiError'],
  ['a refusal with 405', huaweiError(405, 'APIGW.0501'), 'never, though not run', 'ApiError'],
  ['a refusal with 200', huaweiError(200, 'VOD.10062'), 'never, though not run', 'ApiError'],
]
const ofTencent: Row[] = [
  ...ofBothProviders,
  ['half an answer', () => new Response('<Response><JobsDetail><JobId>j'), ...broken()],
  ['a throttle with 429', tencentError(429, 'SlowDown'), 'again by all', 'ApiError'],
  ['a throttle with 503', tencentError(503, 'SlowDown'), 'again by all', 'ApiError'],
  ['503 ServiceUnavailable', tencentError(503, 'ServiceUnavailable'), ...failed()],
  ['500 InternalError', tencentError(500, 'InternalError'), ...failed()],
  ['an unknown code under 403', tencentError(403, 'Unheard'), 'never, as it may have run', 'ApiError'],
  ['301 PermanentRedirect', tencentError(301, 'PermanentRedirect'), 'never, as it may have run', 'ApiError'],
  ['a refusal with 400', tencentError(400, 'InvalidArgument'), 'never, though not run', 'ApiError'],
  ['a refusal with 401', tencentError(401, 'InvalidAuthorization'), 'never, though not run', 'ApiError'],
  ['a refusal with 403', tencentError(403, 'QueueSaturated'), 'never, though not run', 'ApiError'],
  ['a refusal with 404', tencentError(404, 'InvalidUrl'), 'never, though not run', 'ApiError'],
  ['a refusal with 411', tencentError(411, 'MissingContentLength'), 'never, though not run', 'ApiError'],
  ['a refusal with 413', tencentError(413, 'InvalidContent'), 'never, though not run', 'ApiError'],
  ['a refusal with 501', tencentError(501, 'NotImplemented'), 'never, though not run', 'ApiError'],
  ['a refusal with 200', tencentError(200, 'InvalidArgument'), 'never, though not run', 'ApiError'],
]

describe.each(OPERATIONS.map((one) => [one.operation.name, one] as const))('%s', (_, one) => {
  const isIdempotent = one.operation.retrySafety === 'idempotent'
  const rows = one.provider === 'huawei' ? ofHuawei : ofTencent

  it.each(rows.map(([what, step, verdict, name]) => [what, verdict, step, name] as const))(
    'after %s: %s',
    async (_what, verdict, step, name) => {
      const { requests, options } = serving([step], one.good)
      const isRepeated = verdict === 'again by all' || (verdict.startsWith('again') && isIdempotent)
      const promise = one.call(options)
      if (isRepeated) {
        expect((await promise.withResponse()).attempts).toBe(2)
      } else {
        const mayHaveRun = verdict.endsWith('may have run')
        expect(await rejection(promise)).toMatchObject({ name, attempts: 1, mayHaveRun })
      }
      expect(requests).toHaveLength(isRepeated ? 2 : 1)
    },
  )

  it('retries after a timeout only if it is idempotent', async () => {
    const { requests, options } = serving([never], one.good)
    const promise = one.call(options, { timeoutMs: 20 })
    if (isIdempotent) {
      expect((await promise.withResponse()).attempts).toBe(2)
    } else {
      const error = await rejection(promise)
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toMatchObject({ attempts: 1, mayHaveRun: true, message: containing('timeoutMs (20 ms)') })
    }
    expect(requests).toHaveLength(isIdempotent ? 2 : 1)
  })

  it('does not retry after an abort', async () => {
    const controller = new AbortController()
    const reason = new Error('user left')
    const { requests, options } = serving([
      () => {
        controller.abort(reason)
        return never()
      },
    ])
    const error = await rejection(one.call(options, { signal: controller.signal }))
    expectAborted(error, reason, { attempts: 1, mayHaveRun: true })
    expect(requests).toHaveLength(1)
  })
})

describe('the delay after a throttle', () => {
  const rows: [what: string, one: OperationUnderTest, step: Step, waitMs: number][] = [
    ['is Retry-After in seconds', EXTRACT_AUDIO, huaweiError(429, 'APIGW.0308', 'no', { 'retry-after': '7' }), 7_000],
    ['is Retry-After in seconds', NOISE_REDUCTION, tencentError(429, 'SlowDown', { 'retry-after': '7' }), 7_000],
    [
      'lasts until the date in Retry-After',
      VOICE_SEPARATE,
      tencentError(503, 'SlowDown', { 'retry-after': new Date(NEW_YEAR + 9_000).toUTCString() }),
      9_000,
    ],
    ['is the window in the message', EXTRACT_AUDIO, huaweiError(429, 'APIGW.0308', THROTTLED_FOR_A_MINUTE), MINUTE_MS],
    [
      'is Retry-After rather than the window in the message',
      UNPUBLISH_ASSETS,
      huaweiError(429, 'APIGW.0308', THROTTLED_FOR_A_MINUTE, { 'retry-after': '3' }),
      3_000,
    ],
    ['is a backoff where nothing is said', NOISE_REDUCTION, tencentError(429, 'SlowDown'), 250],
    [
      'is a backoff where Retry-After cannot be read',
      EXTRACT_AUDIO,
      huaweiError(429, 'APIGW.0308', 'no', { 'retry-after': 'soon' }),
      250,
    ],
  ]
  it.each(rows)('%s', async (_, one, step, waitMs) => {
    const { requests, options, time } = serving([step], one.good)
    await one.call(options)
    expect(time.sleeps).toEqual([waitMs])
    expect(requests).toHaveLength(2)
  })
})

describe('the backoff', () => {
  it('is random, up to 500 ms, doubled with every attempt, up to 20 s', async () => {
    const parts = [0.5, 0.25, 0, 0.75, 0.999, 0.5, 0.25, 0.5]
    const random = vi.fn(() => parts[random.mock.calls.length - 1] ?? 0)
    const steps = Array<Step>(8).fill(failing('ECONNREFUSED', 'connect'))
    const { options, time } = serving(steps, EXTRACT_AUDIO.good)
    const { attempts } = await EXTRACT_AUDIO.call({ ...options, random, maxAttempts: 9 }).withResponse()
    expect(attempts).toBe(9)
    expect(time.sleeps).toEqual([250, 250, 0, 3_000, 7_992, 8_000, 5_000, 10_000])
  })
})

describe('totalTimeoutMs', () => {
  it.each([
    ['a throttle', huaweiError(429, 'APIGW.0308', THROTTLED_FOR_A_MINUTE), MINUTE_MS, ApiError, 'APIGW.0308'],
    ['a refused connection', failing('ECONNREFUSED', 'connect'), 250, ConnectionError, 'ECONNREFUSED'],
  ] as const)(
    'is not exceeded by a delay after %s: the call fails at once',
    async (_, step, totalTimeoutMs, type, message) => {
      const { requests, options, time } = serving([step], EXTRACT_AUDIO.good)
      const error = await rejection(EXTRACT_AUDIO.call({ ...options, totalTimeoutMs }))
      expect(error).toBeInstanceOf(type)
      expect(error).toMatchObject({ attempts: 1, mayHaveRun: false, message: containing(message) })
      expect(time.sleeps).toEqual([])
      expect(requests).toHaveLength(1)
    },
  )

  it('counts the time of attempts and earlier delays', async () => {
    const step = failing('ECONNREFUSED', 'connect')
    const { options, time } = serving(
      Array<Step>(9).fill(() => {
        time.advance(10_000)
        return step(new Request('http://127.0.0.1'))
      }),
    )
    const error = await rejection(EXTRACT_AUDIO.call({ ...options, totalTimeoutMs: 30_500, maxAttempts: 9 }))
    // 10,000 + 250 + 10,000 + 500 leave less than one more attempt and its wait.
    expect(error).toMatchObject({ name: 'ConnectionError', attempts: 3 })
    expect(time.sleeps).toEqual([250, 500])
  })

  it('limits an attempt if less is left than timeoutMs', async () => {
    const { options } = serving([never])
    const error = await rejection(EXTRACT_AUDIO.call({ ...options, totalTimeoutMs: 20 }))
    expect(error).toMatchObject({
      name: 'TimeoutError',
      attempts: 1,
      mayHaveRun: true,
      message: containing('totalTimeoutMs (20 ms)'),
    })
  })

  it('ends a call whose credentials function never settles', async () => {
    const { requests, options } = serving([])
    const client = huaweiClient({ ...options, totalTimeoutMs: 20, credentials: () => new Promise(() => undefined) })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ attempts: 0, mayHaveRun: false, message: containing('totalTimeoutMs (20 ms)') })
    expect(requests).toEqual([])
  })

  it('ends the calls that wait longer for their admission', async () => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const { requests, options } = serving([huaweiError(429, 'APIGW.0308')], EXTRACT_AUDIO.good, time)
    const client = huaweiClient({ ...options, random: () => 0.05, totalTimeoutMs: 50 })
    const first = rejection(client.createExtractAudioTask(EXTRACT))
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    const second = rejection(client.createExtractAudioTask(EXTRACT))
    expect(await first).toMatchObject({ name: 'TimeoutError', attempts: 1, mayHaveRun: false })
    expect(await second).toMatchObject({ name: 'TimeoutError', attempts: 0, mayHaveRun: false })
    expect(time.sleeping()).toBe(0)
    expect(requests).toHaveLength(1)
  })

  it('sends nothing once it is over', async () => {
    const { requests, options, time } = serving([], EXTRACT_AUDIO.good)
    const client = huaweiClient({
      ...options,
      credentials: () => {
        time.advance(120_000)
        return { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' }
      },
    })
    const error = await client.createExtractAudioTask(EXTRACT).then(
      () => undefined,
      (failure: unknown) => failure,
    )
    expect(requests).toEqual([])
    expect(error).toMatchObject({ name: 'TimeoutError', attempts: 0, mayHaveRun: false })
  })
})

describe('maxAttempts', () => {
  it.each([
    [1, [throttledFor(1)]],
    [1, [failing('ECONNREFUSED', 'connect')]],
    [1, [skewed(20)]],
    [1, [huaweiError(401, 'APIGW.0307')]],
    [2, [throttledFor(1), skewed(20)]],
    [3, [failing('ECONNREFUSED', 'connect'), skewed(20), huaweiError(401, 'APIGW.0307')]],
  ] as [number, Step[]][])(
    '%i limits the attempts, whatever the reason for a retry (row %#)',
    async (maxAttempts, steps) => {
      const { requests, options } = serving(steps, EXTRACT_AUDIO.good)
      const { credentials } = renewing()
      const failed = huaweiClient({ ...options, credentials, maxAttempts }).createExtractAudioTask(EXTRACT)
      expect(await rejection(failed)).toMatchObject({ attempts: maxAttempts, mayHaveRun: false })
      expect(requests).toHaveLength(maxAttempts)

      const other = serving(steps, EXTRACT_AUDIO.good)
      const client = huaweiClient({ ...other.options, credentials, maxAttempts: maxAttempts + 1 })
      expect((await client.createExtractAudioTask(EXTRACT).withResponse()).attempts).toBe(maxAttempts + 1)
    },
  )

  it('is 4 by default', async () => {
    const { requests, options } = serving(Array<Step>(9).fill(failing('ECONNREFUSED', 'connect')))
    const { maxAttempts: _, ...defaults } = options
    // Undefined takes the place of the 1 that the client of these tests has by itself.
    const settings: object = { ...defaults, maxAttempts: undefined }
    expect(await rejection(huaweiClient(settings).createExtractAudioTask(EXTRACT))).toMatchObject({ attempts: 4 })
    expect(requests).toHaveLength(4)
  })
})

describe('each attempt', () => {
  it.each([
    [EXTRACT_AUDIO, throttledFor(5), 'x-sdk-date'],
    [NOISE_REDUCTION, tencentError(429, 'SlowDown', { 'retry-after': '5' }), 'authorization'],
  ] as const)('is signed anew, with its own time (row %#)', async (one, step, dateHeader) => {
    const { requests, options } = serving([step], one.good)
    await one.call(options)
    const [first, second] = requests
    expect(first?.headers.get(dateHeader)).not.toBe(second?.headers.get(dateHeader))
    expect(first?.headers.get('authorization')).not.toBe(second?.headers.get('authorization'))
    expect(await first?.text()).toBe(await second?.text())
  })

  it('calls the credentials function', async () => {
    const { requests, options } = serving([throttledFor(5), failing('ENOTFOUND', 'getaddrinfo')], EXTRACT_AUDIO.good)
    const { credentials, asked } = renewing()
    await huaweiClient({ ...options, credentials }).createExtractAudioTask(EXTRACT)
    expect(asked()).toBe(3)
    expect(requests.map(({ headers }) => headers.get('x-auth-token'))).toEqual([
      'TOKENEXAMPLE1',
      'TOKENEXAMPLE2',
      'TOKENEXAMPLE3',
    ])
  })
})

describe('a server whose clock differs', () => {
  const emulated = (minutes: number): { emulator: ReturnType<typeof createEmulator>; options: CommonOptions } => {
    const time = createVirtualTime(NEW_YEAR)
    const emulator = createEmulator({ now: () => time.now() + minutes * MINUTE_MS })
    return { emulator, options: { ...common(time), fetch: emulator.fetch } }
  }
  const methods: [name: string, client: (options: CommonOptions) => () => CallPromise<unknown>][] = [
    ['Huawei', (options) => clientOf(huaweiClient(options))],
    [
      'Tencent',
      (options) => {
        const client = tencentClient(options)
        return () => client.createNoiseReductionJob(NOISE)
      },
    ],
  ]
  function clientOf(client: ReturnType<typeof huaweiClient>): () => CallPromise<unknown> {
    return () => client.createExtractAudioTask(EXTRACT)
  }

  describe.each(methods)('%s', (_, clientWith) => {
    it.each([-20, 20, -1_500, 1_500])('by %i minutes is accepted at the second attempt', async (minutes) => {
      const { emulator, options } = emulated(minutes)
      const { attempts } = await clientWith(options)().withResponse()
      expect(attempts).toBe(2)
      expect(emulator.requests.map(({ status }) => (status ?? 0) < 300)).toEqual([false, true])
    })

    it('is known to the next call of that client, and to no other client', async () => {
      const { options } = emulated(20)
      const submit = clientWith(options)
      await submit()
      expect((await submit().withResponse()).attempts).toBe(1)
      expect((await clientWith(options)().withResponse()).attempts).toBe(2)
    })

    it('is corrected once per call', async () => {
      let serverTime = NEW_YEAR
      const { options } = serving([])
      const emulator = createEmulator({ now: () => (serverTime += 20 * MINUTE_MS) })
      const error = await rejection(clientWith({ ...options, fetch: emulator.fetch })())
      expect(error).toMatchObject({ name: 'ApiError', attempts: 2, mayHaveRun: false })
    })
  })

  // The limit is 15 minutes less two seconds for measuring, and a Date, which is cut to the second, stands for its middle.
  it.each([
    [898, 2],
    [897, 1],
    [-899, 2],
    [-898, 1],
  ])('and rejects, with a Date %d seconds ahead, receives %i requests', async (seconds, times) => {
    const step = expiredSignature({ date: new Date(NEW_YEAR + seconds * 1000).toUTCString() })
    const { requests, options } = serving([step], EXTRACT_AUDIO.good)
    await EXTRACT_AUDIO.call(options).catch(() => undefined)
    expect(requests).toHaveLength(times)
  })

  it.each([
    ['a Date that does not explain it', skewed(0)],
    ['no Date', skewed(undefined)],
    ['a Date that cannot be read', expiredSignature({ date: 'yesterday' })],
  ])('and rejects with %s receives one request with fixed credentials', async (_, step) => {
    const { requests, options } = serving([step], EXTRACT_AUDIO.good)
    const error = await rejection(EXTRACT_AUDIO.call(options))
    expect(error).toMatchObject({ name: 'ApiError', code: 'APIGW.0301', attempts: 1, mayHaveRun: false })
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['a Date that does not explain it', skewed(0)],
    ['no Date', skewed(undefined)],
  ])('and rejects with %s receives one more request with new credentials', async (_, step) => {
    const once = serving([step], EXTRACT_AUDIO.good)
    const provider = renewing()
    const client = huaweiClient({ ...once.options, credentials: provider.credentials })
    expect((await client.createExtractAudioTask(EXTRACT).withResponse()).attempts).toBe(2)
    expect(provider.asked()).toBe(2)

    const always = serving([step, step, step], EXTRACT_AUDIO.good)
    const refused = huaweiClient({ ...always.options, credentials: provider.credentials })
    expect(await rejection(refused.createExtractAudioTask(EXTRACT))).toMatchObject({ name: 'ApiError', attempts: 2 })
    expect(always.requests).toHaveLength(2)
  })
})

describe('credentials that must be renewed', () => {
  const late = new Date(NEW_YEAR + 3_600_000)
  const rows: [
    what: string,
    step: Step,
    good: Step,
    submit: (options: CommonOptions, number: (() => number) | undefined) => CallPromise<unknown>,
  ][] = [
    [
      'a token (APIGW.0307)',
      huaweiError(401, 'APIGW.0307'),
      EXTRACT_AUDIO.good,
      (options, number) => {
        const credentials = (): HuaweiCredentials => ({ token: `TOKENEXAMPLE${String(number?.())}`, expiresAt: late })
        return huaweiClient({
          ...options,
          credentials: number ? credentials : { token: 'TOKENEXAMPLE' },
        }).createExtractAudioTask(EXTRACT)
      },
    ],
    [
      'a temporary key (ExpiredToken)',
      tencentError(400, 'ExpiredToken'),
      goodJob,
      (options, number) => {
        const key = { secretId: 'TESTID', secretKey: 'TESTKEY', expiresAt: late }
        const credentials = (): TencentCredentials => ({ ...key, sessionToken: `STSTOKEN${String(number?.())}` })
        return tencentClient({
          ...options,
          credentials: number ? credentials : { ...key, sessionToken: 'STSTOKEN' },
        }).createNoiseReductionJob(NOISE)
      },
    ],
  ]

  describe.each(rows)('%s', (_, step, good, submit) => {
    it('are replaced once if their function returns others', async () => {
      const { requests, options } = serving([step], good)
      let asked = 0
      expect((await submit(options, () => ++asked).withResponse()).attempts).toBe(2)
      expect(asked).toBe(2)
      const tokenOf = ({ headers }: Request): string | null =>
        headers.get('x-auth-token') ?? headers.get('x-ci-security-token')
      expect(requests.map(tokenOf)).toEqual([containing('1'), containing('2')])
    })

    it('cause no retry if their function returns the same', async () => {
      const { requests, options } = serving([step], good)
      const error = await rejection(submit(options, () => 1))
      expect(error).toBeInstanceOf(ApiError)
      expect(error).toMatchObject({ attempts: 1, mayHaveRun: false })
      expect(requests).toHaveLength(1)
    })

    it('cause no retry if they are fixed', async () => {
      const { requests, options } = serving([step], good)
      const error = await rejection(submit(options, undefined))
      expect(error).toBeInstanceOf(ApiError)
      expect(requests).toHaveLength(1)
    })

    it('are renewed once per call', async () => {
      const { requests, options } = serving([step, step, step], good)
      let asked = 0
      expect(await rejection(submit(options, () => ++asked))).toMatchObject({ name: 'ApiError', attempts: 2 })
      expect(requests).toHaveLength(2)
    })
  })
})

it('concurrent calls that are refused with the same token share the next one', async () => {
  const arrived: (string | null)[] = []
  const late = new Date(NEW_YEAR + 3_600_000)
  let asked = 0
  const client = huaweiClient({
    ...common(createVirtualTime(NEW_YEAR)),
    credentials: () => ({ token: `TOKENEXAMPLE${String(++asked)}`, expiresAt: late }),
    fetch: async (request) => {
      const token = request.headers.get('x-auth-token')
      arrived.push(token)
      await turns()
      return token === 'TOKENEXAMPLE1' ? huaweiError(401, 'APIGW.0307')(request) : EXTRACT_AUDIO.good(request)
    },
  })
  await Promise.all([1, 2, 3].map(() => client.createExtractAudioTask(EXTRACT)))
  expect(asked).toBe(2)
  expect(arrived).toEqual([1, 1, 1, 2, 2, 2].map((number) => `TOKENEXAMPLE${String(number)}`))
})

describe('a throttled operation', () => {
  it('admits one call after the delay, then the others in order, and other operations at once', async () => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    let answerProbe: (response: Response) => void = () => undefined
    const probe = new Promise<Response>((resolve) => {
      answerProbe = resolve
    })
    const arrived: string[] = []
    const options = { ...common(time), fetch: server }
    const client = huaweiClient({ ...options, credentials: { token: 'TOKENEXAMPLE' } })
    async function server(request: Request): Promise<Response> {
      const isExtraction = request.url.endsWith('/extract_audio')
      arrived.push(isExtraction ? await assetOf(request) : 'unpublish')
      if (!isExtraction) return UNPUBLISH_ASSETS.good(request)
      if (arrived.length === 1) return throttledFor(10)(request)
      return arrived.length === 3 ? probe : EXTRACT_AUDIO.good(request)
    }

    const first = client.createExtractAudioTask({ asset_id: 'a1' })
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    const others = ['a2', 'a3', 'a4'].map((asset_id) => client.createExtractAudioTask({ asset_id }))
    await client.unpublishAssets(UNPUBLISH)
    expect(arrived).toEqual(['a1', 'unpublish'])
    time.advance(9_999)
    await turns()
    expect(arrived).toEqual(['a1', 'unpublish'])
    time.advance(1)
    await turns()
    expect(arrived).toEqual(['a1', 'unpublish', 'a1'])
    time.advance(5_000)
    await turns()
    expect(arrived).toHaveLength(3)
    answerProbe(Response.json({ audio_asset_id: 'a9' }, { status: 202 }))
    await Promise.all([first, ...others])
    expect(arrived).toEqual(['a1', 'unpublish', 'a1', 'a2', 'a3', 'a4'])
  })

  it.each<[string, Step]>([
    ['a reset', failing('ECONNRESET', 'read')],
    ['503', page(503)],
    ['a broken success', page(202)],
  ])('admits one call after another while probes end without an answer: %s', async (_, withoutAnswer) => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const steps = [throttledFor(10), withoutAnswer, withoutAnswer]
    const arrived: string[] = []
    const client = huaweiClient({ ...common(time), fetch: server, credentials: { token: 'TOKENEXAMPLE' } })
    async function server(request: Request): Promise<Response> {
      arrived.push(await assetOf(request))
      return (steps.shift() ?? EXTRACT_AUDIO.good)(request)
    }
    const calls = [client.createExtractAudioTask({ asset_id: 'a1' })]
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    calls.push(...['a2', 'a3', 'a4', 'a5'].map((asset_id) => client.createExtractAudioTask({ asset_id })))
    const settled = Promise.allSettled(calls)

    time.advance(10_000)
    await turns()
    expect(arrived).toEqual(['a1', 'a1'])
    // Half a second is the longest delay after a first attempt, a second that after the next.
    time.advance(1_000)
    await turns()
    expect(arrived).toEqual(['a1', 'a1', 'a2'])
    time.advance(1_000)
    await turns()
    // This probe had a result, which opens the gate.
    expect(arrived).toEqual(['a1', 'a1', 'a2', 'a3', 'a4', 'a5'])
    expect((await settled).map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected'],
      ...['fulfilled', 'fulfilled', 'fulfilled'],
    ])
  })

  it('admits the calls of another client at once', async () => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const { options } = serving([throttledFor(10)], EXTRACT_AUDIO.good, time)
    const waiting = EXTRACT_AUDIO.call(options)
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    await EXTRACT_AUDIO.call(options)
    time.advance(10_000)
    await waiting
  })
})

describe('an abort', () => {
  const reason = new Error('user left')

  it('before the call sends nothing and requests no credentials', async () => {
    const { requests, options } = serving([])
    const { credentials, asked } = renewing()
    const client = huaweiClient({ ...options, credentials })
    const error = await rejection(client.createExtractAudioTask(EXTRACT, { signal: AbortSignal.abort(reason) }))
    expectAborted(error, reason, { attempts: 0, mayHaveRun: false })
    expect([requests.length, asked()]).toEqual([0, 0])
  })

  it('while the credentials function runs ends the call at once', async () => {
    const { requests, options } = serving([])
    const controller = new AbortController()
    const credentials = (): Promise<HuaweiCredentials> => {
      void Promise.resolve().then(() => {
        controller.abort(reason)
      })
      return new Promise(() => undefined)
    }
    const client = huaweiClient({ ...options, credentials })
    const error = await rejection(client.createExtractAudioTask(EXTRACT, { signal: controller.signal }))
    expectAborted(error, reason, { attempts: 0, mayHaveRun: false })
    expect(requests).toEqual([])
    expectNothingLeft(controller.signal)
  })

  it.each([
    [EXTRACT_AUDIO, failing('ECONNREFUSED', 'connect'), false],
    [UNPUBLISH_ASSETS, failing('ECONNRESET', 'read'), true],
    [EXTRACT_AUDIO, throttledFor(10), false],
  ] as const)('while the call sleeps before the next attempt ends it (row %#)', async (one, step, mayHaveRun) => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const { requests, options } = serving([step], one.good, time)
    const controller = new AbortController()
    const failed = rejection(one.call(options, { signal: controller.signal }))
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    controller.abort(reason)
    expectAborted(await failed, reason, { attempts: 1, mayHaveRun })
    expect(time.sleeping()).toBe(0)
    expectNothingLeft(controller.signal)
    time.advance(MINUTE_MS)
    await turns()
    expect(requests).toHaveLength(1)
  })

  it('before the admission of a call ends that call only', async () => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const { requests, options } = serving([throttledFor(10)], EXTRACT_AUDIO.good, time)
    const client = huaweiClient(options)
    const first = client.createExtractAudioTask(EXTRACT)
    await vi.waitFor(() => {
      expect(time.sleeping()).toBe(1)
    })
    const controller = new AbortController()
    const failed = rejection(client.createExtractAudioTask(EXTRACT, { signal: controller.signal }))
    await turns()
    controller.abort(reason)
    expectAborted(await failed, reason, { attempts: 0, mayHaveRun: false })
    expectNothingLeft(controller.signal)
    time.advance(10_000)
    await first
    expect(requests).toHaveLength(2)
  })

  // A pass is lost that was given when the abort comes before the sender has received it.
  it('at any moment of an admission never blocks other calls', async () => {
    const keptOut: number[] = []
    for (let moment = 0; moment < 10; moment++) {
      if (!(await othersPassAfterAbort(moment))) keptOut.push(moment)
    }
    expect(keptOut).toEqual([])
  })

  it('that never comes leaves no listener on the signal of a finished call', async () => {
    const { options } = serving([failing('ECONNREFUSED', 'connect'), throttledFor(1), skewed(20)], EXTRACT_AUDIO.good)
    const { signal } = new AbortController()
    const client = huaweiClient({ ...options, credentials: renewing().credentials })
    expect((await client.createExtractAudioTask(EXTRACT, { signal }).withResponse()).attempts).toBe(4)
    expectNothingLeft(signal)
  })

  it('leaves no timer behind', async () => {
    const time = createVirtualTime(NEW_YEAR, { isManual: true })
    const { options } = serving([throttledFor(10), throttledFor(10), throttledFor(10)], EXTRACT_AUDIO.good, time)
    const controller = new AbortController()
    const left = await timersLeftBy(async () => {
      const failures = [1, 2, 3].map(() => rejection(EXTRACT_AUDIO.call(options, { signal: controller.signal })))
      await turns()
      controller.abort(reason)
      await Promise.all(failures)
    })
    expect(left).toBe(0)
  })
})

describe('an error', () => {
  it('counts all attempts, and reports whether any may have run, with the first that may have as its cause', async () => {
    const { options } = serving([failing('ECONNRESET', 'read'), page(502), huaweiError(403, 'VOD.10061')])
    const error = await rejection(UNPUBLISH_ASSETS.call(options))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 403, code: 'VOD.10061', attempts: 3, mayHaveRun: true })
    const { cause } = error instanceof Error ? error : {}
    expect(cause).toBeInstanceOf(ConnectionError)
    expect(cause).toMatchObject({ attempts: 1, mayHaveRun: true, message: containing('ECONNRESET') })
  })

  it('has no cause if no earlier attempt may have run', async () => {
    const { options } = serving([failing('ECONNREFUSED', 'connect'), huaweiError(403, 'VOD.10061')])
    const error = await rejection(UNPUBLISH_ASSETS.call(options))
    expect(error).toMatchObject({ code: 'VOD.10061', attempts: 2, mayHaveRun: false })
    expect(error).not.toHaveProperty('cause')
  })

  it('of an abort keeps the reason as its cause, whatever came before', async () => {
    const controller = new AbortController()
    const { options } = serving([
      failing('ECONNRESET', 'read'),
      () => {
        controller.abort('enough')
        return never()
      },
    ])
    const error = await rejection(UNPUBLISH_ASSETS.call(options, { signal: controller.signal }))
    expectAborted(error, 'enough', { attempts: 2, mayHaveRun: true })
  })

  it('of credentials that fail between attempts counts the earlier ones', async () => {
    const { options } = serving([page(502)], UNPUBLISH_ASSETS.good)
    const error = await failingCredentials(options)
    expect(error).toBeInstanceOf(CredentialsError)
    expect(error).toMatchObject({ attempts: 1, mayHaveRun: true })
  })

  it('of credentials that fail between attempts does not say that nothing was sent', async () => {
    const { options } = serving([page(502)], UNPUBLISH_ASSETS.good)
    expect(await failingCredentials(options)).toMatchObject({
      message: expect.not.stringContaining('nothing') as unknown,
    })
  })

  const uncertain: [what: string, step: Step, type: new (...parts: never[]) => Error][] = [
    ['an answer of the provider', huaweiError(500, 'VOD.10051'), ApiError],
    ['an unexpected response', page(502), UnexpectedResponseError],
    ['a connection that failed', failing('ECONNRESET', 'read'), ConnectionError],
    ['an attempt that took too long', never, TimeoutError],
  ]
  it.each(uncertain)('of %s that may have run hints how to find out', async (_, step, type) => {
    for (const one of [EXTRACT_AUDIO, UNPUBLISH_ASSETS]) {
      const { options } = serving([step])
      const error = await rejection(one.call({ ...options, maxAttempts: 1 }, { timeoutMs: 20 }))
      expect(error).toBeInstanceOf(type)
      expect(error).toMatchObject({ mayHaveRun: true, hint: containing(one.operation.ifInDoubt) })
    }
  })

  it('of an abort that may have run hints how to find out', async () => {
    const { options } = serving([never])
    const error = await rejection(EXTRACT_AUDIO.call(options, { signal: AbortSignal.timeout(20) }))
    expect(error).toBeInstanceOf(AbortedError)
    expect(error).toMatchObject({ mayHaveRun: true, hint: containing(huaweiVod.createExtractAudioTask.ifInDoubt) })
  })

  it('of a refusal hints how to find out if an earlier attempt may have run, and only then', async () => {
    const refusal = huaweiError(403, 'VOD.10061')
    const inDoubt = serving([page(502), refusal])
    expect(await rejection(UNPUBLISH_ASSETS.call(inDoubt.options))).toMatchObject({
      hint: containing(huaweiVod.unpublishAssets.ifInDoubt),
    })
    const certain = serving([refusal])
    expect(await rejection(UNPUBLISH_ASSETS.call(certain.options))).toMatchObject({
      hint: expect.not.stringContaining(huaweiVod.unpublishAssets.ifInDoubt) as unknown,
    })
  })
})

describe('onAttempt', () => {
  it('is called after every attempt', async () => {
    const events: AttemptEvent[] = []
    const { options, time } = serving(
      [
        failing('ECONNREFUSED', 'connect'),
        (request) => {
          time.advance(40)
          return throttledFor(7)(request)
        },
        skewed(20),
        huaweiError(401, 'APIGW.0307'),
      ],
      () => Response.json({ audio_asset_id: 'a2' }, { status: 202, headers: { 'x-request-id': 'r5' } }),
    )
    const { credentials } = renewing()
    const onAttempt = (event: AttemptEvent): void => void events.push(event)
    await huaweiClient({ ...options, credentials, onAttempt, maxAttempts: 5 }).createExtractAudioTask(EXTRACT)
    const each = {
      operation: 'createExtractAudioTask',
      method: 'POST',
      url: 'https://vod.cn-north-4.myhuaweicloud.com/v1.0/0123456789abcdef0123456789abcdef/asset/extract_audio',
      requestId: undefined,
      durationMs: 0,
    }
    expect(events).toEqual([
      {
        ...each,
        attempt: 1,
        status: undefined,
        error: expect.any(ConnectionError) as unknown,
        again: { reason: 'backoff', delayMs: 250 },
      },
      {
        ...each,
        attempt: 2,
        status: 429,
        durationMs: 40,
        error: expect.any(ApiError) as unknown,
        again: { reason: 'throttled', delayMs: 7_000 },
      },
      {
        ...each,
        attempt: 3,
        status: 401,
        error: expect.any(ApiError) as unknown,
        again: { reason: 'clock', delayMs: 0 },
      },
      {
        ...each,
        attempt: 4,
        status: 401,
        error: expect.any(ApiError) as unknown,
        again: { reason: 'credentials', delayMs: 0 },
      },
      { ...each, attempt: 5, status: 202, requestId: 'r5', error: undefined, again: undefined },
    ])
  })

  it('receives the last failure, with which the call rejects', async () => {
    const onAttempt = vi.fn()
    const { options } = serving([huaweiError(400, 'VOD.10062')])
    const error = await rejection(EXTRACT_AUDIO.call({ ...options, onAttempt }))
    expect(onAttempt.mock.calls).toEqual([[expect.objectContaining({ attempt: 1, error, again: undefined })]])
  })

  it('is called after an attempt even if the credentials function then fails', async () => {
    const onAttempt = vi.fn()
    const { options } = serving([huaweiError(401, 'APIGW.0307')])
    let asked = 0
    const credentials = (): HuaweiCredentials => {
      asked += 1
      if (asked > 1) throw new Error('no more tokens')
      return { token: 'TOKENEXAMPLE' }
    }
    const client = huaweiClient({ ...options, onAttempt, credentials })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toMatchObject({ name: 'CredentialsError', attempts: 1, mayHaveRun: false })
    expect(onAttempt.mock.calls).toEqual([[expect.objectContaining({ attempt: 1, status: 401, again: undefined })]])
  })

  it('is not called if nothing was sent', async () => {
    const onAttempt = vi.fn()
    const { options } = serving([])
    await rejection(EXTRACT_AUDIO.call({ ...options, onAttempt }, { signal: AbortSignal.abort() }))
    expect(onAttempt).not.toHaveBeenCalled()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('listener')
      },
    ],
    ['rejects', () => Promise.reject(new Error('listener'))],
  ])('that %s changes nothing', async (_, listener) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    // Not vi.fn, which handles the rejections of what it wraps.
    let told = 0
    const onAttempt = (): unknown => {
      told += 1
      return listener()
    }
    const { options } = serving([throttledFor(1)], EXTRACT_AUDIO.good)
    const { attempts, data } = await EXTRACT_AUDIO.call({ ...options, onAttempt }).withResponse()
    await turns()
    process.off('unhandledRejection', unhandled)
    expect(attempts).toBe(2)
    expect(data).toMatchObject({ audio_asset_id: 'a2' })
    expect(told).toBe(2)
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('receives no value of a query', async () => {
    const onAttempt = vi.fn()
    const { options } = serving([], EXTRACT_AUDIO.good)
    await huaweiClient({ ...options, onAttempt }).raw.POST(huaweiVod.createExtractAudioTask.path, {
      params: { path: { project_id: 'p1' } },
      body: EXTRACT,
      querySerializer: () => 'key=SKEXAMPLE&flag&token=TOKENEXAMPLE=',
    })
    expect(onAttempt.mock.calls).toEqual([
      [expect.objectContaining({ url: containing('/extract_audio?key=***&flag&token=***') })],
    ])
    expect(JSON.stringify(onAttempt.mock.calls)).not.toMatch(/SKEXAMPLE|TOKENEXAMPLE/)
  })
})

it('withResponse returns the number of attempts', async () => {
  const { options } = serving([throttledFor(1), failing('ENOTFOUND', 'getaddrinfo')], EXTRACT_AUDIO.good)
  expect(await EXTRACT_AUDIO.call(options).withResponse()).toMatchObject({ attempts: 3 })
  expect(await EXTRACT_AUDIO.call(options).withResponse()).toMatchObject({ attempts: 1 })
})

/** A server that does one step for each request, then `then` for ever, and the options of a client that talks to it. */
function serving(
  steps: readonly Step[],
  then: Step = empty(418),
  time = createVirtualTime(NEW_YEAR),
): {
  requests: Request[]
  options: CommonOptions & { maxAttempts: number }
  time: ReturnType<typeof createVirtualTime>
} {
  const requests: Request[] = []
  const fetch = async (request: Request): Promise<Response> => {
    requests.push(request.clone())
    return (steps[requests.length - 1] ?? then)(request)
  }
  return { requests, time, options: { ...common(time), fetch } }
}

function common({ now, sleep }: ReturnType<typeof createVirtualTime>) {
  return { now, sleep, random: () => 0.5, maxAttempts: 4 }
}

/** A provider of tokens, each with its number. */
function renewing(): { credentials: () => HuaweiCredentials; asked: () => number } {
  let asked = 0
  return { credentials: () => ({ token: `TOKENEXAMPLE${String(++asked)}` }), asked: () => asked }
}

/** What unpublishing rejects with if the second request finds no credentials. */
function failingCredentials(options: CommonOptions): Promise<unknown> {
  let asked = 0
  const credentials = (): HuaweiCredentials => {
    asked += 1
    if (asked > 1) throw new Error('no more tokens')
    return { token: 'TOKENEXAMPLE' }
  }
  return rejection(huaweiClient({ ...options, credentials }).unpublishAssets(UNPUBLISH))
}

function goodJob(): Response {
  return new Response('<Response><JobsDetail><JobId>j1</JobId><State>Submitted</State></JobsDetail></Response>')
}

function huaweiError(status: number, code: string, message = 'no', headers: Record<string, string> = {}): Step {
  return () => Response.json({ error_code: code, error_msg: message }, { status, headers })
}

function tencentError(status: number, code: string, headers: Record<string, string> = {}): Step {
  return () => new Response(`<Error><Code>${code}</Code><Message>no</Message></Error>`, { status, headers })
}

function throttledFor(seconds: number): Step {
  return huaweiError(429, 'APIGW.0308', 'no', { 'retry-after': String(seconds) })
}

/** A refused signing time, by a server that is so many minutes ahead, or does not tell the time. */
function skewed(minutes: number | undefined): Step {
  return expiredSignature(minutes === undefined ? {} : { date: new Date(NEW_YEAR + minutes * MINUTE_MS).toUTCString() })
}

function expiredSignature(headers: Record<string, string>): Step {
  return huaweiError(401, 'APIGW.0301', 'calc ak sk signature fail:signature expired', headers)
}

function page(status: number): Step {
  return () => new Response('<html>proxy</html>', { status })
}

function empty(status: number): Step {
  return () => new Response(null, { status })
}

/** As Node's fetch rejects. */
function failing(code: string, syscall?: string): Step {
  const cause = Object.assign(new Error(code), { code, syscall })
  return () => Promise.reject(new TypeError('fetch failed', { cause }))
}

function never(): Promise<Response> {
  return new Promise(() => undefined)
}

function brokenBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => {
      controller.error(new TypeError('terminated'))
    },
  })
}

function broken(): [verdict: Verdict, name: string] {
  return ['again by the idempotent, as it may have run', 'UnexpectedResponseError']
}

function failed(): [verdict: Verdict, name: string] {
  return ['again by the idempotent, as it may have run', 'ApiError']
}

async function assetOf(request: Request): Promise<string> {
  return /"asset_id":"(\w+)"/.exec(await request.text())?.[1] ?? ''
}

/** Whether the next call is admitted after a backoff if the one before is aborted so many promises after its admission. */
async function othersPassAfterAbort(moment: number): Promise<boolean> {
  const time = createVirtualTime(NEW_YEAR, { isManual: true })
  const { options } = serving([throttledFor(10)], EXTRACT_AUDIO.good, time)
  const client = huaweiClient(options)
  const [first, second] = [new AbortController(), new AbortController()]
  const calls = [client.createExtractAudioTask(EXTRACT, { signal: first.signal })]
  await vi.waitFor(() => {
    expect(time.sleeping()).toBe(1)
  })
  calls.push(client.createExtractAudioTask(EXTRACT, { signal: second.signal }))
  const settled = Promise.allSettled(calls)
  await turns()
  time.advance(10_000)
  for (let count = 0; count < moment; count++) await Promise.resolve()
  first.abort()
  await turns()
  time.advance(1_000)
  await turns()
  second.abort()
  return (await settled)[1]?.status === 'fulfilled'
}

/** Time for whatever has nothing to wait for. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate()
}

function containing(text: string): unknown {
  return expect.stringContaining(text)
}

function expectAborted(error: unknown, cause: unknown, fields: { attempts: number; mayHaveRun: boolean }): void {
  expect(error).toBeInstanceOf(AbortedError)
  expect(error).toMatchObject({ name: 'AbortError', ...fields })
  expect(error).toHaveProperty('cause', cause)
}

function expectNothingLeft(signal: AbortSignal): void {
  expect(getEventListeners(signal, 'abort')).toEqual([])
}
