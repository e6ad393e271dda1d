import type { TencentCiMethods } from '../../../generated/tencent-ci/methods.js'
import { operations } from '../../../generated/tencent-ci/operations.js'
import type { Job } from '../../../generated/tencent-ci/types.js'
import type { CallOptions } from '../../client/options.js'
import { CallbackError } from '../../errors/callback-error.js'
import { RequestValidationError } from '../../errors/errors.js'
import { readCallback, type CallbackBody, type CallbackInput } from '../../receiving/input.js'
import { isText } from '../../type-guards.js'
import { readJobs } from '../read-jobs.js'
import { jobsIn } from './jobs-in.js'

const OPERATION = 'confirmCallback'
const { request, response } = operations.getJobs
const { maxItems: MAX_JOBS } = request.properties.jobIds

/** Reads the jobs that a callback names. Of the callback, only the IDs are used. */
export async function confirmCallback(
  input: CallbackInput | CallbackBody,
  client: Pick<TencentCiMethods, 'getJobs'>,
  bucket: string | undefined,
  options?: CallOptions,
): Promise<Job[]> {
  const { text } = await readCallback(OPERATION, input)
  // The jobs of a callback have the form of those that are read. A table of their own would be in every bundle.
  const ids = [...new Set(jobsIn(OPERATION, text, response).map(({ JobId }) => JobId))]
  // A forged callback must not cause more than one request.
  if (ids.length > MAX_JOBS) {
    throw new CallbackError(OPERATION, 'too-many-jobs', `there are more than ${String(MAX_JOBS)} jobs`)
  }
  const { items } = await readJobs(client, ids, options).catch((error: unknown) => {
    if (!(error instanceof RequestValidationError)) throw error
    throw new CallbackError(OPERATION, 'invalid-body', 'there is no job, or a malformed JobId', { cause: error })
  })
  return ids.map((id) => {
    const job = items.find(({ JobId }) => JobId === id)
    if (job === undefined) throw new CallbackError(OPERATION, 'job-not-found', `the job ${id} does not exist`)
    const place = job.Input?.BucketId ?? job.Input?.Bucket
    if (bucket !== undefined && isText(place) && place !== bucket) {
      throw new CallbackError(OPERATION, 'foreign-job', `the job ${id} belongs to another bucket`)
    }
    return job
  })
}
