// Compiled by `npm run typecheck`; each @ts-expect-error is an error itself where the line below it compiles.
import {
  createHuaweiVodClient,
  createTencentCiClient,
  JobFailedError,
  WaitTimeoutError,
  type AssetInfo,
  type AssetPoll,
  type Job,
  type JobPoll,
  type NoiseReductionJob,
  type VoiceSeparateJob,
  type WaitForJobOptions,
} from '../../src/index.js'

const vod = createHuaweiVodClient({ region: 'cn-north-4', projectId: 'p', credentials: { token: 't' } })
const ci = createTencentCiClient({ endpoint: 'http://127.0.0.1', credentials: { secretId: 'i', secretKey: 'k' } })
declare function use(...values: unknown[]): void

/** Never run: only the types matter. */
export async function jobs(voice: VoiceSeparateJob, noise: NoiseReductionJob): Promise<void> {
  // A job keeps its type, an ID has any.
  const separated: VoiceSeparateJob = await ci.waitForJob(voice)
  const cleaned: NoiseReductionJob = await ci.waitForJob(noise, { onPoll: ({ job }) => job.Operation?.NoiseReduction })
  const any: Job = await ci.waitForJob('j1')
  // @ts-expect-error -- the type of the job is not known
  const wrong: NoiseReductionJob = await ci.waitForJob('j1')
  if (any.Tag === 'VoiceSeparate') use(any.Operation?.VoiceSeparate?.AudioMode)
  const options: WaitForJobOptions = { onPoll: ({ job, state, progress }: JobPoll) => [job.JobId, state, progress] }
  await ci.waitForJob(voice, options)
  // @ts-expect-error -- an option is misspelled
  await ci.waitForJob('j1', { timeout: 5 })
  // @ts-expect-error -- a task is not a job
  await ci.waitForJob({ audio_asset_id: 'a' })
  for await (const { JobId, State } of ci.eachJob({ tag: 'NoiseReduction' }, { limit: 5 })) use(JobId, State)
  // @ts-expect-error -- the tag is missing
  ci.eachJob({})
  use(separated, cleaned, wrong)
}

/** Never run: only the types matter. */
export async function assets(): Promise<void> {
  const audio: AssetInfo = await vod.waitForAsset('a1', { onPoll: ({ asset }: AssetPoll) => asset.status })
  for await (const { asset_id } of vod.eachAsset()) use(asset_id)
  await vod.waitForAsset('a1', {
    // @ts-expect-error -- an asset has no job
    onPoll: ({ job }) => {
      use(job)
    },
  })
  use(audio)
}

export function stateOf(error: unknown): string | undefined {
  if (error instanceof JobFailedError) return error.job?.State ?? error.code
  return error instanceof WaitTimeoutError ? (error.asset?.status ?? error.job?.State) : undefined
}
