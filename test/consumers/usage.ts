/** A program of a user, without what needs MSW. It compiles only if types hold, and misspelled fields do not. */
export const usage = `
import {
  createHuaweiVodClient,
  RequestValidationError,
  WaitTimeoutError,
  type ExtractAudioRequest,
} from 'cloud-media-clients'
import { signHuaweiRequest } from 'cloud-media-clients/huawei-vod'
import { createTencentCiClient, type NoiseReductionJob } from 'cloud-media-clients/tencent-ci'
import { CallbackError, respondToCallback, verifyMfsEvent } from 'cloud-media-clients/callbacks'
import { createEmulator } from 'cloud-media-clients/testing'

const emulator = createEmulator()
const vod = createHuaweiVodClient({ region: 'cn-north-4', projectId: 'p', credentials: { token: 't' } })
const ci = createTencentCiClient({ ...emulator.options.tencent, fetch: emulator.fetch })

export const request: ExtractAudioRequest = { asset_id: 'a', parameter: { format: 'MP3' } }
export const id: Promise<string> = vod.createExtractAudioTask(request).then(({ audio_asset_id }) => audio_asset_id)
// @ts-expect-error: the field is asset_id
void vod.createExtractAudioTask({ assetId: 'a' })
// @ts-expect-error: the parameter is format
void vod.createExtractAudioTask({ asset_id: 'a', parameter: { fromat: 'MP3' } })

const Output = { Region: 'r', Bucket: 'b', Object: 'o' }
export const job: Promise<NoiseReductionJob> = ci.createNoiseReductionJob({
  Input: { Object: 'i' },
  Operation: { NoiseReduction: { Format: 'wav' }, Output },
})
// @ts-expect-error: the field is Format
void ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { NoiseReduction: { format: 'wav' }, Output } })

export const raw = ci.raw.jobs.GET('/jobs/{jobIds}', { params: { path: { jobIds: ['j'] } } })
export const signature = signHuaweiRequest({
  method: 'GET',
  url: 'https://example.com/',
  credentials: { accessKeyId: 'a', secretAccessKey: 's' },
})

export function describe(error: unknown): string {
  if (error instanceof RequestValidationError) return error.issues.map(({ path }) => path).join()
  if (error instanceof WaitTimeoutError) return error.job?.JobId ?? String(error.reads)
  if (error instanceof CallbackError) return error.code
  // @ts-expect-error: what is left is unknown
  return error.message
}

export async function receive(received: { headers: Record<string, string>; body: Uint8Array }): Promise<number> {
  const { status } = await respondToCallback(async () => {
    const { event_type } = await verifyMfsEvent(received, { keys: ['k'] })
    if (event_type === 'audioExtractComplete') await ci.listAudioQueues({})
  })
  return status
}
`

/** What needs MSW beside that. */
export const usageOfMsw = `
import { emulatorHandlers } from 'cloud-media-clients/testing/msw'
import { setupServer } from 'msw/node'
import { createEmulator } from 'cloud-media-clients/testing'
export const server = setupServer(...emulatorHandlers(createEmulator()))
`
