import { setImmediate, setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import { CloudMediaError } from '../../src/index.js'
import { waitAtMost, type Waited } from '../../src/sending/deadline.js'
import { huaweiClient, NEW_YEAR, tencentClient } from '../support/clients.js'
import { faultServer, type FaultServer } from '../support/fault-servers.js'
import { seededRandom } from '../support/random.js'
import { createVirtualTime } from '../support/virtual-time.js'
import { drawByFetch, drawOverSocket, NO_CONNECTION } from './ledger-endings.js'
import { Draw, drawContent, type Content } from './ledger-grammar.js'

const FIRST_SEED = 20_260_101
const CALLS_PER_BATCH = 20
/** Enough to have work while some calls wait for a timeout. */
const BATCHES_AT_ONCE = 8
const MAX_ATTEMPTS = 4
const TOTALS_MS = [1_000, 120_000, 864_000_000]
const SHORT_TIMEOUT_MS = 10
const LONG_TIMEOUT_MS = 60_000
const HANGING_MS = 10_000
const LATE_MS = 100
const SHOWN_CALLS = 3
const SECRETS = ['harbour/walnut+lantern', 'cobbler/hazelnut+windmill']
const OPERATIONS = [
  'createExtractAudioTask',
  'unpublishAssets',
  'createVoiceSeparateJob',
  'createNoiseReductionJob',
] as const

type Transport = 'sockets' | 'fetch'

/** A call, and what the provider has recorded of it. */
interface Entry {
  readonly seed: number
  readonly id: string
  readonly operation: (typeof OPERATIONS)[number]
  readonly transport: Transport
  readonly isImpatient: boolean
  readonly random: () => number
  readonly startTurn: number
  /** Counts from the start; undefined for a call that nobody aborts. */
  readonly abortTurn: number | undefined
  readonly secrets: Set<string>
  readonly responses: string[]
  executions: number
  outcome: { readonly attempts: number; readonly error?: unknown } | undefined
}

/** What the calls of a run had in common. */
export interface LedgerRun {
  /** How many times each name of the grammar was drawn, and each kind of outcome seen. */
  readonly counts: ReadonlyMap<string, number>
  /** Each broken promise with its number of calls and the shortest of them. */
  readonly violations: readonly string[]
}

interface Ledger {
  readonly entries: Map<string, Entry>
  readonly counts: Map<string, number>
  readonly server: FaultServer
}

/** The seed of the only batch to run, as a failure names it. */
export const REPLAYED = process.env['LEDGER_SEED']

/** Makes so many batches of 20 calls, the same ones every time, or the replayed one. */
export async function runLedger(batches: number): Promise<LedgerRun> {
  const { stackTraceLimit } = Error
  // Most calls fail, and a stack costs more than the failure.
  Error.stackTraceLimit = 0
  const server = await faultServer(({ socket, request }) => {
    const { content, send } = respond(ledger, request, drawOverSocket)
    send(socket, content)
    // The client waits for another response, or for another protocol.
    if (content.status < 200) socket.end()
  })
  const ledger: Ledger = { entries: new Map(), counts: new Map(), server }
  const seeds =
    REPLAYED === undefined ? Array.from({ length: batches }, (_, index) => FIRST_SEED + index) : [Number(REPLAYED)]
  const work = async (): Promise<void> => {
    for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
      const { ended } = await runBatch(ledger, seed)
      // The others would hang, too.
      if (ended !== 'done') seeds.length = 0
    }
  }
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work))
  // A request may arrive after its call.
  await setTimeout(LATE_MS)
  await server.close()
  Error.stackTraceLimit = stackTraceLimit
  const entries = [...ledger.entries.values()]
  for (const outcome of entries.flatMap(outcomesOf)) count(ledger.counts, outcome)
  return { counts: ledger.counts, violations: describeViolations(entries) }
}

function runBatch(ledger: Ledger, seed: number): Promise<Waited<unknown>> {
  const random = seededRandom(seed)
  const transport = random() < 0.3 ? 'sockets' : 'fetch'
  const calls = Array.from({ length: CALLS_PER_BATCH }, (_, index) => drawEntry(seed, index, transport, random))
  for (const call of calls) ledger.entries.set(call.id, call)
  const clients = clientsFor(ledger, transport, random)
  return waitAtMost(HANGING_MS, undefined, Promise.all(calls.map((call) => perform(call, clients))))
}

function drawEntry(seed: number, index: number, transport: Transport, random: () => number): Entry {
  return {
    seed,
    id: `c${String(seed)}-${String(index)}`,
    operation: pick(OPERATIONS, random),
    transport,
    isImpatient: random() < 0.1,
    random: seededRandom(seed * CALLS_PER_BATCH + index),
    startTurn: Math.floor(random() * 60),
    abortTurn: random() < 0.2 ? Math.floor(random() ** 2 * 30) : undefined,
    secrets: new Set(SECRETS),
    responses: [],
    executions: 0,
    outcome: undefined,
  }
}

