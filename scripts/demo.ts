// Submits, waits, is called back, recovers from a lost response, and shows errors, with the emulator or the one at --endpoint.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { parseArgs, styleText } from 'node:util'
import { CallbackError, respondToCallback } from '../src/callbacks.js'
import {
  ApiError,
  CloudMediaError,
  createHuaweiVodClient,
  createTencentCiClient,
  JobFailedError,
  RequestValidationError,
  type AttemptEvent,
  type CallPromise,
  type NoiseReductionRequest,
} from '../src/index.js'
import { createEmulator, type FaultPlan, type Outcome, type Submissions } from '../src/testing/index.js'

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } })
const color = process.stdout.isTTY
let sections = 0
let failures = 0

const emulator = createEmulator({ jobDurationMs: 700 })
const server = values.endpoint === undefined ? await emulator.listen() : undefined
const endpoint = values.endpoint ?? server?.url ?? ''
console.log(`Emulator at ${endpoint}, with fake keys`)

let requestLine = ''
const onAttempt = ({ method, url }: AttemptEvent): void => {
  requestLine = `${method} ${new URL(url).pathname}`
}
const { huawei, tencent } = emulator.options
const vod = createHuaweiVodClient({ ...huawei, endpoint, onAttempt })
const ci = createTencentCiClient({ ...tencent, endpoint, onAttempt })
const Output = { Region: tencent.region, Bucket: tencent.bucket, Object: 'output/out.wav' }
const wait = {
  pollIntervalMs: 500,
  onPoll: ({ state = 'no state', progress }: { state: string | undefined; progress: number | undefined }) => {
    line('wait', progress === undefined ? state : `${state} ${String(progress)} %`)
  },
}

await section('createExtractAudioTask', async () => {
  const { audio_asset_id } = await call(
    vod.createExtractAudioTask({ asset_id: '3e1cd21131a94525be55acf65888bf46', parameter: { format: 'MP3' } }),
  )
  const audio = await vod.waitForAsset(audio_asset_id, wait)
  line('result', audio.base_info?.video_url)
})
await section('unpublishAssets', async () => {
  const asset_id = ['f488337c31c8e4622f1590735b134c65', '07ba4d46463355e800c2f42f628f0631']
  const { asset_info_array } = await call(vod.unpublishAssets({ asset_id }))
  for (const asset of asset_info_array) line('asset', `${String(asset.asset_id)} ${String(asset.status)}`)
})
await section('createVoiceSeparateJob', async () => {
  const [queue] = (await ci.listQueues()).QueueList
  const job = await call(
    ci.createVoiceSeparateJob({
      Input: { Object: 'test.mp4' },
      Operation: {
        VoiceSeparate: { AudioMode: 'AudioAndBackground', AudioConfig: { Codec: 'mp3' } },
        Output: { ...Output, AuObject: 'output/voice.mp3' },
      },
      QueueId: queue?.QueueId ?? '',
    }),
  )
  line('queue', job.QueueId)
  const done = await ci.waitForJob(job, wait)
  line('result', done.Operation?.MediaResult?.OutputFile?.ObjectName?.join(', '))
})
await section('createNoiseReductionJob', async () => {
  const job = await call(ci.createNoiseReductionJob(noiseReduction('order-1')))
  const done = await ci.waitForJob(job, wait)
  line('result', done.Operation?.Output?.Object)
})
await section('A lost response', async () => {
  await inject({ operation: 'createNoiseReductionJob', with: { kind: 'reset', executes: true } })
  const request = noiseReduction('order-2')
  const { startedAt } = await errorOf(CloudMediaError, ci.createNoiseReductionJob(request))
  if (startedAt === undefined) throw new Error('the job cannot exist')
  const job = await ci.findJob(request, { since: startedAt })
  if (job === undefined) throw new Error('the job does not exist')
  line('found', job.JobId)
  await ci.waitForJob(job, wait)
})
await section('A failed job', async () => {
  const outcome = { State: 'Failed', Code: 'InvalidArgument', Message: 'the file has no audio' }
  await settle({ operation: 'createNoiseReductionJob' }, outcome)
  const job = await ci.createNoiseReductionJob(noiseReduction('order-3'))
  await errorOf(JobFailedError, ci.waitForJob(job, wait))
})
await section('A callback', async () => {
  const receiver = createServer().listen(0, '127.0.0.1')
  try {
    await once(receiver, 'listening')
    // Opened as a TCP server, so its address has a port.
    const { port } = receiver.address() as AddressInfo
    const CallBack = `http://127.0.0.1:${String(port)}/SECRETEXAMPLE`
    await ci.createNoiseReductionJob({ ...noiseReduction('order-4'), CallBack })
    const arrived = await once(receiver, 'request', { signal: AbortSignal.timeout(10_000) })
    const [request, response] = arrived as [IncomingMessage, ServerResponse]
    line('callback', `${String(request.method)} ${String(request.url)}`)
    const { status } = await respondToCallback(async (signal) => {
      for (const { JobId, State } of await ci.confirmCallback(await buffer(request), { signal })) {
        line('confirmed', `${JobId} ${String(State)}`)
      }
    })
    line('response', String(status))
    response.writeHead(status).end()
  } finally {
    receiver.close()
  }
  await errorOf(CallbackError, ci.confirmCallback('{"JobsDetail":{"JobId":"forged","State":"Success"}}'))
})
await section('A rejected signature', async () => {
  const credentials = { ...huawei.credentials, secretAccessKey: 'WRONGEXAMPLE' }
  const other = createHuaweiVodClient({ ...huawei, endpoint, credentials })
  await errorOf(ApiError, other.listAssets())
})
await section('A rejected request', async () => {
  const request = { Input: { Object: '' }, Operation: { Output } }
  await errorOf(RequestValidationError, ci.createNoiseReductionJob(request))
})

