// The documented responses, from the specs.
import { readFileSync } from 'node:fs'
import path from 'node:path'

const SPECS = path.join(import.meta.dirname, '../../generated/specs')

/** Status, content type, and body by operation. */
export const answers = {
  createExtractAudioTask: answer('huawei-vod', 'createExtractAudioTask', '202', 'created'),
  unpublishAssets: answer('huawei-vod', 'unpublishAssets', '200', 'two-failures'),
  createVoiceSeparateJob: answer('tencent-ci-voice-separate', 'createVoiceSeparateJob', '200', 'example-2'),
  createNoiseReductionJob: answer('tencent-ci-noise-reduction', 'createNoiseReductionJob', '200', 'example-2'),
}

function answer(document, operationId, status, example) {
  const { paths } = JSON.parse(readFileSync(path.join(SPECS, `${document}.json`), 'utf8'))
  const { post } = Object.values(paths).find((item) => item.post?.operationId === operationId)
  const [[contentType, { examples }]] = Object.entries(post.responses[status].content)
  const { value } = examples[example]
  return { status: Number(status), contentType, body: typeof value === 'string' ? value : JSON.stringify(value) }
}
