import {
  AmbiguousJobError,
  createTencentCiClient,
  tencentCredentialsFromEnv,
  type JobRequest,
} from 'cloud-media-clients'
import { clientOptions, outcomeOf } from './clients.js'
import type { Provider } from './provider.js'
import { noiseReductionOf, voiceSeparationOf } from './requests.js'
import type { Settings } from './settings.js'

/** Redis and the provider have clocks of their own. `UserData` is the file's alone, so an early start finds nothing else. */
const CLOCK_TOLERANCE_MS = 15 * 60_000

export function tencentCi(settings: Settings, onThrottle: (ms: number) => void): Provider {
  const region = process.env['TENCENTCLOUD_REGION'] ?? 'ap-beijing'
  const bucket = process.env['TENCENTCLOUD_BUCKET'] ?? ''
  const credentials = tencentCredentialsFromEnv()
  const ci = createTencentCiClient({ ...clientOptions(settings, onThrottle), region, bucket, credentials })
  const place = { Region: region, Bucket: bucket }
  const { callbackUrl } = settings
  const callback = callbackUrl === undefined ? {} : ({ CallBack: callbackUrl, CallBackFormat: 'JSON' } as const)

  const providerOf = <Request extends JobRequest>(
    requestOf: (file: string, userData: string) => Request,
    create: (request: Request) => Promise<{ JobId: string }>,
  ): Provider => ({
    submit: async (file, userData) => (await create(requestOf(file, userData))).JobId,
    find: async (file, userData, at) => {
      const since = new Date(at.getTime() - CLOCK_TOLERANCE_MS)
      try {
        const job = await ci.findJob(requestOf(file, userData), { since })
        return job === undefined ? [] : [job.JobId]
      } catch (error) {
        // The client cannot know that no other file has this UserData.
        if (error instanceof AmbiguousJobError) return error.jobs.map(({ JobId }) => JobId)
        throw error
      }
    },
    outcomeOf: (id, options) => outcomeOf(id, async () => (await ci.waitForJob(id, options)).Operation?.Output?.Object),
  })

  return settings.operation === 'createVoiceSeparateJob'
    ? providerOf(
        (file, userData) => voiceSeparationOf(file, userData, place, callback),
        (request) => ci.createVoiceSeparateJob(request),
      )
    : providerOf(
        (file, userData) => noiseReductionOf(file, userData, place, callback),
        (request) => ci.createNoiseReductionJob(request),
      )
}
