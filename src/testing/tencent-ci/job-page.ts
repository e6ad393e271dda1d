import type { ListJobsRequest, ListJobsResponse } from '../../../generated/tencent-ci/types.js'
import { timeOf } from '../../tencent-ci/times.js'
import type { Job } from './jobs.js'

/** Stands for every state in a filter. */
const ALL = 'All'
const EARLIEST_FIRST = 'Asc'

/** One page of the jobs that match all filters; undefined if the token is not that of a page. */
export function jobPage(jobs: readonly Job[], request: ListJobsRequest): ListJobsResponse | undefined {
  const { orderByTime, nextToken = '', size = 10 } = request
  const ordered = orderByTime === EARLIEST_FIRST ? jobs : jobs.toReversed()
  // A token is the ID of the last job of its page, so that new jobs and new states do not move the next page.
  const last = ordered.findIndex(({ JobId }) => JobId === nextToken)
  if (nextToken !== '' && last === -1) return undefined
  const matching = ordered.slice(last + 1).filter((job) => matches(job, request))
  const JobsDetail = matching.slice(0, size)
  const hasNext = matching.length > size
  return { JobsDetail, NextToken: hasNext ? (JobsDetail.at(-1)?.JobId ?? '') : '' }
}

function matches(job: Job, request: ListJobsRequest): boolean {
  const { tag, queueId, queueType, states = [ALL], inputObject, startCreationTime, endCreationTime } = request
  const created = timeOf(job.CreationTime) ?? NaN
  return (
    job.Tag === tag &&
    (queueId === undefined ? (queueType ?? job.QueueType) === job.QueueType : queueId === job.QueueId) &&
    (states.includes(ALL) || states.includes(job.State ?? '')) &&
    (inputObject ?? job.Input?.Object) === job.Input?.Object &&
    (startCreationTime === undefined || created >= (timeOf(startCreationTime) ?? NaN)) &&
    (endCreationTime === undefined || created <= (timeOf(endCreationTime) ?? NaN)) &&
    // The emulator has neither workflows nor batches.
    request.workflowId === undefined &&
    request.inventoryTriggerJobId === undefined
  )
}
