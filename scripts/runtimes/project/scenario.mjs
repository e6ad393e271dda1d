// What a program does with the package, check by check. Every runtime runs this file as it is.
import {
  AbortedError,
  AmbiguousJobError,
  ApiError,
  ConnectionError,
  createHuaweiVodClient,
  createTencentCiClient,
  TimeoutError,
  UnexpectedResponseError,
} from 'cloud-media-clients'
import { parseJobCallback, verifyMfsEvent, verifySmnMessage } from 'cloud-media-clients/callbacks'
import { failureOf, matches, same } from './checking.mjs'

const VIDEO = '3e1cd21131a94525be55acf65888bf46'
const PUBLISHED = 'f488337c31c8e4622f1590735b134c65'
const NOISE_REDUCTION = {
  Input: { Object: 'recording.wav' },
  Operation: { Output: { Object: 'out/clean.wav' }, UserData: 'order-4711' },
}
const VOICE_SEPARATION = {
  Input: { Object: 'interview.mp4' },
  Operation: {
    VoiceSeparate: { AudioMode: 'IsAudio', AudioConfig: { Codec: 'mp3' } },
    Output: { AuObject: 'out/voice.mp3' },
  },
  QueueId: 'p893bcda225bf4945a378da6662e81a89',
}

const HUAWEI_ID = /^\w{32}$/
const JOB_ID = /^j\w{32}$/

