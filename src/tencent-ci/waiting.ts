import type { TencentCiMethods } from '../../generated/tencent-ci/methods.js'
import { jobState } from '../../generated/tencent-ci/states.js'
import type { Job, ListJobsRequest } from '../../generated/tencent-ci/types.js'
import type { CloudMediaError } from '../errors/errors.js'
import {
  JobCancelledError,
  JobFailedError,
  JobNotFoundError,
  WaitTimeoutError,
  type WaitFailure,
} from '../errors/wait-errors.js'
import type { Settings } from '../sending/settings.js'
import { isRecord, isText } from '../type-guards.js'
import type { PollFacts, WaitOptions } from '../waiting/options.js'
import { eachItem, type EachOptions } from '../waiting/pages.js'
import { SharedReads } from '../waiting/shared-reads.js'
import { startWait } from '../waiting/start-wait.js'
import type { Ending, Watched } from '../waiting/watched.js'
import { readJobs } from './read-jobs.js'

/** The result of one read of a job, as `onPoll` receives it. */
export interface JobPoll<AnyJob extends Job = Job> extends PollFacts {
  /** The job. */
  readonly job: AnyJob
}

/** The options of waitForJob. */
export type WaitForJobOptions<AnyJob extends Job = Job> = WaitOptions<JobPoll<AnyJob>>

/** The methods around jobs that are not operations of the spec. */
export interface TencentCiWaiting {
  /**
   * Wait for a job.
   *
   * Reads the job until its state is `Success`, at least once. The delay between reads grows from 2 to 30 seconds, and
   * is shorter if `Progress` shows that the end is near. All waits of the client share their reads, ten jobs per
   * request. A read that fails temporarily (no connection, a timeout, a server error, throttling) is retried until
   * `timeoutMs`. Any other error ends the wait. An unknown state counts as running.
   *
   * To resume after a timeout, an abort, or a restart, wait again with the ID.
   *
   * @param job a job, whose type the result has, or the ID of one
   * @throws JobFailedError, JobCancelledError, JobNotFoundError, WaitTimeoutError, AbortedError, ConfigurationError, and
   * the errors of getJobs
   */
  waitForJob<AnyJob extends Job = Job>(job: AnyJob | string, options?: WaitForJobOptions<AnyJob>): Promise<AnyJob>

  /**
   * Iterate over all jobs that match.
   *
   * Calls listJobs once per page, when the first job of the page is requested.
   *
   * @param query the request of listJobs. `size` is the size of a page; default: 100
   * @throws ConfigurationError, and the errors of listJobs
   */
  eachJob(query: ListJobsRequest, options?: EachOptions): AsyncGenerator<Job, void, undefined>
}

/** CI may take a moment until it can read a new job. */
const GRACE_MS = 5_000

export function createWaiting(
  client: Pick<TencentCiMethods, 'getJobs' | 'listJobs'>,
  settings: Settings,
): TencentCiWaiting {
  const watched: Watched<Job> = {
    operation: 'waitForJob',
    read: (ids, signal) => readJobs(client, ids, { signal }),
    idOf: ({ JobId }) => JobId,
    stateOf: ({ State }) => State,
    progressOf: ({ Progress }) => (isText(Progress) ? Number(Progress) : undefined),
    states: jobState,
    graceMs: GRACE_MS,
    errorOf,
  }
  const reads = new SharedReads(watched, settings)
  return {
    waitForJob: async <AnyJob extends Job>(job: AnyJob | string, options?: WaitForJobOptions<AnyJob>) => {
      // The type of a job never changes.
      const pollOf = (facts: PollFacts, read: Job): JobPoll<AnyJob> => ({ ...facts, job: read as AnyJob })
      const idOf = (): unknown => (isRecord(job) ? job.JobId : job)
      return (await startWait(reads, idOf, options, pollOf)) as AnyJob
    },
    eachJob: (query, options) =>
      eachItem(
        {
          read: async (nextToken: string | undefined, size, signal) => {
            const page = { ...query, size: query.size ?? size, ...(nextToken !== undefined && { nextToken }) }
            const { JobsDetail, NextToken } = await client.listJobs(page, { ...(signal && { signal }) })
            return { items: JobsDetail, next: isText(NextToken) ? NextToken : undefined }
          },
          idOf: ({ JobId }) => JobId,
        },
        options,
      ),
  }
}

function errorOf(ending: Ending, failure: WaitFailure<Job>): CloudMediaError {
  const { item } = failure
  switch (ending.kind) {
    case 'failed':
      return new JobFailedError({ code: item?.Code, providerMessage: item?.Message ?? '' }, failure)
    case 'cancelled':
      return new JobCancelledError(failure)
    case 'missing':
      return new JobNotFoundError(failure)
    case 'timeout':
      return new WaitTimeoutError(ending.timeoutMs, ending.state, { job: item }, failure)
  }
}
