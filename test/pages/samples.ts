import { readFileSync } from 'node:fs'
import type { ExtractAudioRequest, UnpublishRequest } from '../../src/huawei-vod/index.js'
import type { CallOptions, NoiseReductionRequest, Untagged, VoiceSeparateRequest } from '../../src/tencent-ci/index.js'
import { huaweiClient, tencentClient } from '../support/clients.js'

/** What a sample of a provider page must come to. */
type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused before sending'; readonly paths: readonly string[] }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'ApiError'; readonly code: string; readonly mayHaveRun: boolean }
  | { readonly kind: 'UnexpectedResponseError'; readonly ids: readonly string[] }
  | { readonly kind: 'not well formed' }

/** One body that stands on a provider page. */
export interface Sample {
  readonly name: string
  readonly direction: 'request' | 'answer'
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** Calls the operation of the sample, with the request of the sample if it is one. */
  readonly call: (options?: CallOptions) => Promise<unknown>
  readonly outcome: Outcome
}

const EXTRACT: ExtractAudioRequest = { asset_id: '3e1cd21131a94525be55acf65888bf46', parameter: { format: 'MP3' } }
const UNPUBLISH: UnpublishRequest = {
  asset_id: ['f488337c31c8e4622f1590735b134c65', '07ba4d46463355e800c2f42f628f0631'],
}
const OUTPUT = { Region: 'ap-beijing', Bucket: 'abc-1250000000' }
const QueueId = 'p893bcda225bf4945a378da6662e81a89'
const TemplateId = 't1460606b9752148c4ab182f55163ba7cd'
const VOICE_TEMPLATE: Untagged<VoiceSeparateRequest> = {
  Input: { Object: '' },
  Operation: { TemplateId, Output: { Region: '', Bucket: '', Object: '', AuObject: '' } },
  QueueId: '',
  CallBack: '',
}
const VOICE_1: Untagged<VoiceSeparateRequest> = {
  Input: { Object: 'test.mp4' },
  Operation: { TemplateId, Output: { ...OUTPUT, Object: '', AuObject: '' } },
  QueueId,
}
const VOICE_2: Untagged<VoiceSeparateRequest> = {
  Input: { Object: 'test.mp4' },
  Operation: {
    VoiceSeparate: {
      AudioMode: 'IsAudio',
      AudioConfig: { Codec: 'mp3', Samplerate: '44100', Bitrate: '12', Channels: '2' },
    },
    Output: { ...OUTPUT, Object: 'test-trans.mp3', AuObject: '' },
  },
  QueueId,
}
const NOISE_OPERATION = {
  Output: { Region: 'ap-chongqing', Bucket: 'test-123456789', Object: 'output/out.wav' },
  UserData: 'This is my data.',
  JobLevel: '0',
} as const
const NOISE: Omit<Untagged<NoiseReductionRequest>, 'Operation'> = {
  Input: { Object: 'input/demo.mp3' },
  CallBack: 'http://callback.demo.com',
  CallBackFormat: 'JSON',
}
const NOISE_1: Untagged<NoiseReductionRequest> = { ...NOISE, Operation: { ...NOISE_OPERATION, TemplateId } }
const NOISE_2: Untagged<NoiseReductionRequest> = {
  ...NOISE,
  Operation: { ...NOISE_OPERATION, NoiseReduction: { Format: 'wav', SampleRate: '16000' } },
}

const extract = (options?: CallOptions) => huaweiClient().createExtractAudioTask(EXTRACT, options)
const unpublish = (options?: CallOptions) => huaweiClient().unpublishAssets(UNPUBLISH, options)
const voice = (request: Untagged<VoiceSeparateRequest>) => (options?: CallOptions) =>
  tencentClient().createVoiceSeparateJob(request, options)
const noise = (request: Untagged<NoiseReductionRequest>) => (options?: CallOptions) =>
  tencentClient().createNoiseReductionJob(request, options)

const EXTRACTED = { asset_id: 'f488337c31c8e4622f1590735b134c65', audio_asset_id: '5412' }
const MISSING = { error_code: 'VOD.10062', error_msg: 'Media asset or resource does not exist, please check.' }
const UNPUBLISHED = {
  asset_info_array: [
    {
      asset_id: 'f488337c31c8e4622f1590735b134c65',
      status: 'UNCREATED',
      description:
        'Asset meta download fail, errorCode is VOD.100021010,\nerrorMsg is Internal server communication is abnormal',
      base_info: {
        title: 'Avatar test test',
        video_name: 'Avatar_480P.mp4',
        description: 'Avatar, test',
        category_id: -1,
        category_name: '其他',
        create_time: '20180209024019',
        last_modified: '20180209024019',
        video_type: 'MP4',
        tags: 'mytags',
      },
    },
    { asset_id: '07ba4d46463355e800c2f42f628f0631', status: 'NOASSET', description: 'no asset' },
  ],
}

