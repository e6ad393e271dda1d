import createClient, { type Client } from 'openapi-fetch'
import { createExtractAudioTask, unpublishAssets } from '../../generated/huawei-vod/operations.js'
import type { paths } from '../../generated/huawei-vod/paths.js'
import { securityHeaders, server } from '../../generated/huawei-vod/server.js'
import type {
  ExtractAudioRequest,
  ExtractAudioResponse,
  UnpublishRequest,
  UnpublishResponse,
} from '../../generated/huawei-vod/types.js'
import {
  createExtractAudioTaskEssentials,
  createExtractAudioTaskRequest,
  unpublishAssetsEssentials,
  unpublishAssetsRequest,
} from '../../generated/huawei-vod/validators.js'
import type { Authentication, UnsignedRequest } from '../sending/attempt.js'
import { call, rawFetch, type CallPromise } from '../client/call.js'
import { checkCredentials, createCredentialsCache, type CredentialsSource } from '../signing/credentials.js'
import { resolveEndpoint } from '../client/endpoint.js'
import { LightRequest } from '../client/light-fetch.js'
import { checkOptionNames, commonOptions, type CallOptions, type CommonOptions } from '../client/options.js'
import { createSender } from '../sending/sender.js'
import { answerFormat } from './answer.js'
import { huaweiCredentials, type HuaweiCredentials } from './credentials.js'
import { checkProjectId } from './project-id.js'
import { signHuaweiRequest } from './sign.js'

/** A region of VOD: the known ones, and any other. */
export type HuaweiVodRegion = (typeof server.variables.region.known)[number] | (string & {})

export interface HuaweiVodClientOptions extends CommonOptions {
  /** Region of the service, as in its host name. Needed unless `endpoint` is given. */
  readonly region?: HuaweiVodRegion
  /** Id of the project that owns the assets, in that region. */
  readonly projectId: string
  /** An access key, a token, or a function that gives either. */
  readonly credentials: CredentialsSource<HuaweiCredentials>
}

export interface HuaweiVodClient {
  /**
   * Starts to extract the audio track of an asset into a new asset. The task goes on after the answer:
   * `audio_asset_id` names the asset that will hold the audio.
   *
   * Every call that is accepted makes a new asset, so it is sent again only when the
   * first one certainly did not run.
   *
   * @throws RequestValidationError, ApiError, UnexpectedResponseError, ConnectionError, TimeoutError, AbortedError, CredentialsError
   * @see Huawei Cloud VOD API reference, "Extracting Audio" (vod_04_0208)
   */
  createExtractAudioTask(request: ExtractAudioRequest, options?: CallOptions): CallPromise<ExtractAudioResponse>
  /**
   * Takes assets back from publication. The answer has an item for each asset: look at every `status`, as an asset
   * that does not exist or cannot be unpublished does not fail the call.
   *
   * @throws RequestValidationError, ApiError, UnexpectedResponseError, ConnectionError, TimeoutError, AbortedError, CredentialsError
   * @see Huawei Cloud VOD API reference, "Unpublishing Media Assets" (vod_04_0014)
   */
  unpublishAssets(request: UnpublishRequest, options?: CallOptions): CallPromise<UnpublishResponse>
  /** The generated client itself: typed paths, signed requests, nothing checked or unwrapped. */
  readonly raw: Client<paths>
}

/**
 * A client for the audio operations of Huawei Cloud VOD.
 *
 * @throws ConfigurationError if an option is missing or wrong
 */
export function createHuaweiVodClient(options: HuaweiVodClientOptions): HuaweiVodClient {
  checkOptionNames(options, ['region', 'projectId', 'credentials'])
  const { projectId, credentials } = options
  checkProjectId(projectId)
  checkCredentials(credentials, huaweiCredentials)
  const common = commonOptions(options)
  const baseUrl = resolveEndpoint(options, server.url, { region: options.region })
  const send = createSender({
    ...common,
    credentials: createCredentialsCache(credentials, huaweiCredentials, common.now),
    credentialsKind: huaweiCredentials,
    sign: (request, current, date) => authenticate(request, current, date, projectId),
  })
  const extractFormat = answerFormat(createExtractAudioTaskEssentials)
  const unpublishFormat = answerFormat(unpublishAssetsEssentials)
  const raw = createClient<paths>({
    baseUrl,
    fetch: (request) => {
      const operation = isAt(request.url, unpublishAssets.path) ? unpublishAssets : createExtractAudioTask
      return rawFetch(request, operation, extractFormat, send)
    },
  })
  const generated = createClient<paths>({ baseUrl, Request: LightRequest })
  const params = { path: { project_id: projectId } }
  return {
    raw,
    createExtractAudioTask: (request, options) =>
      call(
        {
          operation: createExtractAudioTask,
          request,
          validator: createExtractAudioTaskRequest,
          format: extractFormat,
          send,
          options,
        },
        async (init) => (await generated.POST(createExtractAudioTask.path, { params, body: request, ...init })).data,
      ),
    unpublishAssets: (request, options) =>
      call(
        {
          operation: unpublishAssets,
          request,
          validator: unpublishAssetsRequest,
          format: unpublishFormat,
          send,
          options,
        },
        async (init) => (await generated.POST(unpublishAssets.path, { params, body: request, ...init })).data,
      ),
  }
}

/** Token or signature; VOD tells the project by a header too ("common request headers"), which is signed. */
async function authenticate(
  { method, url, headers, body }: UnsignedRequest,
  credentials: HuaweiCredentials,
  date: Date,
  projectId: string,
): Promise<Authentication> {
  const project = { 'x-project-id': projectId }
  if ('token' in credentials) {
    return { headers: { [securityHeaders.token.toLowerCase()]: credentials.token, ...project } }
  }
  const contentType = headers['content-type']
  const signed = contentType === undefined ? project : { 'content-type': contentType, ...project }
  const result = await signHuaweiRequest({ method, url, headers: signed, body, credentials, date })
  const { signature, canonicalRequest } = result
  return { headers: Object.assign({}, project, result.headers), signature, canonicalRequest }
}

/** Whether a URL is that of a path template, whose last placeholder comes before its fixed end. */
function isAt(url: string, template: string): boolean {
  return new URL(url).pathname.endsWith(template.slice(template.lastIndexOf('}') + 1))
}
