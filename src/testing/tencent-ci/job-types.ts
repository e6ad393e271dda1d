import { createNoiseReductionJobAnswers } from '../../../generated/tencent-ci/noise-reduction/examples.js'
import { createNoiseReductionJob } from '../../../generated/tencent-ci/noise-reduction/operations.js'
import type { NoiseReductionRequest } from '../../../generated/tencent-ci/noise-reduction/types.js'
import { createNoiseReductionJobRequest } from '../../../generated/tencent-ci/noise-reduction/validators.js'
import * as noiseReductionXml from '../../../generated/tencent-ci/noise-reduction/xml.js'
import { createVoiceSeparateJobAnswers } from '../../../generated/tencent-ci/voice-separate/examples.js'
import { createVoiceSeparateJob } from '../../../generated/tencent-ci/voice-separate/operations.js'
import type { VoiceSeparateRequest } from '../../../generated/tencent-ci/voice-separate/types.js'
import { createVoiceSeparateJobRequest } from '../../../generated/tencent-ci/voice-separate/validators.js'
import * as voiceSeparateXml from '../../../generated/tencent-ci/voice-separate/xml.js'
import { listIssues } from '../../errors/errors.js'
import { findIssues, type Validator } from '../../client/validation.js'
import { decodeXml, shapeXml } from '../../xml/decode.js'
import type { XmlElement } from '../../xml/element.js'
import { encodeXml } from '../../xml/encode.js'
import { readXml, XmlDecodeError, type XmlContent, type XmlRoot } from '../../xml/read.js'
import type { Job } from './jobs.js'

/** A kind of job, which is told by the Tag of its request. */
export interface JobType {
  readonly operation: typeof createVoiceSeparateJob | typeof createNoiseReductionJob
  /** What makes the job that a request asks for, or what is wrong with the request. */
  readonly read: (request: SubmittedRequest) => ((facts: JobFacts) => Job) | string
  readonly answer: (job: Job) => string
}

/** What the service knows of a new job, and the request does not. */
interface JobFacts {
  readonly JobId: string
  readonly CreationTime: string
  readonly BucketId: string
  readonly Region: string
}

export const jobTypes: readonly JobType[] = [
  jobType({
    operation: createVoiceSeparateJob,
    validator: createVoiceSeparateJobRequest,
    xml: voiceSeparateXml,
    documented: Object.values(createVoiceSeparateJobAnswers[200]).at(-1),
    // Both defaults are those of Tencent's template pages.
    extensionOf: ({ Operation }: VoiceSeparateRequest) => Operation.VoiceSeparate?.AudioConfig?.Codec ?? 'aac',
  }),
  jobType({
    operation: createNoiseReductionJob,
    validator: createNoiseReductionJobRequest,
    xml: noiseReductionXml,
    documented: Object.values(createNoiseReductionJobAnswers[200]).at(-1),
    extensionOf: ({ Operation }: NoiseReductionRequest) => Operation.NoiseReduction?.Format ?? 'wav',
  }),
]

/** What kind of job a Request asks for: undefined if it is none that there is. */
export function jobTypeOf({ tags }: SubmittedRequest): JobType | undefined {
  return jobTypes.find(({ operation }) => tags.length === 1 && tags[0] === operation.constants.Tag)
}

/** A Request document, before it is known which table it has. */
export interface SubmittedRequest {
  readonly root: XmlRoot
  /** What its Tags hold: one, in any request that can be one. */
  readonly tags: readonly XmlContent[]
}

/** Undefined for what is no Request. */
export function readRequest(text: string): SubmittedRequest | undefined {
  try {
    const root = readXml(text)
    if (root.name !== voiceSeparateXml.requestElement.name) return undefined
    return { root, tags: typeof root.content === 'string' ? [] : (root.content.get('Tag') ?? []) }
  } catch (error) {
    if (error instanceof XmlDecodeError) return undefined
    throw error
  }
}

function jobType<Request extends VoiceSeparateRequest | NoiseReductionRequest>(parts: {
  readonly operation: JobType['operation']
  readonly validator: Validator<Request>
  readonly xml: { readonly requestElement: XmlElement; readonly responseElement: XmlElement }
  readonly documented: string | undefined
  readonly extensionOf: (request: Request) => string
}): JobType {
  const { operation, validator, xml, documented = '', extensionOf } = parts
  let example: Job | undefined
  return {
    operation,
    read: ({ root }) => {
      const request: unknown = shapeXml(root, [xml.requestElement]).value
      return validator(request)
        ? (facts) => {
            example ??= documentedJob(documented, xml.responseElement)
            return jobFrom(request, extensionOf(request), example, facts)
          }
        : listIssues(findIssues(validator, request))
    },
    answer: (job) => encodeXml(xml.responseElement, { JobsDetail: [job] }),
  }
}

/** What the request says, and for the rest, such as state and queue, what the documented answer says. */
function jobFrom(
  request: VoiceSeparateRequest | NoiseReductionRequest,
  extension: string,
  documented: Job,
  { JobId, CreationTime, BucketId, Region }: JobFacts,
): Job {
  const { Input, Operation } = request
  const fill = (name: string): string => name.replaceAll('${jobid}', JobId).replaceAll('${ext}', extension)
  const Output = Object.fromEntries(Object.entries(Operation.Output).map(([field, name]) => [field, fill(name)]))
  const job = {
    ...documented,
    ...('QueueId' in request && { QueueId: request.QueueId }),
    JobId,
    CreationTime,
    // Only the page of noise reduction shows the place of the source.
    Input: { ...(documented.Input?.BucketId !== undefined && { BucketId, Region }), ...Input },
    Operation: { ...Operation, Output },
  }
  return job
}

function documentedJob(example: string, responseElement: XmlElement): Job {
  const { JobsDetail } = decodeXml(example, [responseElement]).value
  // The lint of the specs holds the examples to the schema of this type.
  return (JobsDetail as unknown as [Job])[0]
}
