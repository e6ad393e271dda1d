import { operations as huaweiVod } from '../../generated/huawei-vod/operations.js'
import { operations as tencentCi } from '../../generated/tencent-ci/operations.js'
import type { CallBackFormat, Job, JobCallbackJson } from '../../generated/tencent-ci/types.js'
import { callBackFormat } from '../../generated/tencent-ci/schemas.js'
import { jobFinished } from '../../generated/tencent-ci/webhooks.js'
import { encodeXml } from '../xml/encode.js'
import { demand } from './checks.js'
import type { SignedCallback } from './signed-callback.js'

const { createNoiseReductionJob, getJobs } = tencentCi

const { constants } = jobFinished.messages.JobCallback

/** How to write a callback. */
export interface JobCallbackOptions {
  /** The format of the body. Default: `XML`, as for a job without `CallBackFormat`. */
  readonly format?: CallBackFormat
}

/**
 * The callback of one job or of several, as CI sends it to the `CallBack` URL of a job. Nothing signs it: put a secret
 * into the path of the URL. In JSON, a single noise reduction has no list around it, as documented.
 *
 * @throws TypeError for another format, and XmlEncodeError for what XML cannot carry
 */
export function jobCallback(jobs: Job | readonly Job[], { format }: JobCallbackOptions = {}): SignedCallback {
  const formats: readonly unknown[] = [undefined, ...callBackFormat.enum]
  demand(formats.includes(format), `jobCallback: format must be one of ${callBackFormat.enum.join(', ')}`)
  const list = [jobs].flat()
  const event = { ...constants, JobsDetail: list }
  if (format !== 'JSON') {
    return { headers: { 'content-type': getJobs.response.contentType }, body: encodeXml(jobFinished.xml, event) }
  }
  const [job] = list
  const isAlone = list.length === 1 && job?.Tag === createNoiseReductionJob.constants.Tag
  const document: JobCallbackJson = isAlone ? { ...event, JobsDetail: job } : event
  return {
    // Not documented.
    headers: { 'content-type': huaweiVod.createExtractAudioTask.response.contentType },
    body: JSON.stringify(document),
  }
}
