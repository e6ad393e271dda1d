import { operations as huaweiVod } from '../../generated/huawei-vod/operations.js'
import type { ExtractAudioRequest, UnpublishRequest } from '../../generated/huawei-vod/types.js'
import { operations as tencentCi } from '../../generated/tencent-ci/operations.js'
import type { NoiseReductionRequest, VoiceSeparateRequest } from '../../generated/tencent-ci/types.js'
import { isRecord } from '../../src/type-guards.js'
import { conforms } from '../../src/client/validation.js'
import { objectOf, readBundled, type JsonObject } from '../specs/bundled.js'
import { createTencentCiClient, type TencentCiClient } from '../../src/tencent-ci/index.js'
import { huaweiClient, NEW_YEAR } from '../support/clients.js'

type Fetch = (request: Request) => Promise<Response>

/** What the tests of requests need to know of an operation. */
interface RequestedOperation {
  /** The bundled document that holds the schema of its request. */
  readonly document: JsonObject
  readonly schema: JsonObject
  readonly isValid: (request: unknown) => boolean
  /** A request that gives every field there is. */
  readonly full: object
  /** Sends a request, right or wrong, as a JavaScript user could. */
  readonly submit: (request: unknown, fetch: Fetch) => Promise<unknown>
}

export type OperationName =
  'createExtractAudioTask' | 'unpublishAssets' | 'createVoiceSeparateJob' | 'createNoiseReductionJob'

const huawei = readBundled('huawei-vod')
const voiceSeparate = readBundled('tencent-ci-voice-separate')
const noiseReduction = readBundled('tencent-ci-noise-reduction')

const CALL_BACK = {
  CallBackFormat: 'JSON',
  CallBackType: 'Url',
  CallBack: 'https://example.com/called',
  CallBackMqConfig: { MqRegion: 'bj', MqMode: 'Queue', MqName: 'jobs' },
}
const JOB = { TemplateId: 't1', JobLevel: '1', UserData: 'a note' }
const OUTPUT = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }

/** The four operations. Each cast in `submit` is the door for what a JavaScript user could pass. */
export const operations: Readonly<Record<OperationName, RequestedOperation>> = {
  createExtractAudioTask: {
    document: huawei,
    schema: schemaNamed(huawei, 'ExtractAudioRequest'),
    isValid: (request) => conforms(huaweiVod.createExtractAudioTask.request, request),
    full: { asset_id: 'a1', parameter: { format: 'MP3' } },
    submit: (request, fetch) =>
      // Wrong requests are the point.
      huaweiClient({ fetch }).createExtractAudioTask(request as ExtractAudioRequest),
  },
  unpublishAssets: {
    document: huawei,
    schema: schemaNamed(huawei, 'UnpublishRequest'),
    isValid: (request) => conforms(huaweiVod.unpublishAssets.request, request),
    full: { asset_id: ['a1', 'a2'] },
    // Wrong requests are the point.
    submit: (request, fetch) => huaweiClient({ fetch }).unpublishAssets(request as UnpublishRequest),
  },
  createVoiceSeparateJob: {
    document: voiceSeparate,
    schema: schemaNamed(voiceSeparate, 'VoiceSeparateRequest'),
    isValid: (request) => conforms(tencentCi.createVoiceSeparateJob.request, request),
    full: {
      Tag: 'VoiceSeparate',
      Input: { Object: 'in.mp3' },
      Operation: {
        ...JOB,
        VoiceSeparate: {
          AudioMode: 'IsAudio',
          AudioConfig: { Codec: 'mp3', Samplerate: '44100', Bitrate: '128', Channels: '2' },
        },
        Output: { ...OUTPUT, AuObject: 'voice.mp3', BassObject: 'bass.mp3', DrumObject: 'drums.mp3' },
      },
      QueueId: 'p1',
      ...CALL_BACK,
    },
    // Wrong requests are the point.
    submit: (request, fetch) =>
      unconfiguredTencentClient(fetch).createVoiceSeparateJob(request as VoiceSeparateRequest),
  },
  createNoiseReductionJob: {
    document: noiseReduction,
    schema: schemaNamed(noiseReduction, 'NoiseReductionRequest'),
    isValid: (request) => conforms(tencentCi.createNoiseReductionJob.request, request),
    full: {
      Tag: 'NoiseReduction',
      Input: { Object: 'in.mp3' },
      Operation: {
        ...JOB,
        NoiseReduction: { Format: 'wav', SampleRate: '16000', Samplerate: '16000' },
        Output: OUTPUT,
      },
      QueueId: 'p1',
      ...CALL_BACK,
    },
    // Wrong requests are the point.
    submit: (request, fetch) =>
      unconfiguredTencentClient(fetch).createNoiseReductionJob(request as NoiseReductionRequest),
  },
}

/** A client that knows neither region nor bucket, so that a request must have both. */
function unconfiguredTencentClient(fetch: Fetch): TencentCiClient {
  const credentials = { secretId: 'TESTID', secretKey: 'TESTKEY' }
  const endpoint = 'https://ci.example.com'
  return createTencentCiClient({ endpoint, credentials, fetch, now: () => NEW_YEAR, maxAttempts: 1 })
}

/** As the value of a field: there is no such field. */
export const MISSING = Symbol('missing')

/** A copy of `request` with the field at `path`, as in `Operation.Output.Region` or `asset_id.0`, put in or left out. */
export function withField(request: unknown, path: string, value: unknown): unknown {
  return path === '' ? value : replaced(request, path.split('.'), value)
}

function replaced(node: unknown, [key = '', ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(node)) {
    return node.map((item: unknown, index) => {
      if (String(index) !== key) return item
      return rest.length === 0 ? value : replaced(item, rest, value)
    })
  }
  const { [key]: old, ...others } = isRecord(node) ? node : {}
  if (rest.length === 0 && value === MISSING) return others
  return { ...others, [key]: rest.length === 0 ? value : replaced(old, rest, value) }
}

function schemaNamed(document: JsonObject, name: string): JsonObject {
  return objectOf(objectOf(objectOf(document['components'])['schemas'])[name])
}