/** The provider: draws a response, and runs the operation or not, unless the response is a refusal. */
function respond<Ending>(
  { entries, counts }: Ledger,
  { body, headers }: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  drawEnding: (draw: Draw, isImpatient: boolean) => Ending,
): { readonly content: Content; readonly send: Ending } {
  const entry = entries.get(/c\d+-\d+/.exec(body)?.[0] ?? '')
  if (entry === undefined) throw new Error('a request of no call')
  const { id, operation, isImpatient, random, secrets } = entry
  const own = secretsIn(headers)
  for (const secret of own) secrets.add(secret)
  const draw = new Draw(random, (name) => {
    count(counts, name)
  })
  const isJson = operation === 'createExtractAudioTask' || operation === 'unpublishAssets'
  const question = { format: isJson ? 'json' : 'xml', isSubmit: operation !== 'unpublishAssets', id } as const
  const content = drawContent({ ...question, secret: draw.item(own) }, draw)
  const shown = draw.names.length
  const send = drawEnding(draw, isImpatient)
  const ending = draw.names.slice(shown).map((name) => `, ${name}`)
  const neverRan = (content.isRefusal && !draw.isDoubtful) || draw.names.includes(NO_CONNECTION)
  const runs = !neverRan && random() < 0.6
  entry.executions += Number(runs)
  entry.responses.push(`(${content.description}${ending.join('')}${runs ? ', ran' : ''})`)
  return { content, send }
}

/** The signature and the tokens of a request. */
function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  const [, signature] = /signature=([0-9a-f]+)/i.exec(headers['authorization'] ?? '') ?? []
  const tokens = ['x-auth-token', 'x-security-token', 'x-ci-security-token'].map((name) => headers[name])
  return [signature, ...tokens].filter((secret) => secret !== undefined)
}

interface Clients {
  readonly huawei: ReturnType<typeof huaweiClient>
  readonly tencent: ReturnType<typeof tencentClient>
}

function clientsFor(ledger: Ledger, transport: Transport, random: () => number): Clients {
  const { now, sleep } = createVirtualTime(NEW_YEAR)
  const onAttempt = (): never => {
    throw new Error('of a listener')
  }
  const totalTimeoutMs = pick(TOTALS_MS, random)
  const common = {
    now,
    sleep,
    random,
    onAttempt,
    totalTimeoutMs,
    maxAttempts: MAX_ATTEMPTS,
    timeoutMs: LONG_TIMEOUT_MS,
  }
  const fetch = async (request: Request): Promise<Response> => {
    const seen = { body: await request.text(), headers: Object.fromEntries(request.headers) }
    const { content, send } = respond(ledger, seen, drawByFetch)
    return send(content, request.signal)
  }
  const options = transport === 'fetch' ? { ...common, fetch } : { ...common, endpoint: ledger.server.url }
  const [secretAccessKey = '', secretKey = ''] = SECRETS
  const isToken = random() < 0.3
  return {
    huawei: huaweiClient({
      ...options,
      credentials: credentialsFrom(random, (token) =>
        isToken ? { token } : { accessKeyId: 'AKEXAMPLE', secretAccessKey, securityToken: token },
      ),
    }),
    tencent: tencentClient({
      ...options,
      credentials: credentialsFrom(random, (sessionToken) => ({ secretId: 'TESTID', secretKey, sessionToken })),
    }),
  }
}

/** Fixed credentials, or a function that returns new ones, the same ones, or none. */
function credentialsFrom<Credentials extends object>(
  random: () => number,
  create: (token: string) => Credentials,
): Credentials | (() => Credentials) {
  const kind = pick(['fixed', 'new', 'kept', 'same', 'failing'], random)
  let renewals = 0
  if (kind === 'fixed') return create('orchard/pebble+0')
  return () => {
    if (kind === 'failing' && random() < 0.3) throw new Error('of a credentials function')
    if (kind !== 'same') renewals += 1
    const expiresAt = kind === 'kept' ? { expiresAt: new Date(NEW_YEAR + 2e12) } : {}
    return { ...create(`orchard/pebble+${String(renewals)}`), ...expiresAt }
  }
}

async function perform(entry: Entry, clients: Clients): Promise<void> {
  await turns(entry.startTurn)
  const controller = new AbortController()
  if (entry.abortTurn !== undefined) {
    void turns(entry.abortTurn).then(() => {
      controller.abort(new Error('of the caller'))
    })
  }
  const timeoutMs = entry.isImpatient ? SHORT_TIMEOUT_MS : LONG_TIMEOUT_MS
  entry.outcome = await submit(entry, clients, { signal: controller.signal, timeoutMs }).then(
    ({ attempts }) => ({ attempts }),
    (error: unknown) => ({ attempts: error instanceof CloudMediaError ? error.attempts : Number.NaN, error }),
  )
}

