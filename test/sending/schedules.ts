import { CloudMediaError } from '../../src/index.js'
import { huaweiClient, NEW_YEAR, tencentClient } from '../support/clients.js'
import { seededRandom } from '../support/random.js'
import { createVirtualTime } from '../support/virtual-time.js'

const FIRST_SEED = 20_260_101
const MAX_ATTEMPTS = 4
/** Of calls that have to wait for nobody but themselves: with the shorter one, not every wait fits. */
const TOTALS_MS = [5_000, 30_000]
/** Enough for whatever several calls at once make each other wait. */
const LONG_TOTAL_MS = 86_400_000
const CALLS_AT_ONCE = 3
const SKEW_MS = 20 * 60_000

type Provider = 'huawei' | 'tencent'

interface OperationUnderTest {
  readonly name: 'createExtractAudioTask' | 'unpublishAssets' | 'createVoiceSeparateJob' | 'createNoiseReductionJob'
  readonly provider: Provider
  readonly isIdempotent: boolean
}

const OPERATIONS: readonly OperationUnderTest[] = [
  { name: 'createExtractAudioTask', provider: 'huawei', isIdempotent: false },
  { name: 'unpublishAssets', provider: 'huawei', isIdempotent: true },
  { name: 'createVoiceSeparateJob', provider: 'tencent', isIdempotent: false },
  { name: 'createNoiseReductionJob', provider: 'tencent', isIdempotent: false },
]

/** What the server does with a request instead of a good answer. */
interface Fault {
  readonly name: string
  /** Whether the operation runs. */
  readonly executes: boolean
  /** Which calls have to get over it: none, those that may run twice, or all of them. */
  readonly isRepeatedBy: 'nobody' | 'idempotent' | 'all'
  /** How many times one call has to get over it. */
  readonly times: number
  /** The longest wait that it may lead to, for the first, second, ... attempt of a call. */
  readonly waitMs: (attempt: number) => number
  readonly answer: (provider: Provider, request: Request, id: string) => Response
}

const noWait = (): number => 0
const longestBackoff = (attempt: number): number => Math.min(20_000, 500 * 2 ** (attempt - 1))

/** Executes, and the answer does not say so. */
function ambiguous(name: string, isRepeatedBy: Fault['isRepeatedBy'], answer: Fault['answer'], executes = true): Fault {
  return { name, executes, isRepeatedBy, times: Infinity, waitMs: longestBackoff, answer }
}

/** Certainly did not execute. */
function refusal(
  name: string,
  isRepeatedBy: 'nobody' | 'all',
  answer: Fault['answer'],
  { times = Infinity, waitMs = noWait }: { readonly times?: number; readonly waitMs?: Fault['waitMs'] } = {},
): Fault {
  return { name, executes: false, isRepeatedBy, times, waitMs, answer }
}

const refusedConnection = refusal(
  'connection refused',
  'all',
  () => {
    throw fetchFailure({ code: 'ECONNREFUSED', syscall: 'connect' })
  },
  { waitMs: longestBackoff },
)
const unknownHost = refusal(
  'name not found',
  'all',
  () => {
    throw fetchFailure({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })
  },
  { waitMs: longestBackoff },
)
const throttle = refusal('throttled', 'all', (provider) => throttled(provider), { waitMs: longestBackoff })
const throttleForSeconds = refusal(
  'throttled for 2 s',
  'all',
  (provider) => throttled(provider, { 'retry-after': '2' }),
  {
    waitMs: () => 2_000,
  },
)
const clockRefusal = refusal(
  'clock refused',
  'all',
  (provider, request) => {
    const date = new Date(signingTimeOf(request) + SKEW_MS).toUTCString()
    return provider === 'huawei'
      ? errorOf(provider, 401, 'APIGW.0301', 'calc ak sk signature fail:signature expired', { date })
      : errorOf(provider, 401, 'SignatureExpired', 'expired', { date })
  },
  { times: 1 },
)
const tokenRefusal = refusal(
  'token refused',
  'all',
  (provider) =>
    provider === 'huawei'
      ? errorOf(provider, 401, 'APIGW.0307', 'token must be updated')
      : errorOf(provider, 400, 'ExpiredToken', 'token expired'),
  { times: 1 },
)
const plainRefusal = refusal('plain refusal', 'nobody', (provider) =>
  provider === 'huawei' ? errorOf(provider, 400, 'VOD.10062') : errorOf(provider, 400, 'InvalidArgument'),
)

