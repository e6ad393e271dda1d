import type { TencentCiMethods } from '../../../generated/tencent-ci/methods.js'
import { operations } from '../../../generated/tencent-ci/operations.js'
import type { Job } from '../../../generated/tencent-ci/types.js'
import type { CallOptions } from '../../client/options.js'
import { CallbackError } from '../../errors/callback-error.js'
import { ID_LENGTH } from '../../errors/excerpt.js'
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
    throw new CallbackError(OPERATION, 'too-many-jobs', 'too many jobs')
  }
  // Not a rule of CI: every known ID passes, and a forged one must not put any text into a signed URL.
  if (!ids.length || !ids.every((id) => id.length <= ID_LENGTH && /^[\w-]+$/.test(id))) {
    throw new CallbackError(OPERATION, 'invalid-body', 'no job, or a malformed JobId')
  }
  const { items } = await readJobs(client, ids, options)
  return ids.map((id) => {
    const job = items.find(({ JobId }) => JobId === id)
    if (job === undefined) throw new CallbackError(OPERATION, 'job-not-found', `the job ${id} does not exist`)
    // Two names for one field, of which either may be empty.
    const places = [job.Input?.BucketId, job.Input?.Bucket].filter(isText)
    if (bucket !== undefined && places.some((place) => place !== bucket)) {
      throw new CallbackError(OPERATION, 'foreign-job', `the job ${id} is in another bucket`)
    }
    return job
  })
}
