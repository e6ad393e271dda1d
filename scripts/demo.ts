// Calls the four operations, and makes two calls that are rejected, with the emulator or the server at --endpoint.
import { parseArgs, styleText } from 'node:util'
import {
  ApiError,
  createHuaweiVodClient,
  createTencentCiClient,
  RequestValidationError,
  type AttemptEvent,
  type CallResult,
} from '../src/index.js'
import { createEmulator } from '../src/testing/index.js'

const { values } = parseArgs({ options: { endpoint: { type: 'string' } } })
const colour = process.stdout.isTTY
let failures = 0

const emulator = createEmulator()
const server = values.endpoint === undefined ? await emulator.listen() : undefined
const endpoint = values.endpoint ?? server?.url ?? ''
console.log(server === undefined ? `Server at ${endpoint}` : `Emulator at ${endpoint}, with fake keys`)

let requestLine = ''
const onAttempt = ({ method, url }: AttemptEvent): void => {
  requestLine = `${method} ${new URL(url).pathname}`
}
const { huawei, tencent } = emulator.options
const vod = createHuaweiVodClient({ ...huawei, endpoint, onAttempt })
const ci = createTencentCiClient({ ...tencent, endpoint, onAttempt })
const Output = { Region: 'ap-chongqing', Bucket: 'test-1234567890', Object: 'output/out.wav' }

await succeed(
  'createExtractAudioTask',
  () =>
    vod
      .createExtractAudioTask({ asset_id: '3e1cd21131a94525be55acf65888bf46', parameter: { format: 'MP3' } })
      .withResponse(),
  ({ audio_asset_id }) => ({ audio_asset_id }),
)
await succeed(
  'unpublishAssets',
  () =>
    vod
      .unpublishAssets({ asset_id: ['f488337c31c8e4622f1590735b134c65', '07ba4d46463355e800c2f42f628f0631'] })
      .withResponse(),
  ({ asset_info_array }) => ({
    assets: asset_info_array.map(({ asset_id, status }) => `${String(asset_id)} ${String(status)}`).join(', '),
  }),
)
await succeed(
  'createVoiceSeparateJob',
  () =>
    ci
      .createVoiceSeparateJob({
        Input: { Object: 'test.mp4' },
        Operation: {
          VoiceSeparate: { AudioMode: 'AudioAndBackground', AudioConfig: { Codec: 'mp3' } },
          Output: { ...Output, AuObject: 'output/voice.mp3' },
        },
        QueueId: 'p893bcda225bf4945a378da6662e81a89',
      })
      .withResponse(),
  ({ JobId, State }) => ({ JobId, State }),
)
await succeed(
  'createNoiseReductionJob',
  () =>
    ci
      .createNoiseReductionJob({
        Input: { Object: 'input/demo.mp3' },
        Operation: { NoiseReduction: { Format: 'wav', SampleRate: '16000' }, Output },
      })
      .withResponse(),
  ({ JobId, State, QueueId }) => ({ JobId, State, QueueId }),
)
await refuse('A refused signature', ApiError, () =>
  createHuaweiVodClient({
    ...huawei,
    endpoint,
    credentials: { ...huawei.credentials, secretAccessKey: 'WRONGEXAMPLE' },
  }).unpublishAssets({ asset_id: ['f488337c31c8e4622f1590735b134c65'] }),
)
await refuse('A refused input', RequestValidationError, () =>
  ci.createVoiceSeparateJob({
    Input: { Object: 'test.mp4' },
    Operation: { Output: { ...Output, Object: '' } },
    QueueId: 'p893bcda225bf4945a378da6662e81a89',
  }),
)

await server?.close()
console.log(failures === 0 ? '\nAll as expected.' : `\n${String(failures)} of 6 not as expected.`)
process.exitCode = failures === 0 ? 0 : 1

async function succeed<Data>(
  operation: string,
  call: () => Promise<CallResult<Data>>,
  interesting: (data: Data) => Record<string, string | undefined>,
): Promise<void> {
  title(operation)
  const start = performance.now()
  try {
    const { data, response, requestId } = await call()
    line('request', requestLine)
    line('status', String(response.status))
    line('request id', requestId ?? 'none')
    line('time', `${(performance.now() - start).toFixed(1)} ms`)
    for (const [name, value] of Object.entries(interesting(data))) line(name, value ?? 'none')
  } catch (error) {
    failures += 1
    line('failed', String(error))
  }
}

async function refuse(
  what: string,
  expected: typeof ApiError | typeof RequestValidationError,
  call: () => Promise<unknown>,
): Promise<void> {
  title(what)
  try {
    await call()
    failures += 1
    line('failed', 'the call was accepted')
  } catch (error) {
    if (!(error instanceof expected)) failures += 1
    line('error', String(error))
    if (error instanceof ApiError && error.hint !== undefined) line('hint', error.hint)
  }
}

function title(text: string): void {
  console.log(`\n${colour ? styleText('bold', text) : text}`)
}

function line(name: string, value: string): void {
  const label = `  ${name.padEnd(14)}`
  console.log(`${colour ? styleText('dim', label) : label} ${value}`)
}
