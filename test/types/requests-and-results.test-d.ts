// Compiled by `npm run typecheck`; each @ts-expect-error is an error itself where the line below it compiles.
import {
  createHuaweiVodClient,
  createTencentCiClient,
  type ApiError,
  type AssetInfo,
  type ExtractAudioRequest,
  type ExtractAudioResponse,
  type HuaweiVodRegion,
  type JobState,
  type NoiseReductionJob,
  type NoiseReductionRequest,
  type Untagged,
  type UnpublishResponse,
  type VoiceSeparateJob,
  type VoiceSeparateRequest,
} from '../../src/index.js'

const vod = createHuaweiVodClient({ region: 'cn-north-4', projectId: 'p', credentials: { token: 't' } })
const ci = createTencentCiClient({
  region: 'ap-beijing',
  bucket: 'b-1250000000',
  credentials: () => Promise.resolve({ secretId: 'i', secretKey: 'k' }),
})
declare function use(...values: unknown[]): void
const Output = { Region: 'ap-beijing', Bucket: 'b-1250000000', Object: 'o' }

/** Never run: only the types matter. */
export async function requests(): Promise<void> {
  await vod.createExtractAudioTask({ asset_id: 'a' })
  // @ts-expect-error -- a field is missing
  await vod.createExtractAudioTask({ parameter: { format: 'MP3' } })
  // @ts-expect-error -- a field is misspelled
  await vod.createExtractAudioTask({ asset_id: 'a', paramter: { format: 'MP3' } })
  // @ts-expect-error -- a value is not in the closed list
  await vod.createExtractAudioTask({ asset_id: 'a', parameter: { format: 'mp3' } })
  // @ts-expect-error -- one id is not a list
  await vod.unpublishAssets({ asset_id: 'a' })

  await ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output } })
  await ci.createNoiseReductionJob({ Tag: 'NoiseReduction', Input: { Object: 'i' }, Operation: { Output } })
  // @ts-expect-error -- another job's tag
  await ci.createNoiseReductionJob({ Tag: 'VoiceSeparate', Input: { Object: 'i' }, Operation: { Output } })
  // @ts-expect-error -- the queue of a voice separation is required
  await ci.createVoiceSeparateJob({ Input: { Object: 'i' }, Operation: { Output } })
  await ci.createVoiceSeparateJob({
    Input: { Object: 'i' },
    // A value that the spec does not know is accepted where its list is open.
    Operation: { VoiceSeparate: { AudioMode: 'SomethingNew' }, Output },
    QueueId: 'q',
  })
  await ci.createNoiseReductionJob({
    Input: { Object: 'i' },
    // @ts-expect-error -- numbers are text on this wire
    Operation: { NoiseReduction: { SampleRate: 16000 }, Output },
  })
  // Region and bucket may be those of the client.
  await ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output: { Object: 'o' } } })
  const separate: VoiceSeparateRequest = {
    Input: { Object: 'i' },
    Operation: { Output: { AuObject: 'o' } },
    QueueId: 'q',
  }
  use(separate.Operation.Output.Region, separate.Operation.Output.Object, separate.Operation.Output.AuObject)
  await ci.createVoiceSeparateJob({
    ...separate,
    Operation: {
      VoiceSeparate: { AudioMode: 'MusicMode', AudioConfig: { Samplerate: '44100', Channels: '3' } },
      Output: { Object: 'o', BassObject: 'b', DrumObject: 'd' },
    },
  })
  // Known values of a request complete, and others are accepted.
  await ci.createNoiseReductionJob({
    Input: { Object: 'i' },
    Operation: { NoiseReduction: { Format: 'ogg', SampleRate: '96000' }, Output: { Object: 'o' } },
    QueueId: 'q',
  })
  // @ts-expect-error -- neither the voice nor the background is kept
  await ci.createVoiceSeparateJob({ Input: { Object: 'i' }, Operation: { Output: { Region: 'r' } }, QueueId: 'q' })
  // @ts-expect-error -- undefined is no region of an output
  await ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output: { ...Output, Region: undefined } } })
}

/** Never run: only the types matter. */
export async function results(): Promise<void> {
  const task: ExtractAudioResponse = await vod.createExtractAudioTask({ asset_id: 'a' })
  const id: string = task.audio_asset_id
  // @ts-expect-error -- not a field of the answer, in this spelling
  use(task.audioAssetId)
  const done: UnpublishResponse = await vod.unpublishAssets({ asset_id: [id] })
  const first: AssetInfo | undefined = done.asset_info_array[0]
  if (first?.status === 'PUBLISHED' || first?.status === 'A_NEW_STATUS') return
  const voice: VoiceSeparateJob = await ci.createVoiceSeparateJob({
    Input: { Object: 'i' },
    Operation: { Output },
    QueueId: 'q',
  })
  const mp3: string | undefined = voice.Operation?.VoiceSeparate?.AudioConfig?.Codec
  const noise: NoiseReductionJob = await ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output } })
  const state: JobState | undefined = noise.State
  const { data } = await ci.createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output } }).withResponse()
  const same: NoiseReductionJob = data
  const { data: raw } = await ci.raw.noiseReduction.POST('/jobs', {
    body: { Tag: 'NoiseReduction', Input: { Object: 'i' }, Operation: { Output } },
  })
  // The raw client's lists are plain strings.
  const plain: string | undefined = raw?.JobsDetail[0]?.State
  const duration: number | undefined = first?.base_info?.meta_data?.duration_ms
  use(mp3, state, same, plain, duration)
}

// The exported request types are what the methods take, and known values complete in an editor.
export const extract: ExtractAudioRequest = { asset_id: 'a', parameter: { format: 'AAC' } }
export const noise: Untagged<NoiseReductionRequest> = { Input: { Object: 'i' }, Operation: { Output } }
export const regions: HuaweiVodRegion[] = ['cn-north-4', 'a-new-region']

/** Never run: only the types matter. */
export function codeOf(error: ApiError): boolean {
  const code: string | undefined = error.code
  return code === 'A.NewCode' || error.code === 'VOD.10062' || error.code === 'SlowDown'
}

// @ts-expect-error -- half a key
createHuaweiVodClient({ region: 'cn-north-4', projectId: 'p', credentials: { accessKeyId: 'a' } })
// @ts-expect-error -- an option is misspelled
createTencentCiClient({ endPoint: 'http://127.0.0.1', credentials: { secretId: 'i', secretKey: 'k' } })