const REFUSALS: readonly Fault[] = [
  refusedConnection,
  unknownHost,
  throttle,
  throttleForSeconds,
  clockRefusal,
  tokenRefusal,
  plainRefusal,
]

/** Each as it looks after the operation has run. Before that, it looks the same. */
const AMBIGUOUS: readonly Fault[] = [
  ambiguous('reset', 'idempotent', () => {
    throw fetchFailure({ code: 'ECONNRESET', syscall: 'read' })
  }),
  ambiguous('reset without a code', 'idempotent', () => {
    throw new TypeError('fetch failed')
  }),
  ambiguous('timeout', 'idempotent', () => {
    throw new DOMException('The operation was aborted due to timeout', 'TimeoutError')
  }),
  ambiguous('reset inside the answer', 'idempotent', () => new Response(brokenBody())),
  ambiguous('500 with a code', 'idempotent', (provider) =>
    errorOf(provider, 500, provider === 'huawei' ? 'VOD.10051' : 'InternalError'),
  ),
  ambiguous('500 without a code', 'idempotent', () => new Response(null, { status: 500 })),
  ambiguous('502 of a proxy', 'idempotent', () => page(502)),
  ambiguous('503 of a proxy', 'idempotent', () => page(503)),
  ambiguous('503 with a code', 'idempotent', (provider) =>
    errorOf(provider, 503, provider === 'huawei' ? 'APIGW.0613' : 'ServiceUnavailable'),
  ),
  ambiguous('504 of a proxy', 'idempotent', () => page(504)),
  ambiguous('200 of a proxy', 'idempotent', () => page(200)),
  ambiguous('empty 200', 'idempotent', () => new Response(null, { status: 200 })),
  ambiguous('truncated answer', 'idempotent', (provider, request, id) => {
    const { status, body } = goodAnswer(provider, request, id)
    return new Response(body.slice(0, body.length / 2), { status })
  }),
  ambiguous('unknown code', 'nobody', (provider) => errorOf(provider, 403, 'Unheard.Of')),
  ambiguous('4xx without a code', 'nobody', () => page(408)),
  ambiguous('10051 under 403', 'nobody', (provider) =>
    errorOf(provider, 403, provider === 'huawei' ? 'VOD.10051' : 'InternalError'),
  ),
  ambiguous('a redirect', 'nobody', () => new Response(null, { status: 307, headers: { location: '/elsewhere' } })),
]

const FAULTS: readonly Fault[] = [
  ...REFUSALS,
  ...AMBIGUOUS,
  ...AMBIGUOUS.map((fault) => ({ ...fault, executes: false })),
]
const REPEATABLE: readonly Fault[] = REFUSALS.filter(({ isRepeatedBy }) => isRepeatedBy === 'all')

/** One call, and the faults of its requests, one after the other. The requests after them succeed. */
interface PlannedCall {
  readonly id: string
  readonly operation: OperationUnderTest
  readonly faults: readonly Fault[]
}

/** What became of a call. */
interface Outcome {
  readonly executions: number
  readonly requests: number
  /** The id in the result, if there is one; undefined for a call that failed. */
  readonly resultId: string | undefined
  readonly error: CloudMediaError | undefined
}

/** How many calls of each kind the schedules have drawn. */
export interface Drawn {
  mustSucceed: number
  mustSucceedIdempotent: number
  concurrent: number
  ranTwice: number
  uncertain: number
}

/** A part of the schedules at a time, so that a machine with two cores has work for both. */
const CHUNK = 50

/**
 * Runs random schedules, the same ones every time. A submission runs at most once, and every call gets over what it may
 * retry.
 *
 * @param count a multiple of 50
 * @throws Error that names the seed of the first schedule in which a call breaks a rule
 */
export async function runSchedules(count: number): Promise<Drawn> {
  const { stackTraceLimit } = Error
  // Most calls fail, and a stack costs more than the failure.
  Error.stackTraceLimit = 0
  const drawn = { mustSucceed: 0, mustSucceedIdempotent: 0, concurrent: 0, ranTwice: 0, uncertain: 0 }
  for (let first = 0; first < count; first += CHUNK) {
    const seeds = Array.from({ length: CHUNK }, (_, index) => FIRST_SEED + first + index)
    await Promise.all(seeds.map((seed) => runSchedule(seed, drawn)))
  }
  Error.stackTraceLimit = stackTraceLimit
  return drawn
}

