import type { NoiseReductionJob, VoiceSeparateJob } from '../../../generated/tencent-ci/types.js'
import type { EmulatorSettings } from '../options.js'

/** A job, with the fields that a response may have. */
export type Job = VoiceSeparateJob | NoiseReductionJob

/** The jobs that were submitted. */
export interface Jobs {
  /** In their current state, oldest first. */
  readonly list: () => Job[]
  readonly add: (job: Job) => void
}

export function createJobs({ jobDurationMs, now }: EmulatorSettings): Jobs {
  const submitted: { readonly job: Job; readonly at: number }[] = []
  return {
    add: (job) => submitted.push({ job, at: now() }),
    list: () =>
      submitted.map(({ job, at }) => {
        const started = { ...job, StartTime: beijingTime(at) }
        return now() < at + jobDurationMs
          ? { ...started, State: 'Running' }
          : { ...started, State: 'Success', EndTime: beijingTime(at + jobDurationMs) }
      }),
  }
}

/** Such as `2022-06-27T15:23:10+0800`. */
export function beijingTime(now: number): string {
  const hours = 8
  return new Date(now + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, '+0800')
}
