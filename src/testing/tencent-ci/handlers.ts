import * as codes from '../../../generated/tencent-ci/codes.js'
import type { TencentCiMethods } from '../../../generated/tencent-ci/methods.js'
import { jobState } from '../../../generated/tencent-ci/states.js'
import type { NoiseReductionRequest, VoiceSeparateRequest } from '../../../generated/tencent-ci/types.js'
import { beijingTime } from '../../tencent-ci/times.js'
import type { Handled, Handlers } from '../exchange.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'
import { jobNotQueued, submittedJobs } from './documented.js'
import { jobPage } from './job-page.js'
import { SUBMITTED, type Job, type Jobs } from './jobs.js'
import { audioQueuePage, queuePage } from './queue-page.js'

/** Runs the operations of CI on the jobs. */
export function createTencentCiHandlers(
  { tencent, now }: EmulatorSettings,
  jobs: Jobs,
  ids: Ids,
): Handlers<TencentCiMethods> {
  return {
    // The default extensions are those of the provider's template pages.
    createVoiceSeparateJob: (request) =>
      submit('createVoiceSeparateJob', request, request.Operation.VoiceSeparate?.AudioConfig?.Codec ?? 'aac'),
    createNoiseReductionJob: (request) =>
      submit('createNoiseReductionJob', request, request.Operation.NoiseReduction?.Format ?? 'wav'),
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
    { Input, Operation, QueueId }: VoiceSeparateRequest | NoiseReductionRequest,
    extension: string,
  ): Promise<Handled> {
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
    jobs.add(job, operation)
    return { body: { JobsDetail: [job] } }
  }
}
