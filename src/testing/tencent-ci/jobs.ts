import { operations } from '../../../generated/tencent-ci/operations.js'
import { jobState } from '../../../generated/tencent-ci/states.js'
import type { JobState, NoiseReductionJob, VoiceSeparateJob } from '../../../generated/tencent-ci/types.js'
import { beijingTime } from '../../tencent-ci/times.js'
import type { Callbacks } from '../callbacks.js'
import type { EmulatorSettings } from '../options.js'
import { Plans, type Submissions } from '../plans.js'
import { resultsOf } from './results.js'

/** A job, with the fields that a response may have. */
export type Job = VoiceSeparateJob | NoiseReductionJob

/** What becomes of a job. */
export interface JobOutcome {
  /** A state of the spec, or one that it does not have. */
  readonly State: JobState
  /** The error code of a failed job. Default: `Success`, as in a new job. */
  readonly Code?: string
  /** The explanation of the code. Default: that of a new job. */
  readonly Message?: string
}

/** The jobs that were submitted. */
export interface Jobs {
  /** In their current state, oldest first. */
  readonly list: () => Job[]
  readonly find: (id: string) => Job | undefined
  /** Adds a job that an operation has submitted. Calls back once if it succeeds or fails. */
  readonly add: (job: Job, operation: string, callBack?: (ended: Job) => void) => void
  /** Changes a job now. Returns whether there is one. */
  readonly settle: (id: string, outcome: JobOutcome) => boolean
  /** Decides what becomes of jobs to come. */
  readonly plan: (submissions: Submissions, outcome: JobOutcome) => void
}

/** Queued: the state in which a job can be canceled. */
export const SUBMITTED = 'Submitted'
const RUNNING = 'Running'
const PAUSED = 'Pause'
const [SUCCESS] = jobState.succeeded
/** States of a job that has not started: a paused queue holds its jobs, and only a queued job can be canceled. */
const QUEUED: readonly JobState[] = [SUBMITTED, PAUSED, ...jobState.cancelled]
const COMPLETE: readonly JobState[] = [SUCCESS, ...jobState.failed]
const FINAL: readonly JobState[] = [...COMPLETE, ...jobState.cancelled]

/** A job is queued until `startsAt`, runs until `settledAt`, and then has its outcome. Times are milliseconds since 1970. */
interface Entry {
  readonly job: Job
  readonly startsAt: number
  readonly settledAt: number
  readonly outcome: JobOutcome
  readonly callBack: ((ended: Job) => void) | undefined
}

export function createJobs(
  { queueDurationMs, jobDurationMs, now }: EmulatorSettings,
  { plan }: Pick<Callbacks, 'plan'>,
): Jobs {
  const entries = new Map<string, Entry>()
  const plans = new Plans<JobOutcome>()

  function current({ job, startsAt, settledAt, outcome }: Entry): Job {
    const time = now()
    const isSettled = time >= settledAt
    const reached = isSettled ? outcome : { State: time >= startsAt ? RUNNING : SUBMITTED }
    const { State } = reached
    const worksUntil = State === RUNNING ? time : Math.min(time, settledAt)
    const hasStarted = worksUntil >= startsAt
    return {
      ...job,
      ...reached,
      ...(hasStarted && { StartTime: beijingTime(startsAt), Progress: progress(worksUntil - startsAt, State) }),
      ...(FINAL.includes(State) && { EndTime: beijingTime(settledAt) }),
      ...(State === SUCCESS && withResults(job)),
    }
  }

  /** Percent of the duration. A job that has not succeeded never shows 100. */
  function progress(elapsedMs: number, state: JobState): string {
    if (state === SUCCESS) return '100'
    // A job without duration that was settled as running has worked for 0 of 0 ms.
    return String(Math.min(99, Math.floor((100 * elapsedMs) / Math.max(1, jobDurationMs))))
  }

  function put(entry: Entry): void {
    const { job, outcome, settledAt, callBack } = entry
    entries.set(job.JobId, entry)
    if (callBack === undefined) return
    plan(job.JobId, COMPLETE.includes(outcome.State) ? settledAt : Infinity, () => {
      callBack(current(entry))
    })
  }

  return {
    list: () => [...entries.values()].map(current),
    find: (id) => {
      const entry = entries.get(id)
      return entry && current(entry)
    },
    add: (job, operation, callBack) => {
      const outcome = plans.take(operation, job.Input?.Object ?? '') ?? { State: SUCCESS }
      const startsAt = now() + queueDurationMs
      const runsUntil = outcome.State === RUNNING ? startsAt : startsAt + jobDurationMs
      const settledAt = QUEUED.includes(outcome.State) ? now() : runsUntil
      put(settled({ job, startsAt, callBack }, outcome, settledAt))
    },
    settle: (id, outcome) => {
      const entry = entries.get(id)
      if (entry !== undefined) put(settled(entry, outcome, now()))
      return entry !== undefined
    },
    plan: (submissions, outcome) => {
      plans.add(submissions, outcome)
    },
  }
}

/** The entry with an outcome that it has from `settledAt` on. */
function settled(
  { job, startsAt, callBack }: Pick<Entry, 'job' | 'startsAt' | 'callBack'>,
  outcome: JobOutcome,
  settledAt: number,
): Entry {
  const { State } = outcome
  const neverStarts = State === SUBMITTED || (QUEUED.includes(State) && settledAt <= startsAt)
  const hasStarted = State === RUNNING || COMPLETE.includes(State)
  const start = neverStarts ? Infinity : hasStarted ? Math.min(startsAt, settledAt) : startsAt
  return { job, startsAt: start, settledAt, outcome, callBack }
}

/** The fields that a job of voice separation has when it is complete; the noise reduction page shows none. */
function withResults(job: Job): Partial<Job> {
  if (job.Tag !== operations.createVoiceSeparateJob.constants.Tag) return {}
  return { Operation: { ...job.Operation, ...resultsOf(job) } }
}
