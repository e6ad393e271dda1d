// Calls the emulator with the providers' SDKs, and prints the result of each case. Fails if a result is not as expected
// or missing.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { operations as huaweiVod } from '../generated/huawei-vod/operations.js'
import { operations as tencentCi } from '../generated/tencent-ci/operations.js'
import { createHuaweiVodClient } from '../src/huawei-vod/index.js'
import { createTencentCiClient } from '../src/tencent-ci/index.js'
import { createEmulator, type Emulator } from '../src/testing/index.js'
import { withProviderSdks } from './provider-sdks/install.js'

/** The result of a call by an SDK. */
interface Outcome {
  readonly status?: number
  readonly code?: string
  /** The message of the error. */
  readonly failed?: string
  readonly result?: unknown
}

interface Operation {
  readonly sdk: string
  readonly operation: string
  readonly accepted: number
  /** Status and code in the cases that are rejected. */
  readonly refusals: Readonly<Record<string, string>>
  /** Creates the job or audio that the call is about, from an object or asset of this name, and returns its ID. */
  readonly prepare?: (emulator: Emulator, name: string) => Promise<string>
  /** The request as an application would write it, around the name of an asset or object and what was prepared. */
  readonly request: (name: string, id: string) => unknown
  readonly badRequest: unknown
  /** Whether the emulator has run the call; undefined for an operation that changes nothing. */
  readonly hasRun?: (emulator: Emulator, name: string) => boolean
  /** A text that the result must have. */
  readonly shown?: (emulator: Emulator, name: string, id: string) => string | undefined
}

const NAME = 'f488337c31c8e4622f1590735b134c65'
const UNICODE_NAME = 'ünïcode 媒资 🎧'
const ASSETS = [{ asset_id: NAME }, { asset_id: UNICODE_NAME }]
const NOISE = { Operation: { Output: { Region: 'ap-beijing', Bucket: 'examplebucket-1250000000', Object: 'out.wav' } } }
const TOO_MANY = Array.from({ length: 11 }, (_, index) => `id${String(index)}`)

const HUAWEI = {
  sdk: 'huaweicloud-sdk-vod',
  refusals: { 'wrong key': '401 APIGW.0301', 'bad request': '400 VOD.10053' },
}
const TENCENT = {
  sdk: 'cos-nodejs-sdk-v5',
  accepted: 200,
  refusals: { 'wrong key': '401 InvalidAuthorization', 'bad request': '400 InvalidArgument' },
}

const JOB_SUBMISSION = {
  ...TENCENT,
  hasRun: (emulator: Emulator, name: string) => jobOf(emulator, name) !== undefined,
  shown: (emulator: Emulator, name: string) => jobOf(emulator, name)?.JobId,
}
const AUDIO_QUEUE = 'p2242ab62c7c94486915508540933a2c6'

