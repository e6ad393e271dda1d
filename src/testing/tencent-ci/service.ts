import { codes, errorCodes } from '../../../generated/tencent-ci/error-codes.js'
import { errorElement } from '../../../generated/tencent-ci/error-xml.js'
import { createVoiceSeparateJob } from '../../../generated/tencent-ci/voice-separate/operations.js'
import { encodeXml } from '../../xml/encode.js'
import type { Answer, ArrivedRequest, Refusal, Service } from '../exchange.js'
import { tencentHost } from '../hosts.js'
import type { Ids } from '../ids.js'
import { jobTypeOf, jobTypes, readRequest, type SubmittedRequest } from './job-types.js'
import { beijingTime, type Jobs } from './jobs.js'
import type { EmulatorSettings } from '../options.js'
import { authenticateTencent } from './authentication.js'

/** Status and document of an answer, before it gets its headers. */
interface Outcome {
  readonly code?: string
  readonly status: number
  readonly body: string
}

// Both jobs share all but their Tag.
const { path, method, contentType, successStatus, requestIdHeader, dateHeader, traceIdHeader } = createVoiceSeparateJob

/** A stand-in for CI. */
export function emulateTencentCi(settings: EmulatorSettings, jobs: Jobs, ids: Ids): Service {
  return {
    operations: jobTypes.map(({ operation }) => operation.name),
    errorCodes,
    throttled: { code: codes.SlowDown },
    receive: (request) => {
      const text = isSubmit(request) ? decodeUtf8(request.body) : undefined
      const submitted = text === undefined ? undefined : readRequest(text)
      return {
        operation: submitted && jobTypeOf(submitted)?.operation.name,
        run: () => answer((requestId) => respond(request, submitted, requestId)),
      }
    },
    refuse: (refusal) => answer((requestId) => refuse(refusal, requestId)),
  }

  async function answer(outcome: (requestId: string) => Outcome | Promise<Outcome>): Promise<Answer> {
    const requestId = btoa(await ids('request'))
    const { status, body, code } = await outcome(requestId)
    return {
      status,
      headers: {
        'content-type': contentType,
        [requestIdHeader]: requestId,
        [dateHeader]: new Date(settings.now()).toUTCString(),
        server: 'tencent-ci',
        // Tencent's page on CI errors: on failure only.
        ...(status !== successStatus && { [traceIdHeader]: requestId }),
      },
      body,
      ...(code !== undefined && { code }),
    }
  }

  async function respond(
    request: ArrivedRequest,
    submitted: SubmittedRequest | undefined,
    requestId: string,
  ): Promise<Outcome> {
    const { url, headers, body } = request
    if (!isOwnHost(url)) return refuse({ code: codes.InvalidHost }, requestId)
    if (url.pathname !== path) return refuse({ code: codes.InvalidUrl }, requestId)
    if (!isSubmit(request)) return refuse({ code: codes.NotImplemented }, requestId)
    const code = await authenticateTencent(request, settings)
    if (code !== undefined) return refuse({ code }, requestId)
    if (headers['transfer-encoding'] !== undefined) return refuse({ code: codes.MissingContentLength }, requestId)
    if (body.length === 0) return refuse({ code: codes.MissingContent }, requestId)
    if (submitted === undefined) return refuse({ code: codes.InvalidContent }, requestId)
    const jobType = jobTypeOf(submitted)
    if (jobType === undefined) return refuse({ code: codes.InvalidArgument, message: UNKNOWN_TAG }, requestId)
    const read = jobType.read(submitted)
    if (typeof read === 'string') return refuse({ code: codes.InvalidArgument, message: read }, requestId)
    const { bucket: BucketId, region: Region } = settings.tencent
    const CreationTime = beijingTime(settings.now())
    const job = read({ JobId: `j${await ids('job')}`, CreationTime, BucketId, Region })
    jobs.add(job)
    return { status: successStatus, body: jobType.answer(job) }
  }

  /** A production host names a bucket and a region; any other host is taken for them. */
  function isOwnHost({ href }: URL): boolean {
    const named = tencentHost.exec(href)?.groups
    const { bucket, region } = settings.tencent
    return named === undefined || (named['bucket'] === bucket && named['region'] === region)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const UNKNOWN_TAG = `Tag must be one of ${jobTypes.map(({ operation }) => operation.constants.Tag).join(', ')}`

function isSubmit(request: ArrivedRequest): boolean {
  return request.url.pathname === path && request.method === method
}

/** Undefined for what is no UTF-8. */
function decodeUtf8(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body)
  } catch {
    return undefined
  }
}

function refuse({ code, message, status }: Refusal, requestId: string): Outcome {
  const known = isKnown(code) ? errorCodes[code] : undefined
  const Message = message ?? known?.meaning ?? ''
  return {
    code,
    status: status ?? known?.status[0] ?? 500,
    body: encodeXml(errorElement, { Code: code, Message, RequestId: requestId, TraceId: requestId }),
  }
}

function isKnown(code: string): code is keyof typeof errorCodes {
  return Object.hasOwn(errorCodes, code)
}
