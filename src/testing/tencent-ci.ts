import { codes, errorCodes } from '../../generated/tencent-ci/error-codes.js'
import { errorElement } from '../../generated/tencent-ci/error-xml.js'
import { createNoiseReductionJobAnswers } from '../../generated/tencent-ci/noise-reduction/examples.js'
import { createNoiseReductionJob } from '../../generated/tencent-ci/noise-reduction/operations.js'
import { createNoiseReductionJobRequest } from '../../generated/tencent-ci/noise-reduction/validators.js'
import * as noiseReductionXml from '../../generated/tencent-ci/noise-reduction/xml.js'
import { createVoiceSeparateJobAnswers } from '../../generated/tencent-ci/voice-separate/examples.js'
import { createVoiceSeparateJob } from '../../generated/tencent-ci/voice-separate/operations.js'
import { createVoiceSeparateJobRequest } from '../../generated/tencent-ci/voice-separate/validators.js'
import * as voiceSeparateXml from '../../generated/tencent-ci/voice-separate/xml.js'
import { listIssues } from '../http/errors.js'
import { findIssues } from '../http/validation.js'
import { decodeXml } from '../xml/decode.js'
import type { XmlElement, XmlNode } from '../xml/element.js'
import { encodeXml } from '../xml/encode.js'
import { XmlDecodeError } from '../xml/guard.js'
import type { EmulatorSettings } from './options.js'
import { authenticateTencent } from './tencent-ci-authentication.js'

/** An answer before it gets its headers. */
interface Answer {
  readonly status: number
  readonly body: string
}

const jobTypes = [
  {
    operation: createVoiceSeparateJob,
    validator: createVoiceSeparateJobRequest,
    xml: voiceSeparateXml,
    answers: createVoiceSeparateJobAnswers,
  },
  {
    operation: createNoiseReductionJob,
    validator: createNoiseReductionJobRequest,
    xml: noiseReductionXml,
    answers: createNoiseReductionJobAnswers,
  },
] as const

/** A stand-in for CI, taking jobs. */
export function emulateTencentCi(settings: EmulatorSettings): (request: Request) => Promise<Response> {
  let answered = 0
  let submitted = 0

  return async (request) => {
    const requestId = btoa(`emulated_${String(++answered)}`)
    const { requestIdHeader, dateHeader, traceIdHeader, contentType } = createVoiceSeparateJob
    const { status, body } = await respond(request, requestId)
    return new Response(body, {
      status,
      headers: {
        'content-type': contentType,
        [requestIdHeader]: requestId,
        [dateHeader]: new Date(settings.now()).toUTCString(),
        ...(status >= 400 && { [traceIdHeader]: requestId }),
      },
    })
  }

  async function respond(request: Request, requestId: string): Promise<Answer> {
    const { method, path } = createVoiceSeparateJob
    if (new URL(request.url).pathname !== path || request.method !== method) {
      return errorAnswer(codes.InvalidUrl, errorCodes.InvalidUrl.meaning, requestId)
    }
    const body = await request.text()
    const refused = await authenticateTencent(request, settings)
    if (refused !== undefined) return errorAnswer(refused, errorCodes[refused].meaning, requestId)
    return submit(body, requestId)
  }

  function submit(body: string, requestId: string): Answer {
    const tag = tagOf(body)
    const jobType = jobTypes.find(({ operation }) => operation.constants.Tag === tag)
    const request = jobType && decoded(body, jobType.xml.requestElement)
    if (jobType === undefined || request === undefined) {
      return errorAnswer(codes.InvalidArgument, 'the body is no request of a known Tag', requestId)
    }
    const { operation, answers, validator, xml } = jobType
    const issues = findIssues(validator, request)
    if (issues.length > 0) return errorAnswer(codes.InvalidArgument, listIssues(issues), requestId)
    const { Input, Operation } = request
    const job = {
      ...documentedJob(Object.values(answers[operation.successStatus]).at(-1), xml.responseElement),
      JobId: `j${(++submitted).toString(16).padStart(32, '0')}`,
      CreationTime: beijingTime(settings.now()),
      Input,
      Operation,
    }
    return { status: operation.successStatus, body: encodeXml(xml.responseElement, { JobsDetail: [job] }) }
  }
}

/** What kind of job a body asks for, whatever else is in it. */
function tagOf(body: string): unknown {
  const { Tag } = decoded(body, { name: voiceSeparateXml.requestElement.name, children: [] }) ?? NOTHING
  return Tag
}

/** The job of a documented answer, for what a request does not say: state, code, queue. */
function documentedJob(example: string | undefined, responseElement: XmlElement): object {
  const { JobsDetail } = decoded(example ?? '', responseElement) ?? NOTHING
  const [job] = Array.isArray(JobsDetail) ? JobsDetail : []
  if (typeof job !== 'object') throw new Error('the spec documents no job to answer with')
  return job
}

const NOTHING: XmlNode = {}

function decoded(body: string, root: XmlElement): XmlNode | undefined {
  try {
    return decodeXml(body, [root]).value
  } catch (error) {
    if (error instanceof XmlDecodeError) return undefined
    throw error
  }
}

function errorAnswer(code: keyof typeof errorCodes, message: string, requestId: string): Answer {
  return {
    status: errorCodes[code].status[0],
    body: encodeXml(errorElement, { Code: code, Message: message, RequestId: requestId, TraceId: requestId }),
  }
}

/** As in `2022-06-27T15:23:10+0800`. */
function beijingTime(now: number): string {
  const hours = 8
  return new Date(now + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, '+0800')
}