async function runSchedule(seed: number, drawn: Drawn): Promise<void> {
  const random = seededRandom(seed)
  const isConcurrent = random() < 0.1
  const calls = Array.from({ length: isConcurrent ? CALLS_AT_ONCE : 1 }, (_, index) =>
    drawCall(`c${String(seed)}-${String(index)}`, random),
  )
  const totalTimeoutMs = isConcurrent ? LONG_TOTAL_MS : pick(TOTALS_MS, random)
  const outcomes = await run(calls, totalTimeoutMs, random)
  for (const [index, call] of calls.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined) throw new Error(`seed ${String(seed)}: a call has no outcome`)
    const fits = hasToSucceed(call, totalTimeoutMs)
    const violations = violationsOf(call, outcome, fits)
    if (violations.length > 0) {
      throw new Error(`seed ${String(seed)}: ${describeCall(call, outcome)} ${violations.join(', ')}`)
    }
    count(drawn, 'mustSucceed', fits && !call.operation.isIdempotent && call.faults.length > 0)
    count(drawn, 'mustSucceedIdempotent', fits && call.operation.isIdempotent && call.faults.length > 0)
    count(drawn, 'concurrent', isConcurrent)
    count(drawn, 'ranTwice', outcome.executions > 1)
    count(drawn, 'uncertain', outcome.error?.mayHaveRun === true)
  }
}

/** What a call did against the rules. No `expect`, which would take longer than the calls. */
function violationsOf(
  { id, operation }: PlannedCall,
  { executions, requests, error, resultId }: Outcome,
  hasToSucceed: boolean,
): string[] {
  const isBroken: Readonly<Record<string, boolean>> = {
    'ran more than once': !operation.isIdempotent && executions > 1,
    'sent more than maxAttempts': requests > MAX_ATTEMPTS,
    'has a result that is not that of its last execution':
      error === undefined && (executions === 0 || resultId !== `${id}-${String(executions)}`),
    'counts its attempts wrongly': error !== undefined && error.attempts !== requests,
    'ran, and says that it did not': error?.mayHaveRun === false && executions > 0,
    'had to succeed': hasToSucceed && error !== undefined,
  }
  return Object.keys(isBroken).filter((rule) => isBroken[rule] === true)
}

/** Whether all faults of a call are such that the next attempt may and does go well, with attempts and time enough. */
function hasToSucceed({ operation, faults }: PlannedCall, totalTimeoutMs: number): boolean {
  const waits = faults.map(({ waitMs }, index) => waitMs(index + 1))
  return (
    faults.length < MAX_ATTEMPTS &&
    waits.reduce((sum, wait) => sum + wait, 0) < totalTimeoutMs &&
    faults.every(
      (fault) =>
        (fault.isRepeatedBy === 'all' || (fault.isRepeatedBy === 'idempotent' && operation.isIdempotent)) &&
        faults.filter((other) => other === fault).length <= fault.times,
    )
  )
}

function drawCall(id: string, random: () => number): PlannedCall {
  const operation = pick(OPERATIONS, random)
  // Of all faults, few rows would be such that a submit gets over each of them.
  const faults = random() < 0.5 ? FAULTS : REPEATABLE
  // Mostly short, as most kinds end a call at once, and every request takes its time.
  const length = Math.floor(random() ** 2 * (MAX_ATTEMPTS + 1))
  return { id, operation, faults: Array.from({ length }, () => pick(faults, random)) }
}

/** Makes the calls at once, through one client of each provider. */
async function run(
  calls: readonly PlannedCall[],
  totalTimeoutMs: number,
  random: () => number,
): Promise<readonly Outcome[]> {
  const time = createVirtualTime(NEW_YEAR)
  const servers = new Map(calls.map((call) => [call.id, { call, requests: 0, executions: 0 }]))

  async function fetch(request: Request): Promise<Response> {
    const [id = ''] = /c\d+-\d/.exec(await request.text()) ?? []
    const server = servers.get(id)
    if (server === undefined) throw new Error('a request of no call')
    const { provider } = server.call.operation
    const fault = server.call.faults[server.requests]
    server.requests += 1
    if (fault?.executes !== false) server.executions += 1
    const executionId = `${id}-${String(server.executions)}`
    if (fault !== undefined) return fault.answer(provider, request, executionId)
    const { status, body } = goodAnswer(provider, request, executionId)
    return new Response(body, { status })
  }

  // So far away that only a refused token is renewed.
  const expiresAt = new Date(NEW_YEAR + 365 * 86_400_000)
  let renewals = 0
  const common = { fetch, random, now: time.now, sleep: time.sleep, maxAttempts: MAX_ATTEMPTS, totalTimeoutMs }
  const clients = {
    huawei: huaweiClient({
      ...common,
      credentials: () => ({
        accessKeyId: 'AKEXAMPLE',
        secretAccessKey: 'SKEXAMPLE',
        securityToken: `STSTOKEN${String(++renewals)}`,
        expiresAt,
      }),
    }),
    tencent: tencentClient({
      ...common,
      credentials: () => ({
        secretId: 'TESTID',
        secretKey: 'TESTKEY',
        sessionToken: `STSTOKEN${String(++renewals)}`,
        expiresAt,
      }),
    }),
  }

  return Promise.all(
    calls.map(async (call) => {
      const ended = await submit(call, clients).then(
        (resultId) => ({ resultId, error: undefined }),
        (error: unknown) => {
          if (error instanceof CloudMediaError) return { resultId: undefined, error }
          throw error
        },
      )
      const { requests = 0, executions = 0 } = servers.get(call.id) ?? {}
      return { requests, executions, ...ended }
    }),
  )
}

