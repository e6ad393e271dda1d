import { examples } from '../../../generated/tencent-ci/examples.js'
import { operations } from '../../../generated/tencent-ci/operations.js'
import type {
  NoiseReductionResponse,
  Queue,
  TencentErrorResponse,
  VoiceSeparateResponse,
} from '../../../generated/tencent-ci/types.js'
import { errorElement } from '../../../generated/tencent-ci/xml.js'
import { decodeXml } from '../../xml/decode.js'
import type { XmlElement } from '../../xml/element.js'

// What the emulator takes from the documented responses. Lint of the specs compares each with the schema of its type.
const { createVoiceSeparateJob, createNoiseReductionJob, getJobs, listQueues } = operations

const voiceSeparate = read(createVoiceSeparateJob.response.xml, examples.createVoiceSeparateJob[200].both)
const noiseReduction = read(createNoiseReductionJob.response.xml, examples.createNoiseReductionJob[200]['example-2'])
const finished = read(getJobs.response.xml, examples.getJobs[200].finished)
const queues = read(listQueues.response.xml, examples.listQueues[200]['unknown-ids'])
const notQueued = read(errorElement, examples.cancelJob[400]['not-queued'])

/** Jobs as their submissions return them. */
export const submittedJobs = {
  createVoiceSeparateJob: (voiceSeparate as VoiceSeparateResponse).JobsDetail[0],
  createNoiseReductionJob: (noiseReduction as NoiseReductionResponse).JobsDetail[0],
}

/** A voice separation that has succeeded. */
export const [finishedJob] = (finished as VoiceSeparateResponse).JobsDetail

/** A queue of media processing without callbacks. */
export const [documentedQueue] = (queues as { QueueList: [Queue] }).QueueList

/** What a cancellation returns if the job is not queued. */
export const jobNotQueued = notQueued as TencentErrorResponse

function read(element: XmlElement, text: string): unknown {
  return decodeXml(text, [element]).value
}
