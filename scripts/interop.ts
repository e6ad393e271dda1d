// Calls the emulator with the providers' SDKs, and prints the result of each case. Fails if a result is not as expected
// or missing.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
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
  /** A body as an application would write it, around the name of an asset or object. */
  readonly body: (name: string) => unknown
  readonly badBody: unknown
  readonly accepted: number
  /** Status and code in the cases that are rejected. */
  readonly refusals: Readonly<Record<string, string>>
  /** ID of what a call with this name created or changed; undefined if it did not run. */
  readonly traceOf: (emulator: Emulator, name: string) => string | undefined
}

const HUAWEI = { sdk: 'huaweicloud-sdk-vod', refusals: { 'wrong key': '401 APIGW.0301', 'bad body': '400 VOD.10053' } }
const TENCENT = {
  sdk: 'cos-nodejs-sdk-v5',
  accepted: 200,
  badBody: '<Request><Tag>NoiseReduction</Tag><Input/></Request>',
  refusals: { 'wrong key': '401 InvalidAuthorization', 'bad body': '400 InvalidArgument' },
  traceOf: (emulator: Emulator, name: string) => emulator.jobs().find(({ Input }) => Input?.Object === name)?.JobId,
} as const

const operations: readonly Operation[] = [
  {
    ...HUAWEI,
    operation: 'createExtractAudioTask',
    accepted: 202,
    body: (name) => ({ asset_id: name, parameter: { format: 'MP3' } }),
    badBody: { parameter: { format: 'OGG' } },
    traceOf: (emulator) => emulator.assets()[ASSETS.length]?.asset_id,
  },
  {
    ...HUAWEI,
    operation: 'unpublishAssets',
    accepted: 200,
    body: (name) => ({ asset_id: [name] }),
    badBody: { asset_id: 'not a list' },
    traceOf: (emulator, name) =>
      emulator.assets().find(({ asset_id, status }) => asset_id === name && status === 'CREATED')?.asset_id,
  },
  {
    ...TENCENT,
    operation: 'createVoiceSeparateJob',
    body: (name) => `<Request><Tag>VoiceSeparate</Tag><Input><Object>${name}</Object></Input><Operation>
      <VoiceSeparate><AudioMode>IsAudio</AudioMode><AudioConfig><Codec>mp3</Codec></AudioConfig></VoiceSeparate>
      <Output><Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><AuObject>out.mp3</AuObject></Output>
      </Operation><QueueId>p893bcda225bf4945a378da6662e81a89</QueueId></Request>`,
  },
  {
    ...TENCENT,
    operation: 'createNoiseReductionJob',
    body: (name) => `<Request><Tag>NoiseReduction</Tag><Input><Object>${name}</Object></Input><Operation>
      <NoiseReduction><Format>wav</Format></NoiseReduction>
      <Output><Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><Object>out.wav</Object></Output>
      </Operation></Request>`,
  },
]

const NAME = 'f488337c31c8e4622f1590735b134c65'
const UNICODE_NAME = 'ünïcode 媒资 🎧'
const ASSETS = [{ asset_id: NAME }, { asset_id: UNICODE_NAME }]
const { huawei, tencent } = createEmulator().options
const KEYS = { ...huawei.credentials, ...tencent.credentials, projectId: huawei.projectId }
const TOKENS = { securityToken: 'STSTOKEN', sessionToken: 'STSTOKEN' }

const cases = [
  { name: 'right key', key: KEYS },
  { name: 'wrong key', key: { ...KEYS, secretAccessKey: 'WRONGEXAMPLE', secretKey: 'WRONGEXAMPLE' } },
  { name: 'bad body', key: KEYS },
  { name: 'temporary credentials', key: { ...KEYS, ...TOKENS } },
  { name: 'unicode body', key: KEYS },
] as const
type Case = (typeof cases)[number]

const failures: string[] = []
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
  })
  const { url, close } = await emulator.listen()
  const name = which === 'unicode body' ? UNICODE_NAME : NAME
  const body = which === 'bad body' ? operation.badBody : operation.body(name)
  sdks.send({ operation: operation.operation, endpoint: url, key, body })
  const outcome = await answerOf(sdks, ended)
  await close()

  const refusal = operation.refusals[which]
  const expected = refusal ?? String(operation.accepted)
  const seen = [outcome?.status, outcome?.code].filter((part) => part !== undefined).join(' ')
  const trace = operation.traceOf(emulator, name)
  const complaints = [
    seen === expected ? '' : `expected ${expected}, saw ${seen === '' ? 'nothing' : seen} ${outcome?.failed ?? ''}`,
    emulator.requests.length === 1 ? '' : `${String(emulator.requests.length)} requests arrived`,
    (trace === undefined) === (refusal !== undefined) ? '' : 'the emulator and the SDK disagree whether it ran',
    JSON.stringify(outcome?.result ?? '').includes(trace ?? '') ? '' : 'the SDK lost the id',
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

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd([20, 24][index] ?? 26)).join(' ')
}
