// The documented responses, from the specs.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const SPECS = path.join(import.meta.dirname, '../../generated/specs')

/** Status, content type, and body by operation, and an ID of the body, which every result must have. */
export const answers = {
  createExtractAudioTask: answer('huawei-vod', 'createExtractAudioTask', '202', 'created'),
  unpublishAssets: answer('huawei-vod', 'unpublishAssets', '200', 'two-failures'),
  createVoiceSeparateJob: answer('tencent-ci-voice-separate', 'createVoiceSeparateJob', '200', 'example-2'),
  createNoiseReductionJob: answer('tencent-ci-noise-reduction', 'createNoiseReductionJob', '200', 'example-2'),
  listAssets: answer('huawei-vod', 'listAssets', '200', 'creating-and-missing'),
  getJobs: answer('tencent-ci-jobs', 'getJobs', '200', 'running'),
}

function answer(document, operationId, status, example) {
  const { paths } = JSON.parse(readFileSync(path.join(SPECS, `${document}.json`), 'utf8'))
  const operations = Object.values(paths).flatMap((item) => Object.values(item))
  const { responses } = operations.find((operation) => operation.operationId === operationId)
  const [[contentType, { examples }]] = Object.entries(responses[status].content)
  const { value } = examples[example]
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  const [, id] = /(?:asset_id":"|<JobId>)(\w+)/.exec(body)
  return { status: Number(status), contentType, body, id }
}