const operations: readonly Operation[] = [
  {
    ...HUAWEI,
    operation: 'createExtractAudioTask',
    accepted: 202,
    request: (name) => ({ body: { asset_id: name, parameter: { format: 'MP3' } } }),
    badRequest: { body: { parameter: { format: 'OGG' } } },
    hasRun: (emulator) => audioOf(emulator) !== undefined,
    shown: (emulator) => audioOf(emulator)?.asset_id,
  },
  {
    ...HUAWEI,
    operation: 'cancelExtractAudioTask',
    accepted: 204,
    refusals: { ...HUAWEI.refusals, 'bad request': '400 VOD.10062' },
    prepare: extractAudio,
    request: (name) => ({ assetId: name }),
    badRequest: { assetId: 'no asset' },
    hasRun: (emulator) => audioOf(emulator)?.status === 'CANCELLED',
  },
  {
    ...HUAWEI,
    operation: 'listAssets',
    accepted: 200,
    prepare: extractAudio,
    request: (name, id) => ({ assetId: [name, id] }),
    badRequest: { assetId: TOO_MANY },
    shown: (_emulator, _name, id) => id,
  },
  {
    ...HUAWEI,
    operation: 'unpublishAssets',
    accepted: 200,
    request: (name) => ({ body: { asset_id: [name] } }),
    badRequest: { body: { asset_id: 'not a list' } },
    hasRun: (emulator, name) =>
      emulator.assets().some(({ asset_id, status }) => asset_id === name && status === 'CREATED'),
    shown: (_emulator, name) => name,
  },
  {
    ...JOB_SUBMISSION,
    operation: 'createVoiceSeparateJob',
    badRequest: xmlRequest('<Request><Tag>VoiceSeparate</Tag><Input/></Request>'),
    request: (name) =>
      xmlRequest(`<Request><Tag>VoiceSeparate</Tag><Input><Object>${name}</Object></Input><Operation>
        <VoiceSeparate><AudioMode>IsAudio</AudioMode><AudioConfig><Codec>mp3</Codec></AudioConfig></VoiceSeparate>
        <Output><Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><AuObject>out.mp3</AuObject></Output>
        </Operation><QueueId>p893bcda225bf4945a378da6662e81a89</QueueId></Request>`),
  },
  {
    ...JOB_SUBMISSION,
    operation: 'createNoiseReductionJob',
    badRequest: xmlRequest('<Request><Tag>NoiseReduction</Tag><Input/></Request>'),
    request: (name) =>
      xmlRequest(`<Request><Tag>NoiseReduction</Tag><Input><Object>${name}</Object></Input><Operation>
        <NoiseReduction><Format>wav</Format></NoiseReduction>
        <Output><Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><Object>out.wav</Object></Output>
        </Operation></Request>`),
  },
  {
    ...TENCENT,
    operation: 'getJobs',
    prepare: reduceNoise,
    request: (name, id) => ({ Method: 'GET', Key: `jobs/${id},${name}` }),
    badRequest: { Method: 'GET', Key: `jobs/${TOO_MANY.join(',')}` },
    shown: (_emulator, _name, id) => `"JobId":"${id}"`,
  },
  {
    ...TENCENT,
    operation: 'listJobs',
    prepare: reduceNoise,
    request: (name) => ({
      Method: 'GET',
      Key: 'jobs',
      Query: { tag: 'NoiseReduction', inputObject: name, states: 'Submitted,Running', size: '1' },
    }),
    badRequest: { Method: 'GET', Key: 'jobs', Query: { states: 'Submitted' } },
    shown: (_emulator, _name, id) => id,
  },
  {
    ...TENCENT,
    operation: 'cancelJob',
    prepare: reduceNoise,
    request: (_name, id) => ({ Method: 'PUT', Key: `jobs/${id}`, Action: 'cancel' }),
    badRequest: { Method: 'PUT', Key: 'jobs/none', Action: 'cancel' },
    hasRun: (emulator, name) => jobOf(emulator, name)?.State === 'Cancel',
  },
  {
    ...TENCENT,
    operation: 'listQueues',
    request: (name) => ({ Method: 'GET', Key: 'queue', Query: { queueIds: name, category: 'CateAll' } }),
    badRequest: { Method: 'GET', Key: 'queue', Query: { pageNumber: '0' } },
    shown: (_emulator, name) => `"NonExistPIDs":"${name}"`,
  },
  {
    ...TENCENT,
    operation: 'listAudioQueues',
    request: (name) => ({ Method: 'GET', Key: 'asrqueue', Query: { queueIds: `${AUDIO_QUEUE},${name}` } }),
    badRequest: { Method: 'GET', Key: 'asrqueue', Query: { pageNumber: '0' } },
    shown: () => `"QueueId":"${AUDIO_QUEUE}"`,
  },
]

const { huawei, tencent } = createEmulator().options
const KEYS = { ...huawei.credentials, ...tencent.credentials, projectId: huawei.projectId }
const TOKENS = { securityToken: 'STSTOKEN', sessionToken: 'STSTOKEN' }

const cases = [
  { name: 'right key', key: KEYS },
  { name: 'wrong key', key: { ...KEYS, secretAccessKey: 'WRONGEXAMPLE', secretKey: 'WRONGEXAMPLE' } },
  { name: 'bad request', key: KEYS },
  { name: 'temporary credentials', key: { ...KEYS, ...TOKENS } },
  { name: 'unicode name', key: KEYS },
] as const
type Case = (typeof cases)[number]

const names = [...Object.keys(huaweiVod), ...Object.keys(tencentCi)]
const failures = names
  .filter((name) => !operations.some(({ operation }) => operation === name))
  .map((name) => `no SDK calls ${name}`)