const VOICE_JOB = {
  Code: 'Success',
  Message: 'Success',
  State: 'Submitted',
  CreationTime: '2019-07-07T12:12:12+0800',
  StartTime: '',
  EndTime: '',
  QueueId,
  Tag: 'VoiceSeparate',
  Input: { Object: 'test.mp4' },
}
const NOISE_JOB = {
  Code: 'Success',
  Message: '',
  JobId: 'j8d121820f5e411ec926ef19d53ba9c6f',
  State: 'Submitted',
  CreationTime: '2022-06-27T15:23:10+0800',
  StartTime: '-',
  EndTime: '-',
  QueueId: 'p2242ab62c7c94486915508540933a2c6',
  QueueType: 'Speeching',
  Tag: 'NoiseReduction',
  Input: { BucketId: 'test-123456789', Object: 'input/demo.mp4', Region: 'ap-chongqing' },
}

/** Every body of the five pages, the malformed ones as printed and repaired. */
export const samples: readonly Sample[] = [
  json('000 and 001: request', 'request', 202, EXTRACT, extract, { kind: 'sent' }),
  json('000 and 001: 202', 'answer', 202, EXTRACTED, extract, { kind: 'result', value: EXTRACTED }),
  json('000 and 001: 400', 'answer', 400, MISSING, extract, { kind: 'ApiError', code: 'VOD.10062', mayHaveRun: false }),
  json('003: request', 'request', 200, UNPUBLISH, unpublish, { kind: 'sent' }),
  json('003: 200', 'answer', 200, UNPUBLISHED, unpublish, { kind: 'result', value: UNPUBLISHED }),
  json('003: 403', 'answer', 403, MISSING, unpublish, { kind: 'ApiError', code: 'VOD.10062', mayHaveRun: false }),
  xml('voice-separate-template-request', voice(VOICE_TEMPLATE), {
    kind: 'refused before sending',
    paths: ['Input.Object', 'Operation.Output', 'Operation.Output.Bucket', 'Operation.Output.Region', 'QueueId'],
  }),
  xml('voice-separate-template-response', voice(VOICE_2), { kind: 'UnexpectedResponseError', ids: [] }),
  printed('voice-separate-template-response', voice(VOICE_2), { kind: 'UnexpectedResponseError', ids: [] }),
  xml('voice-separate-example-1-request', voice(VOICE_1), {
    kind: 'refused before sending',
    paths: ['Operation.Output'],
  }),
  xml('voice-separate-example-1-response', voice(VOICE_2), {
    kind: 'result',
    value: { ...VOICE_JOB, JobId: 'je8f65004eb8511eaaed4f377124a303c', Operation: VOICE_1.Operation },
  }),
  xml('voice-separate-example-2-request', voice(VOICE_2), { kind: 'sent' }),
  xml('voice-separate-example-2-response', voice(VOICE_2), {
    kind: 'result',
    value: { ...VOICE_JOB, JobId: 'jabcxxxxfeipplsdfwe', Operation: VOICE_2.Operation },
  }),
  xml('noise-reduction-template-request', noise(NOISE_2), { kind: 'sent' }),
  xml('noise-reduction-template-response', noise(NOISE_2), {
    kind: 'result',
    value: { ...NOISE_JOB, Operation: NOISE_2.Operation },
  }),
  xml('noise-reduction-example-1-request', noise(NOISE_1), { kind: 'sent' }),
  printed('noise-reduction-example-1-request', noise(NOISE_1), { kind: 'not well formed' }),
  xml('noise-reduction-example-1-response', noise(NOISE_1), {
    kind: 'result',
    value: { ...NOISE_JOB, Operation: NOISE_1.Operation },
  }),
  printed('noise-reduction-example-1-response', noise(NOISE_1), {
    kind: 'UnexpectedResponseError',
    ids: ['j8d121820f5e411ec926ef19d53ba9c6f'],
  }),
  xml('noise-reduction-example-2-request', noise(NOISE_2), { kind: 'sent' }),
  xml('noise-reduction-example-2-response', noise(NOISE_2), {
    kind: 'result',
    value: { ...NOISE_JOB, Operation: NOISE_2.Operation },
  }),
]

function json(
  name: string,
  direction: Sample['direction'],
  status: number,
  body: unknown,
  call: Sample['call'],
  outcome: Outcome,
): Sample {
  return { name, direction, status, contentType: 'application/json', body: JSON.stringify(body), call, outcome }
}

/** A body that the spec shows as an example. */
function xml(file: string, call: Sample['call'], outcome: Outcome): Sample {
  return xmlSample(file, new URL(`../../specs/tencent-ci/examples/${file}.xml`, import.meta.url), call, outcome)
}

/** A body with the page's own mistake in it. */
function printed(file: string, call: Sample['call'], outcome: Outcome): Sample {
  const url = new URL(`../fixtures/tencent-ci/as-printed/${file}.xml`, import.meta.url)
  return xmlSample(`${file}, as printed`, url, call, outcome)
}

function xmlSample(name: string, file: URL, call: Sample['call'], outcome: Outcome): Sample {
  const direction = name.includes('request') ? 'request' : 'answer'
  return {
    name,
    direction,
    status: 200,
    contentType: 'application/xml',
    body: readFileSync(file, 'utf8'),
    call,
    outcome,
  }
}
