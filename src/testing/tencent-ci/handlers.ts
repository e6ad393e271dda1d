import * as codes from '../../../generated/tencent-ci/codes.js'
import type { TencentCiMethods } from '../../../generated/tencent-ci/methods.js'
import { callBackType } from '../../../generated/tencent-ci/schemas.js'
import { jobState } from '../../../generated/tencent-ci/states.js'
import type { NoiseReductionRequest, VoiceSeparateRequest } from '../../../generated/tencent-ci/types.js'
import { beijingTime } from '../../tencent-ci/times.js'
import type { Callbacks } from '../callbacks.js'
import type { ArrivedRequest, Handled, Handlers } from '../exchange.js'
import type { Ids } from '../ids.js'
import { jobCallback } from '../job-callback.js'
import type { EmulatorSettings } from '../options.js'
import { jobNotQueued, submittedJobs } from './documented.js'
import type { SignedCallback } from '../signed-callback.js'
import { jobPage } from './job-page.js'
import { SUBMITTED, type Job, type Jobs } from './jobs.js'
import { audioQueuePage, queuePage } from './queue-page.js'

/** The value of `CallBack` that turns off the callback of the queue. */
const NO_CALLBACK = 'no'
const [BY_URL] = callBackType.enum

/** Runs the operations of CI on the jobs. */
export function createTencentCiHandlers(
  { tencent, now }: EmulatorSettings,
  jobs: Jobs,
  ids: Ids,
  callbacks: Callbacks,
): Handlers<TencentCiMethods> {
  return {
    // The default extensions are those of the provider's template pages.
    createVoiceSeparateJob: (request, headers) =>
      submit('createVoiceSeparateJob', request, headers, request.Operation.VoiceSeparate?.AudioConfig?.Codec ?? 'aac'),
    createNoiseReductionJob: (request, headers) =>
      submit('createNoiseReductionJob', request, headers, request.Operation.NoiseReduction?.Format ?? 'wav'),
    getJobs: ({ jobIds }) => ({
      body: {
        JobsDetail: jobIds.flatMap((id) => jobs.find(id) ?? []),
        NonExistJobIds: jobIds.filter((id) => jobs.find(id) === undefined),
      },
    }),
    listJobs: (request) => {
      const body = jobPage(jobs.list(), request)
      return body === undefined ? { code: codes.InvalidArgument, message: 'nextToken is not that of a page' } : { body }
    },
    cancelJob: ({ jobId }) => {
      // The message is documented, the code and the status are assumed, also for a job that does not exist (ERRATA 190).
      if (jobs.find(jobId)?.State !== SUBMITTED) {
        return { code: codes.InvalidArgument, status: 400, message: jobNotQueued.Message }
      }
      jobs.settle(jobId, { State: jobState.cancelled[0] })
      return { body: undefined }
    },
    listQueues: (request) => ({ body: queuePage(request) }),
    listAudioQueues: (request) => ({ body: audioQueuePage(request) }),
  }

  /** Creates a job from its request; the documented job has the rest, such as state and queue. */
  async function submit(
    operation: keyof typeof submittedJobs,
    request: VoiceSeparateRequest | NoiseReductionRequest,
    headers: ArrivedRequest['headers'],
    extension: string,
  ): Promise<Handled> {
    const { Input, Operation, QueueId } = request
    const documented: Job = submittedJobs[operation]
    const JobId = `j${await ids('job')}`
    const fill = (name: string): string => name.replaceAll('${jobid}', JobId).replaceAll('${ext}', extension)
    const Output = Object.fromEntries(
      Object.entries({ ...Operation.Output }).map(([field, name]) => [field, fill(name)]),
    )
    // Only the noise reduction page shows the place of the source.
    const hasPlace = documented.Input?.BucketId !== undefined
    const job: Job = {
      ...documented,
      ...(QueueId !== undefined && { QueueId }),
      JobId,
      CreationTime: beijingTime(now()),
      Input: { ...(hasPlace && { BucketId: tencent.bucket, Region: tencent.region }), ...Input },
      Operation: { ...Operation, Output },
    }
    jobs.add(job, operation, callerBack(request, headers))
    return { body: { JobsDetail: [job] } }
  }

  /** Returns what calls back once the job has ended; undefined if nothing does. The queues have no callback. */
  function callerBack(
    { CallBack: url, CallBackFormat: format, CallBackType }: VoiceSeparateRequest | NoiseReductionRequest,
    headers: ArrivedRequest['headers'],
  ): ((ended: Job) => void) | undefined {
    if (url === undefined || url === NO_CALLBACK || (CallBackType ?? BY_URL) !== BY_URL) return undefined
    return (ended) => {
      const sign = (): SignedCallback => jobCallback(ended, { ...(format !== undefined && { format }) })
      callbacks.sendToJob({ kind: 'job', id: ended.JobId, url, sign }, headers['origin'] !== undefined)
    }
  }
}