await withProviderSdks(async (folder) => {
  const sdks = fork(path.join(import.meta.dirname, 'provider-sdks/call.mjs'), [folder], {
    // Huawei's SDK prints requests with their secrets, and writes into the home directory.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, HOME: folder },
  })
  const ended = once(sdks, 'exit')
  console.log(row(['SDK', 'operation', ...cases.map(({ name }) => name)]))
  for (const operation of operations) {
    const cells: string[] = []
    for (const each of cases) cells.push(await cell(sdks, ended, operation, each))
    console.log(row([operation.sdk, operation.operation, ...cells]))
  }
  sdks.disconnect()
})
for (const failure of failures) console.log(`FAILED: ${failure}`)
console.log(failures.length === 0 ? '\nAll as expected.' : `\n${String(failures.length)} cells not as expected.`)
process.exitCode = failures.length === 0 ? 0 : 1

/** Makes one call to a new emulator, and describes its result. */
async function cell(
  sdks: ChildProcess,
  ended: Promise<unknown>,
  operation: Operation,
  { name: which, key }: Case,
): Promise<string> {
  const isTemporary = which === 'temporary credentials'
  const emulator = createEmulator({
    huawei: { assets: ASSETS, ...(isTemporary && { credentials: { ...huawei.credentials, ...TOKENS } }) },
    tencent: isTemporary ? { credentials: { ...tencent.credentials, ...TOKENS } } : {},
    // Only what is queued can be canceled.
    queueDurationMs: Infinity,
  })
  const { url, close } = await emulator.listen()
  const name = which === 'unicode name' ? UNICODE_NAME : NAME
  const id = (await operation.prepare?.(emulator, name)) ?? ''
  const before = emulator.requests.length
  const request = which === 'bad request' ? operation.badRequest : operation.request(name, id)
  sdks.send({ operation: operation.operation, endpoint: url, key, request })
  const outcome = await answerOf(sdks, ended)
  await close()

  const refusal = operation.refusals[which]
  const expected = refusal ?? String(operation.accepted)
  const seen = [outcome?.status, outcome?.code].filter((part) => part !== undefined).join(' ')
  const isAccepted = refusal === undefined
  const shown = isAccepted ? operation.shown?.(emulator, name, id) : undefined
  const received = emulator.requests.slice(before).map((each) => each.operation)
  const complaints = [
    seen === expected ? '' : `expected ${expected}, saw ${seen === '' ? 'nothing' : seen} ${outcome?.failed ?? ''}`,
    received.join() === operation.operation ? '' : `the requests that arrived are ${received.join()}`,
    operation.hasRun?.(emulator, name) === !isAccepted ? 'the emulator and the SDK disagree whether it ran' : '',
    JSON.stringify(outcome?.result ?? '').includes(shown ?? '') ? '' : `the SDK lost ${String(shown)}`,
  ].filter((complaint) => complaint !== '')
  if (complaints.length === 0) return seen
  failures.push(`${operation.sdk} ${operation.operation}, ${which}: ${complaints.join('; ')}`)
  return `WRONG ${seen}`
}

/** Undefined if the process of the SDKs ends or does not respond. */
async function answerOf(sdks: ChildProcess, ended: Promise<unknown>): Promise<Outcome | undefined> {
  const message = once(sdks, 'message', { signal: AbortSignal.timeout(30_000) })
  // The messages are those of provider-sdks/call.mjs.
  const [outcome] = (await Promise.race([message, ended.then(() => [])]).catch(() => [])) as [Outcome?]
  return outcome
}

function xmlRequest(Body: string) {
  return { Method: 'POST', Key: 'jobs', Body, Headers: { 'Content-Type': 'application/xml' } }
}

async function reduceNoise({ fetch, options: { tencent } }: Emulator, name: string): Promise<string> {
  const { JobId } = await createTencentCiClient({ ...tencent, fetch }).createNoiseReductionJob({
    Input: { Object: name },
    ...NOISE,
  })
  return JobId
}

async function extractAudio({ fetch, options: { huawei } }: Emulator, name: string): Promise<string> {
  const { projectId, credentials } = huawei
  const vod = createHuaweiVodClient({ region: 'cn-north-4', projectId, credentials, fetch })
  return (await vod.createExtractAudioTask({ asset_id: name })).audio_asset_id
}

function jobOf(emulator: Emulator, name: string) {
  return emulator.jobs().find(({ Input }) => Input?.Object === name)
}

/** The first asset that was not there at the start. */
function audioOf(emulator: Emulator) {
  return emulator.assets()[ASSETS.length]
}

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd([20, 24][index] ?? 26)).join(' ')
}
