import type { NoiseReductionJob, VoiceSeparateJob } from '../../generated/tencent-ci/types.js'
import { CloudMediaError } from '../errors/errors.js'

/** A job of one of the operations that create jobs. */
export type SubmittedJob = VoiceSeparateJob | NoiseReductionJob

/** Several jobs may be of the submission, or its job may be that of another submission in doubt. */
export class AmbiguousJobError extends CloudMediaError {
  override get name(): 'AmbiguousJobError' {
    return 'AmbiguousJobError'
  }

  /** The jobs that may be of the submission. */
  readonly jobs: readonly SubmittedJob[]

  constructor(jobs: readonly SubmittedJob[]) {
    const ids = jobs.map(({ JobId }) => JobId).join(', ')
    super(`findJob: several submissions may have created ${ids}`, {
      operation: 'findJob',
      attempts: 0,
      mayHaveRun: false,
      hint: 'Compare the jobs with what you know of the submissions. Give each submission a UserData of its own.',
    })
    this.jobs = jobs
  }
}