function submit(
  { id, operation }: Entry,
  { huawei, tencent }: Clients,
  options: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<{ readonly attempts: number }> {
  const Output = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3', AuObject: 'voice.mp3' }
  const job = { Input: { Object: `${id}.mp3` }, Operation: { Output } }
  switch (operation) {
    case 'createExtractAudioTask':
      return huawei.createExtractAudioTask({ asset_id: id }, options).withResponse()
    case 'unpublishAssets':
      return huawei.unpublishAssets({ asset_id: [id] }, options).withResponse()
    case 'createVoiceSeparateJob':
      return tencent.createVoiceSeparateJob({ ...job, QueueId: 'p1' }, options).withResponse()
    case 'createNoiseReductionJob': {
      const { AuObject: _, ...output } = Output
      return tencent.createNoiseReductionJob({ ...job, Operation: { Output: output } }, options).withResponse()
    }
  }
}

/** The promises that a call broke. */
function violationsOf({ operation, transport, executions, responses, outcome, secrets }: Entry): string[] {
  if (outcome === undefined) return ['did not settle']
  const { attempts, error } = outcome
  const failure = error instanceof CloudMediaError ? error : undefined
  const shown = error === undefined ? '' : `${inspect(error, { depth: null })}${JSON.stringify(error)}`
  const isBroken: Readonly<Record<string, boolean>> = {
    'ran more than once': operation !== 'unpublishAssets' && executions > 1,
    'ran, but mayHaveRun is false': failure?.mayHaveRun === false && executions > 0,
    'has an error of another class': error !== undefined && !OUTCOMES.includes(failure?.name ?? ''),
    'has mayHaveRun without an attempt': failure?.mayHaveRun === true && attempts === 0,
    'has more attempts than maxAttempts': attempts > MAX_ATTEMPTS,
    // A socket may lose a request.
    'counts its attempts wrongly':
      attempts < responses.length || (transport === 'fetch' && attempts > responses.length),
    'shows a secret': [...secrets].some((secret) => shown.includes(secret)),
    'has a message of several lines': /[\p{Cc}\u2028\u2029]/u.test(failure?.message ?? ''),
  }
  return Object.keys(isBroken).filter((rule) => isBroken[rule] === true)
}

function describeViolations(entries: readonly Entry[]): string[] {
  const calls = new Map<string, string[]>()
  for (const entry of entries) {
    for (const rule of violationsOf(entry)) calls.set(rule, [...(calls.get(rule) ?? []), describeCall(entry)])
  }
  return Array.from(calls, ([rule, descriptions]) => {
    const shortest = descriptions.sort((one, other) => one.length - other.length).slice(0, SHOWN_CALLS)
    return [`${String(descriptions.length)} calls: ${rule}`, ...shortest].join('\n  ')
  })
}

function describeCall({ seed, id, operation, transport, responses, executions, outcome }: Entry): string {
  const { error } = outcome ?? {}
  const ended = error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : 'a result, or nothing'
  const call = `LEDGER_SEED=${String(seed)} ${id}: ${operation} over ${transport}`
  return `${call}: ${responses.join(' ')}: ran ${String(executions)} times: ${JSON.stringify(ended)}`
}

/** The kinds of outcomes. */
export const OUTCOMES = [
  ...['a result', 'a submission that ran at a retry', 'an idempotent call that ran twice'],
  ...['an error of a call that ran', 'an error that denies that its call ran'],
  ...['ApiError', 'UnexpectedResponseError', 'ConnectionError', 'TimeoutError', 'AbortError', 'CredentialsError'],
]

function outcomesOf({ operation, executions, responses, outcome }: Entry): string[] {
  const { error } = outcome ?? {}
  const failure = error instanceof CloudMediaError ? error : undefined
  const isSubmission = operation !== 'unpublishAssets'
  const is: Readonly<Record<string, boolean>> = {
    'a result': error === undefined,
    'a submission that ran at a retry': isSubmission && responses.length > 1 && executions === 1,
    'an idempotent call that ran twice': !isSubmission && executions > 1,
    'an error of a call that ran': failure?.mayHaveRun === true && executions > 0,
    'an error that denies that its call ran': failure?.mayHaveRun === false,
    ...(failure && { [failure.name]: true }),
  }
  return Object.keys(is).filter((kind) => is[kind] === true)
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

async function turns(number: number): Promise<void> {
  for (let turn = 0; turn < number; turn++) await setImmediate()
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