export const checks = {
  createExtractAudioTask: async ({ vod }) => {
    const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: VIDEO, parameter: { format: 'MP3' } })
    matches(audio_asset_id, HUAWEI_ID)
  },
  unpublishAssets: async ({ vod }) => {
    const { asset_info_array } = await vod.unpublishAssets({ asset_id: [PUBLISHED] })
    same(asset_info_array[0].asset_id, PUBLISHED)
  },
  createVoiceSeparateJob: async ({ ci }) => {
    matches((await ci.createVoiceSeparateJob(VOICE_SEPARATION)).JobId, JOB_ID)
  },
  createNoiseReductionJob: async ({ ci }) => {
    matches((await ci.createNoiseReductionJob(NOISE_REDUCTION)).JobId, JOB_ID)
  },
  waitForJob: async ({ ci }) => {
    const job = await ci.createVoiceSeparateJob(VOICE_SEPARATION)
    same(
      (await ci.waitForJob(job, { pollIntervalMs: 500 })).Operation.MediaResult.OutputFile.ObjectName[0],
      'out/voice.mp3',
    )
  },
  waitForAsset: async ({ vod }) => {
    const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: VIDEO })
    same((await vod.waitForAsset(audio_asset_id, { pollIntervalMs: 500 })).status, 'CREATED')
  },
  'openapi-fetch client': async ({ vod, ci, setting }) => {
    const { data } = await ci.raw.noiseReduction.POST('/jobs', {
      body: {
        Tag: 'NoiseReduction',
        ...NOISE_REDUCTION,
        Operation: {
          Output: { Region: setting.tencent.region, Bucket: setting.tencent.bucket, Object: 'out/clean.wav' },
        },
      },
    })
    matches(data.JobsDetail[0].JobId, JOB_ID)
    const { error, response } = await vod.raw.POST('/v1.0/{project_id}/asset/extract_audio', {
      params: { path: { project_id: setting.huawei.projectId } },
      body: { asset_id: 'no asset' },
    })
    same([response.status, error.error_code], [400, 'VOD.10062'])
  },
  'refused key, JSON': async ({ setting }) => {
    const credentials = { ...setting.huawei.credentials, secretAccessKey: 'WRONGEXAMPLE' }
    const vod = createHuaweiVodClient({ ...setting.huawei, credentials, endpoint: setting.endpoint })
    const error = await failureOf(vod.unpublishAssets({ asset_id: [PUBLISHED] }), ApiError)
    same([error.status, error.code, error.mayHaveRun], [401, 'APIGW.0301', false])
  },
  'refused key, XML': async ({ setting }) => {
    const credentials = { ...setting.tencent.credentials, secretKey: 'WRONGEXAMPLE' }
    const ci = createTencentCiClient({ ...setting.tencent, credentials, endpoint: setting.endpoint })
    const error = await failureOf(ci.createNoiseReductionJob(NOISE_REDUCTION), ApiError)
    same([error.status, error.code, error.mayHaveRun], [401, 'InvalidAuthorization', false])
  },
  'XML error': async ({ ci }) => {
    const error = await failureOf(ci.cancelJob({ jobId: 'none' }), ApiError)
    same([error.status, error.code], [400, 'InvalidArgument'])
    matches(error.requestId, /./)
  },
  'retry of a read': async ({ faulty }) => {
    same((await faulty.ci.listQueues()).QueueList.length, 1)
  },
  'abort before a call': async ({ vod }) => {
    const call = vod.createExtractAudioTask({ asset_id: VIDEO }, { signal: AbortSignal.abort() })
    same((await failureOf(call, AbortedError)).mayHaveRun, false)
  },
  'abort during a call': async ({ faulty }) => {
    await keepConnection(faulty)
    const controller = new AbortController()
    setTimeout(() => {
      controller.abort()
    }, 500)
    const call = faulty.ci.createVoiceSeparateJob(VOICE_SEPARATION, { signal: controller.signal })
    same((await failureOf(call, AbortedError)).mayHaveRun, true)
  },
  timeout: async ({ faulty }) => {
    await keepConnection(faulty)
    const call = faulty.ci.createVoiceSeparateJob(VOICE_SEPARATION, { timeoutMs: 500 })
    same((await failureOf(call, TimeoutError)).mayHaveRun, true)
  },
  'no listener': async ({ setting }) => {
    const ci = createTencentCiClient({ ...setting.tencent, endpoint: setting.closedEndpoint, maxAttempts: 1 })
    const error = await failureOf(ci.createNoiseReductionJob(NOISE_REDUCTION), ConnectionError)
    same(error.mayHaveRun, !setting.isConnectionKnown)
  },
  'lost response': async ({ faulty, setting }) => {
    await keepConnection(faulty)
    const error = await failureOf(faulty.ci.createNoiseReductionJob(NOISE_REDUCTION), ConnectionError)
    same([error.mayHaveRun, error.attempts], [true, 1])
    const found = faulty.ci.findJob(NOISE_REDUCTION, { since: error.startedAt })
    if (setting.isSentAgain) same((await failureOf(found, AmbiguousJobError)).jobs.length, 2)
    else matches((await found).JobId, JOB_ID)
  },
  'truncated response': async ({ faulty }) => {
    const call = faulty.vod.createExtractAudioTask({ asset_id: VIDEO })
    same((await failureOf(call, UnexpectedResponseError)).mayHaveRun, true)
  },
  parseJobCallback: ({ setting }) => {
    const [job] = parseJobCallback(setting.callbacks.job)
    same([job.State, job.confirmed], ['Success', false])
  },
  verifyMfsEvent: async ({ setting }) => {
    const { key, ...callback } = setting.callbacks.mfs
    same((await verifyMfsEvent(callback, { keys: [key] })).event_type, 'audioExtractComplete')
  },
  verifySmnMessage: async ({ setting }) => {
    const { certificate, topicUrn, ...callback } = setting.callbacks.smn
    const message = await verifySmnMessage(callback, { topicUrn, fetchCertificate: async () => certificate })
    same(message.event.event_type, 'audioExtractComplete')
  },
}

/** Ends with a complete response, so that the next call may use its connection. */
async function keepConnection({ vod }) {
  await failureOf(vod.createExtractAudioTask({ asset_id: VIDEO }), UnexpectedResponseError)
}

/** The clients of an emulator, and those of one where calls go wrong. */
export function clientsFor(setting) {
  return { ...clientsOf(setting, setting.endpoint), faulty: clientsOf(setting, setting.faultyEndpoint), setting }
}

function clientsOf({ huawei, tencent }, endpoint) {
  return {
    vod: createHuaweiVodClient({ ...huawei, endpoint }),
    ci: createTencentCiClient({ ...tencent, endpoint }),
  }
}
