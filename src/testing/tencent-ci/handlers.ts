import { examples } from '../../../generated/tencent-ci/examples.js'
import type { TencentCiMethods } from '../../../generated/tencent-ci/methods.js'
import { operations } from '../../../generated/tencent-ci/operations.js'
import type { NoiseReductionRequest, VoiceSeparateRequest } from '../../../generated/tencent-ci/types.js'
import { decodeXml } from '../../xml/decode.js'
import type { Handled, Handlers } from '../exchange.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'
import { beijingTime, type Job, type Jobs } from './jobs.js'

type SubmittingOperation = 'createVoiceSeparateJob' | 'createNoiseReductionJob'

/** Runs the operations of CI on the jobs. */
export function createTencentCiHandlers(
  { tencent, now }: EmulatorSettings,
  jobs: Jobs,
  ids: Ids,
): Handlers<TencentCiMethods> {
  const voiceSeparateJob = documentedJob('createVoiceSeparateJob')
  const noiseReductionJob = documentedJob('createNoiseReductionJob')

  return {
    // The default extensions are those of the provider's template pages.
    createVoiceSeparateJob: (request) =>
      submit(
        'createVoiceSeparateJob',
        request,
        voiceSeparateJob,
        request.Operation.VoiceSeparate?.AudioConfig?.Codec ?? 'aac',
      ),
    createNoiseReductionJob: (request) =>
      submit('createNoiseReductionJob', request, noiseReductionJob, request.Operation.NoiseReduction?.Format ?? 'wav'),
  }

  /** Creates a job from its request; the documented job has the rest, such as state and queue. */
  async function submit(
    operation: SubmittingOperation,
    { Input, Operation, QueueId }: VoiceSeparateRequest | NoiseReductionRequest,
    documented: Job,
    extension: string,
  ): Promise<Handled> {
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

/** The job in the documented response. */
function documentedJob(name: SubmittingOperation): Job {
  const [document = ''] = Object.values<string>(examples[name][200])
  const { JobsDetail } = decodeXml(document, [operations[name].response.xml]).value
  // Lint of the specs compares the examples with the schema of this type.
  return (JobsDetail as unknown as [Job])[0]
}
