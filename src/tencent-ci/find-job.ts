import { provider as facts } from '../../generated/tencent-ci/provider.js'
import { createNoiseReductionJobRequest, createVoiceSeparateJobRequest } from '../../generated/tencent-ci/schemas.js'
import type { TencentCiMethods } from '../../generated/tencent-ci/methods.js'
import type { Job } from '../../generated/tencent-ci/types.js'
import { readCallOptions, type CallOptions } from '../client/options.js'
import { ConfigurationError } from '../errors/errors.js'
import { localTimeOf } from '../sending/sending-time.js'
import { isText } from '../type-guards.js'
import { AmbiguousJobError, type SubmittedJob } from './ambiguous-job-error.js'
import type { JobRequest, Submissions } from './submissions.js'
import { beijingTime, timeOf } from './times.js'

/** The options of `findJob`. */
export interface FindJobOptions extends Pick<CallOptions, 'signal' | 'timeoutMs'> {
  /** When the submission started: `startedAt` of its error, or a time by the server's clock. */
  readonly since: Date
}

/** What a search needs of its client. */
export interface FindJobContext {
  readonly client: Pick<TencentCiMethods, 'listJobs'>
  readonly submissions: Submissions
  /** The local clock in milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds after which no submission of the client is still under way. */
  readonly totalTimeoutMs: number
}

const TAGS = [createVoiceSeparateJobRequest, createNoiseReductionJobRequest].map(
  ({ properties }) => properties.Tag.const,
)
/** Times of jobs and of the Date header are in whole seconds. */
const ROUNDING_MS = 2_000

/** Finds the job of a submission whose response was lost; undefined if there is none. */
export async function findJob(
  request: JobRequest,
  options: FindJobOptions,
  context: FindJobContext,
): Promise<SubmittedJob | undefined> {
  const { since, ...callOptions } = options
  check(request, since, callOptions)
  const { submissions, totalTimeoutMs } = context
  const startedMs = localTimeOf(since)
  const jobs: SubmittedJob[] = []
  for (const tag of request.Tag === undefined ? TAGS : [request.Tag]) {
    for await (const job of jobsSince(tag, request, since, callOptions, context)) {
      if (isOf(job, request) && !submissions.isOfAnother(job.JobId, startedMs)) jobs.push(job)
    }
  }
  const [job, other] = jobs
  if (job === undefined) return undefined
  const earliestRival = (startedMs ?? since.getTime()) - totalTimeoutMs
  const rivals = submissions.othersInDoubt(startedMs, (submitted) => isOf(submitted, request))
  if (other !== undefined || rivals.some((rival) => rival.startedMs >= earliestRival)) throw new AmbiguousJobError(jobs)
  submissions.found(job.JobId, startedMs)
  return job
}

/** @throws ConfigurationError */
function check(request: JobRequest, since: unknown, callOptions: CallOptions): void {
  if (!hasSource(request)) {
    throw new ConfigurationError('request', 'must be the request of the submission, with Input.Object')
  }
  readCallOptions(callOptions)
  if (!(since instanceof Date) || Number.isNaN(since.getTime())) {
    throw new ConfigurationError('since', 'must be a valid Date, such as startedAt of an error')
  }
}

function hasSource(request: JobRequest): boolean {
  try {
    return isText(request.Input.Object)
  } catch {
    // A JavaScript caller may pass anything.
    return false
  }
}

/** The jobs with the source of the request that were created since, on all pages. */
async function* jobsSince(
  tag: (typeof TAGS)[number],
  request: JobRequest,
  since: Date,
  callOptions: CallOptions,
  { client, now }: FindJobContext,
): AsyncGenerator<SubmittedJob> {
  // Had the clock been further off, the server would have rejected the signature.
  const earliestMs = since.getTime() - facts.clockToleranceMs - ROUNDING_MS
  const startCreationTime = beijingTime(earliestMs)
  const query = { tag, inputObject: request.Input.Object, startCreationTime, size: 100 }
  let startMs: number | undefined
  let token = ''
  for (;;) {
    const askedMs = now()
    const page = await client
      .listJobs(token === '' ? query : { ...query, nextToken: token }, callOptions)
      .withResponse()
    startMs ??= startOf(since, page.response, (askedMs + now()) / 2) ?? earliestMs
    for (const job of page.data.JobsDetail) if (isSubmitted(job) && isSince(job, startMs)) yield job
    const next = page.data.NextToken ?? ''
    if (next === '' || next === token) return
    token = next
  }
}

/** When the submission started by the server's clock, rounded down; undefined if the response does not show its clock. */
function startOf(since: Date, { headers }: Response, localMs: number): number | undefined {
  const startedMs = localTimeOf(since)
  if (startedMs === undefined) return since.getTime() - ROUNDING_MS
  const dateMs = Date.parse(headers.get(facts.headers.date) ?? '')
  return Number.isNaN(dateMs) ? undefined : startedMs + (dateMs - localMs) - ROUNDING_MS
}

function isSubmitted(job: Job): job is SubmittedJob {
  return TAGS.some((tag) => tag === job.Tag)
}

/** A job without a readable time may be the one. */
function isSince({ CreationTime }: SubmittedJob, startMs: number): boolean {
  return (timeOf(CreationTime) ?? Infinity) >= startMs
}

/** Whether a job, or another request, has everything that the request asks for. */
function isOf({ Input, QueueId, Operation }: SubmittedJob | JobRequest, request: JobRequest): boolean {
  const { Output, TemplateId, UserData = '' } = request.Operation
  const outputs: Readonly<Record<string, string | undefined>> = { ...Operation?.Output }
  return (
    Input?.Object === request.Input.Object &&
    (Operation?.UserData ?? '') === UserData &&
    isSame(Operation?.TemplateId, TemplateId) &&
    isSame(QueueId, request.QueueId) &&
    Object.entries<string>({ ...Output }).every(([name, requested]) => isNamed(outputs[name], requested))
  )
}

/** A field that one of them leaves out says nothing. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other
}

/** The server replaces placeholders such as `${jobid}`. */
function isNamed(returned: string | undefined, requested: string): boolean {
  if (returned === undefined || requested === '' || returned === requested) return true
  const pattern = requested.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&').replace(/\\\$\\\{\w+\\\}/g, '.+')
  return new RegExp(`^${pattern}$`, 's').test(returned)
}
