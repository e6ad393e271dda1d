import { createNoiseReductionJobAnswers } from '../../generated/tencent-ci/noise-reduction/examples.js'
import { createNoiseReductionJob } from '../../generated/tencent-ci/noise-reduction/operations.js'
import type { NoiseReductionRequest } from '../../generated/tencent-ci/noise-reduction/types.js'
import { createNoiseReductionJobRequest } from '../../generated/tencent-ci/noise-reduction/validators.js'
import * as noiseReductionXml from '../../generated/tencent-ci/noise-reduction/xml.js'
import { createVoiceSeparateJobAnswers } from '../../generated/tencent-ci/voice-separate/examples.js'
import { createVoiceSeparateJob } from '../../generated/tencent-ci/voice-separate/operations.js'
import type { VoiceSeparateRequest } from '../../generated/tencent-ci/voice-separate/types.js'
import { createVoiceSeparateJobRequest } from '../../generated/tencent-ci/voice-separate/validators.js'
import * as voiceSeparateXml from '../../generated/tencent-ci/voice-separate/xml.js'
import { listIssues } from '../http/errors.js'
import { findIssues, type Validator } from '../http/validation.js'
import { decodeXml } from '../xml/decode.js'
import type { XmlElement, XmlNode } from '../xml/element.js'
import { encodeXml } from '../xml/encode.js'
import { XmlDecodeError } from '../xml/guard.js'
import type { Job } from './jobs.js'

/** A kind of job, which is told by the Tag of its request. */
export interface JobType {
  readonly operation: typeof createVoiceSeparateJob | typeof createNoiseReductionJob
  /** What makes the job that a document asks for, or what is wrong with the document. */
  readonly read: (document: string) => ((facts: JobFacts) => Job) | string
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

/** The kind of job that a document asks for, whatever else is in it; undefined if none, or if it is no Request. */
export function jobTypeOf(document: string): JobType | undefined {
  const tag = tagOf(document)
  return jobTypes.find(({ operation }) => operation.constants.Tag === tag)
}

/** Empty where a Request has no Tag; undefined for what is no Request. */
export function tagOf(document: string): string | undefined {
  const value = decoded(document, { name: voiceSeparateXml.requestElement.name, children: [{ name: 'Tag' }] })
  return value && (typeof value['Tag'] === 'string' ? value['Tag'] : '')
}

function jobType<Request extends VoiceSeparateRequest | NoiseReductionRequest>(parts: {
  readonly operation: JobType['operation']
  readonly validator: Validator<Request>
  readonly xml: { readonly requestElement: XmlElement; readonly responseElement: XmlElement }
  readonly documented: string | undefined
  readonly extensionOf: (request: Request) => string
}): JobType {
  const { operation, validator, xml, documented = '', extensionOf } = parts
  return {
    operation,
    read: (document) => {
      const request: unknown = decoded(document, xml.requestElement)
      return validator(request)
        ? (facts) => jobFrom(request, extensionOf(request), documentedJob(documented, xml.responseElement), facts)
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
  const { JobsDetail } = decoded(example, responseElement) ?? {}
  // The lint of the specs holds the examples to the schema of this type.
  return (JobsDetail as unknown as [Job])[0]
}

/** Undefined for what is no such document. */
function decoded(document: string, root: XmlElement): XmlNode | undefined {
  try {
    return decodeXml(document, [root]).value
  } catch (error) {
    if (error instanceof XmlDecodeError) return undefined
    throw error
  }
}
