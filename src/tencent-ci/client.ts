import createClient, { type Client } from 'openapi-fetch'
import { createNoiseReductionJob } from '../../generated/tencent-ci/noise-reduction/operations.js'
import type { paths as NoiseReductionPaths } from '../../generated/tencent-ci/noise-reduction/paths.js'
import type { NoiseReductionJob, NoiseReductionRequest } from '../../generated/tencent-ci/noise-reduction/types.js'
import {
  createNoiseReductionJobEssentials,
  createNoiseReductionJobRequest,
} from '../../generated/tencent-ci/noise-reduction/validators.js'
import * as noiseReductionXml from '../../generated/tencent-ci/noise-reduction/xml.js'
import { server } from '../../generated/tencent-ci/server.js'
import { createVoiceSeparateJob } from '../../generated/tencent-ci/voice-separate/operations.js'
import type { paths as VoiceSeparatePaths } from '../../generated/tencent-ci/voice-separate/paths.js'
import type { VoiceSeparateJob, VoiceSeparateRequest } from '../../generated/tencent-ci/voice-separate/types.js'
import {
  createVoiceSeparateJobEssentials,
  createVoiceSeparateJobRequest,
} from '../../generated/tencent-ci/voice-separate/validators.js'
import * as voiceSeparateXml from '../../generated/tencent-ci/voice-separate/xml.js'
import type { Authentication, UnsignedRequest } from '../sending/attempt.js'
import { call, rawFetch, type CallPromise } from '../client/call.js'
import { checkCredentials, createCredentialsCache, type CredentialsSource } from '../signing/credentials.js'
import { resolveEndpoint } from '../client/endpoint.js'
import { RequestValidationError } from '../errors/errors.js'
import { LightRequest } from '../client/light-fetch.js'
import type { Operation } from '../sending/operation.js'
import { checkOptionNames, commonOptions, type CallOptions, type CommonOptions } from '../client/options.js'
import { createSender } from '../sending/sender.js'
import type { XmlElement } from '../xml/element.js'
import { encodeXml, XmlEncodeError } from '../xml/encode.js'
import { answerFormat } from './answer.js'
import { checkBucket } from './bucket.js'
import { tencentCredentials, type TencentCredentials } from './credentials.js'
import { signTencentRequest } from './sign.js'

/** A region of CI: the known ones, and any other. */
export type TencentCiRegion = (typeof server.variables.region.known)[number] | (string & {})

export interface TencentCiClientOptions extends CommonOptions {
  /** Region of the bucket. Needed unless `endpoint` is given. */
  readonly region?: TencentCiRegion
  /** The bucket with its APPID, such as `examplebucket-1250000000`. Needed unless `endpoint` is given. */
  readonly bucket?: string
  /** A key pair, or a function that gives one. */
  readonly credentials: CredentialsSource<TencentCredentials>
}

/** A request without its `Tag`, which the method knows. */
export type Untagged<Request extends { Tag: string }> = Omit<Request, 'Tag'> & Partial<Pick<Request, 'Tag'>>

export interface TencentCiClient {
  /**
   * Submits a job that separates the voice in a media file from its background.
   *
   * Every call that is accepted makes a new, paid job, so it is sent again only when the
   * first one certainly did not run.
   *
   * @throws RequestValidationError, ApiError, UnexpectedResponseError, ConnectionError, TimeoutError, AbortedError, CredentialsError
   * @see Tencent Cloud CI, "Submitting a Voice Separation Task"
   */
  createVoiceSeparateJob(request: Untagged<VoiceSeparateRequest>, options?: CallOptions): CallPromise<VoiceSeparateJob>
  /**
   * Submits a job that removes the noise from an audio file of up to 10 MB.
   *
   * Every call that is accepted makes a new, paid job, so it is sent again only when the
   * first one certainly did not run.
   *
   * @throws RequestValidationError, ApiError, UnexpectedResponseError, ConnectionError, TimeoutError, AbortedError, CredentialsError
   * @see Tencent Cloud CI, "Submitting Audio Noise Reduction Task"
   */
  createNoiseReductionJob(
    request: Untagged<NoiseReductionRequest>,
    options?: CallOptions,
  ): CallPromise<NoiseReductionJob>
  /** The generated clients themselves: typed paths, signed requests, XML both ways, nothing checked or unwrapped. */
  readonly raw: {
    readonly voiceSeparate: Client<VoiceSeparatePaths>
    readonly noiseReduction: Client<NoiseReductionPaths>
  }
}

