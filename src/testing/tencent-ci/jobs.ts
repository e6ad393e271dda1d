import type { NoiseReductionJob } from '../../../generated/tencent-ci/noise-reduction/types.js'
import type { VoiceSeparateJob } from '../../../generated/tencent-ci/voice-separate/types.js'
import type { EmulatorSettings } from '../options.js'

/** A job, with the fields that an answer may show. */
export type Job = VoiceSeparateJob | NoiseReductionJob

/** The jobs that were submitted. */
export interface Jobs {
  /** As they are now, oldest first. */
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

/** As in `2022-06-27T15:23:10+0800`. */
export function beijingTime(now: number): string {
  const hours = 8
  return new Date(now + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, '+0800')
}
