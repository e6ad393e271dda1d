import { readFileSync } from 'node:fs'
import { createEmulator, type Emulator } from '../../src/testing/index.js'
import { createHuaweiVodClient } from '../../src/huawei-vod/index.js'
import { createTencentCiClient } from '../../src/tencent-ci/index.js'
import { textOf, objectOf, listOf } from './bundled.js'
import { specOperations } from './operations.js'

/** A sample of an operation, as the bundled spec has it. */
export interface CodeSample {
  readonly id: string
  readonly provider: string
  readonly lang: string
  readonly source: string
  /** The status of the operation's success. */
  readonly success: number
}

/** The samples of all operations. */
export const codeSamples: readonly CodeSample[] = specOperations.flatMap(({ id, provider, operation }) =>
  listOf(operation['x-codeSamples'])
    .map(objectOf)
    .map(({ lang, source }) => ({
      id,
      provider,
      lang: textOf(lang),
      source: textOf(source),
      success: Number(Object.keys(objectOf(operation['responses'])).find((status) => status.startsWith('2'))),
    })),
)

/** The file that a sample is written in. */
export function sampleFile({ id, provider }: Pick<CodeSample, 'id' | 'provider'>, extension: string): string {
  return readFileSync(`specs/${provider}/code-samples/${id}.${extension}`, 'utf8')
}

/** An emulator with what the samples need: jobs that are queued, and an extraction that is. */
export async function emulatorWithJobs(id: string): Promise<Emulator> {
  const emulator = createEmulator(id.startsWith('cancel') ? { queueDurationMs: 60_000 } : {})
  const { huawei, tencent } = emulator.options
  const ci = createTencentCiClient({ ...tencent, fetch: emulator.fetch })
  const request = { Input: { Object: 'recording.wav' }, Operation: { Output: { Object: 'out/clean.wav' } } }
  await ci.createNoiseReductionJob(request)
  await ci.createNoiseReductionJob(request)
  if (id === 'cancelExtractAudioTask') {
    const vod = createHuaweiVodClient({ ...huawei, region: 'cn-north-4', fetch: emulator.fetch })
    for (const { asset_id } of huawei.assets) await vod.createExtractAudioTask({ asset_id })
  }
  return emulator
}

/** The sample with IDs of jobs that exist. */
export function withJobsOf(emulator: Emulator, { source }: CodeSample): string {
  const ids = emulator.jobs().map(({ JobId }) => JobId)
  const named = new Map<string, string>()
  return source.replaceAll(/\bj[0-9a-f]{32}\b/g, (id) => {
    const jobId = named.get(id) ?? ids.shift()
    if (jobId === undefined) throw new Error(`no job is left for ${id}`)
    named.set(id, jobId)
    return jobId
  })
}