/**
 * A client for the audio jobs of Tencent Cloud CI.
 *
 * @throws ConfigurationError if an option is missing or wrong
 */
export function createTencentCiClient(options: TencentCiClientOptions): TencentCiClient {
  checkOptionNames(options, ['region', 'bucket', 'credentials'])
  const { bucket, credentials } = options
  if (bucket !== undefined) checkBucket(bucket)
  checkCredentials(credentials, tencentCredentials)
  const baseUrl = resolveEndpoint(options, server.url, { bucket, region: options.region })
  const common = commonOptions(options)
  const send = createSender({
    ...common,
    credentials: createCredentialsCache(credentials, tencentCredentials, common.now),
    credentialsKind: tencentCredentials,
    sign: authenticate,
  })
  const voiceSeparateFormat = answerFormat(voiceSeparateXml.responseElement, createVoiceSeparateJobEssentials)
  const noiseReductionFormat = answerFormat(noiseReductionXml.responseElement, createNoiseReductionJobEssentials)
  const voiceSeparate = { baseUrl, ...xmlRequests(createVoiceSeparateJob, voiceSeparateXml.requestElement) }
  const noiseReduction = { baseUrl, ...xmlRequests(createNoiseReductionJob, noiseReductionXml.requestElement) }
  const generated = {
    voiceSeparate: createClient<VoiceSeparatePaths>({ ...voiceSeparate, Request: LightRequest }),
    noiseReduction: createClient<NoiseReductionPaths>({ ...noiseReduction, Request: LightRequest }),
  }
  return {
    raw: {
      voiceSeparate: createClient<VoiceSeparatePaths>({
        ...voiceSeparate,
        fetch: (request) => rawFetch(request, createVoiceSeparateJob, voiceSeparateFormat, send),
      }),
      noiseReduction: createClient<NoiseReductionPaths>({
        ...noiseReduction,
        fetch: (request) => rawFetch(request, createNoiseReductionJob, noiseReductionFormat, send),
      }),
    },
    createVoiceSeparateJob: (untagged, options) => {
      const request = { Tag: createVoiceSeparateJob.constants.Tag, ...untagged }
      return call(
        {
          operation: createVoiceSeparateJob,
          request,
          validator: createVoiceSeparateJobRequest,
          format: voiceSeparateFormat,
          send,
          options,
        },
        async (init) => {
          const { data } = await generated.voiceSeparate.POST(createVoiceSeparateJob.path, { body: request, ...init })
          return data?.JobsDetail[0]
        },
      )
    },
    createNoiseReductionJob: (untagged, options) => {
      const request = { Tag: createNoiseReductionJob.constants.Tag, ...untagged }
      return call(
        {
          operation: createNoiseReductionJob,
          request,
          validator: createNoiseReductionJobRequest,
          format: noiseReductionFormat,
          send,
          options,
        },
        async (init) => {
          const { data } = await generated.noiseReduction.POST(createNoiseReductionJob.path, { body: request, ...init })
          return data?.JobsDetail[0]
        },
      )
    },
  }
}

/** Makes openapi-fetch, which speaks JSON by itself, send XML. */
function xmlRequests(
  operation: Operation,
  element: XmlElement,
): { headers: Record<string, string>; bodySerializer: (body: unknown) => string } {
  return {
    headers: { 'content-type': operation.contentType },
    bodySerializer: (body) => {
      try {
        return encodeXml(element, body)
      } catch (error) {
        if (!(error instanceof XmlEncodeError)) throw error
        throw new RequestValidationError(operation.name, [{ path: error.path, message: error.message }])
      }
    },
  }
}

async function authenticate(
  { method, url, headers }: UnsignedRequest,
  credentials: TencentCredentials,
  date: Date,
): Promise<Authentication> {
  const contentType = headers['content-type']
  const signed: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType }
  const result = await signTencentRequest({ method, url, headers: signed, credentials, date })
  return { headers: result.headers, signature: result.signature }
}