await server?.close()
console.log(failures === 0 ? '\nAll as expected.' : `\n${String(failures)} of ${String(sections)} not as expected.`)
process.exitCode = failures === 0 ? 0 : 1

async function section(title: string, work: () => Promise<void>): Promise<void> {
  sections += 1
  console.log(`\n${color ? styleText('bold', title) : title}`)
  try {
    await work()
  } catch (error) {
    failures += 1
    line('failed', String(error))
  }
}

function noiseReduction(UserData: string): NoiseReductionRequest {
  return {
    Input: { Object: 'input/demo.mp3' },
    Operation: { NoiseReduction: { Format: 'wav', SampleRate: '16000' }, Output, UserData },
  }
}

async function call<Data>(promise: CallPromise<Data>): Promise<Data> {
  const start = performance.now()
  const { data, response, requestId } = await promise.withResponse()
  line('request', requestLine)
  line('response', `${String(response.status)} in ${(performance.now() - start).toFixed(1)} ms`)
  line('request id', requestId)
  return data
}

/** The error that is expected of a call. */
async function errorOf<Expected extends CloudMediaError>(
  expected: new (...args: never[]) => Expected,
  promise: Promise<unknown>,
): Promise<Expected> {
  const error = await promise.then(
    () => new Error('there was no error'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof expected)) throw error
  line('error', String(error))
  if (error.hint !== undefined) line('hint', error.hint)
  return error
}

function inject(plan: FaultPlan): Promise<void> {
  return control('faults', plan)
}

function settle(target: Submissions, outcome: Outcome): Promise<void> {
  return control('settle', { target, outcome })
}

/** Steers the emulator over HTTP, as it may be another process. */
async function control(name: string, body: object): Promise<void> {
  const response = await fetch(new URL(`/_emulator/${name}`, endpoint), { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await response.text())
}

function line(name: string, value = 'none'): void {
  const label = `  ${name.padEnd(14)}`
  console.log(`${color ? styleText('dim', label) : label} ${value}`)
}