interface Clients {
  readonly huawei: ReturnType<typeof huaweiClient>
  readonly tencent: ReturnType<typeof tencentClient>
}

/** The id that the result holds. */
async function submit({ id, operation }: PlannedCall, { huawei, tencent }: Clients): Promise<string | undefined> {
  const output = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
  const job = { Input: { Object: `${id}.mp3` }, Operation: { Output: output } }
  switch (operation.name) {
    case 'createExtractAudioTask':
      return (await huawei.createExtractAudioTask({ asset_id: id })).audio_asset_id
    case 'unpublishAssets':
      return (await huawei.unpublishAssets({ asset_id: [id] })).asset_info_array[0]?.asset_id
    case 'createVoiceSeparateJob': {
      const voiceJob = { ...job, Operation: { Output: { ...output, AuObject: 'voice.mp3' } }, QueueId: 'p1' }
      return (await tencent.createVoiceSeparateJob(voiceJob)).JobId
    }
    case 'createNoiseReductionJob':
      return (await tencent.createNoiseReductionJob(job)).JobId
  }
}

function goodAnswer(
  provider: Provider,
  { url }: Request,
  id: string,
): { readonly status: number; readonly body: string } {
  if (provider === 'tencent') {
    const body = `<Response><JobsDetail><JobId>${id}</JobId><State>Submitted</State></JobsDetail></Response>`
    return { status: 200, body }
  }
  return url.endsWith('/unpublish')
    ? { status: 200, body: JSON.stringify({ asset_info_array: [{ asset_id: id, status: 'CREATED' }] }) }
    : { status: 202, body: JSON.stringify({ asset_id: 'a1', audio_asset_id: id }) }
}

function errorOf(
  provider: Provider,
  status: number,
  code: string,
  message = 'no',
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body =
    provider === 'huawei'
      ? JSON.stringify({ error_code: code, error_msg: message })
      : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return new Response(body, { status, headers })
}

function throttled(provider: Provider, headers: Readonly<Record<string, string>> = {}): Response {
  return errorOf(provider, 429, provider === 'huawei' ? 'APIGW.0308' : 'SlowDown', 'too many requests', headers)
}

function page(status: number): Response {
  return new Response('<html><body>proxy</body></html>', { status, headers: { 'content-type': 'text/html' } })
}

function brokenBody(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => {
      controller.error(fetchFailure({ code: 'ECONNRESET', syscall: 'read' }))
    },
  })
}

/** As Node's fetch rejects. */
function fetchFailure(details: { readonly code: string; readonly syscall: string }): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(details.code), details) })
}

/** Milliseconds since 1970 that the request says it was signed at. */
function signingTimeOf({ headers }: Request): number {
  const [, seconds] = /q-sign-time=(\d+)/.exec(headers.get('authorization') ?? '') ?? []
  if (seconds !== undefined) return Number(seconds) * 1_000
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers.get('x-sdk-date') ?? '')
  const [year = 0, month = 1, day, hour, minute, second] = (date ?? []).slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function describeCall({ id, operation, faults }: PlannedCall, { requests, executions, error }: Outcome): string {
  const names = faults.map(({ name, executes }) => (executes ? `${name} (runs)` : name))
  const counts = `${String(requests)} requests, ${String(executions)} executions`
  return `${id} ${operation.name} [${names.join(', ')}] with ${counts}: ${error?.message ?? 'a result'}`
}

function count(drawn: Drawn, name: keyof Drawn, isSo: boolean): void {
  drawn[name] += Number(isSo)
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
