import type { NoiseReductionJob, VoiceSeparateJob } from '../../generated/tencent-ci/types.js'
import { CloudMediaError } from '../errors/errors.js'

/** A job of one of the operations that create jobs. */
export type SubmittedJob = VoiceSeparateJob | NoiseReductionJob

/** Several jobs may belong to the submission, or its job may belong to another submission that may have run. */
export class AmbiguousJobError extends CloudMediaError {
  override get name(): 'AmbiguousJobError' {
    return 'AmbiguousJobError'
  }

  /** The jobs that may belong to the submission. */
  readonly jobs: readonly SubmittedJob[]

  constructor(jobs: readonly SubmittedJob[]) {
    const ids = jobs.map(({ JobId }) => JobId).join(', ')
    super(`findJob: several submissions may have created ${ids}`, {
      operation: 'findJob',
      attempts: 0,
      mayHaveRun: false,
      hint: 'Compare the jobs with what you know of the submissions. Give each submission its own UserData.',
    })
    this.jobs = jobs
  }
}
