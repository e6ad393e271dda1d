import { codes, errorCodes } from '../../../generated/huawei-vod/error-codes.js'
import { createExtractAudioTaskAnswers } from '../../../generated/huawei-vod/examples.js'
import { createExtractAudioTask, unpublishAssets } from '../../../generated/huawei-vod/operations.js'
import type { ErrorResponse, ExtractAudioResponse, UnpublishResponse } from '../../../generated/huawei-vod/types.js'
import { createExtractAudioTaskRequest, unpublishAssetsRequest } from '../../../generated/huawei-vod/validators.js'
import { listIssues } from '../../errors/errors.js'
import { findIssues, type Validator } from '../../client/validation.js'
import type { Assets } from './assets.js'
import type { Answer, ArrivedRequest, Refusal, Service } from '../exchange.js'
import { huaweiHost, tencentHost } from '../hosts.js'
import { createHuaweiAuthentication } from './authentication.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'

/** Status and document of an answer, before it gets its headers. */
interface Outcome {
  readonly code?: string
  readonly status: number
  readonly body: ExtractAudioResponse | UnpublishResponse | ErrorResponse
}

const operations = [createExtractAudioTask, unpublishAssets] as const
const { throttled } = createExtractAudioTaskAnswers[429]

/** api-sign-errorcode, APIGW.0201: the gateway takes no body above 12 MB. */
const MAX_BODY_BYTES = 12 * 2 ** 20

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Whether a request is for VOD: by its host, and under another host by a path that begins with VOD's version. */
export function isForHuaweiVod({ href, pathname }: URL): boolean {
  const { path } = createExtractAudioTask
  return huaweiHost.test(href) || (!tencentHost.test(href) && pathname.startsWith(path.slice(0, path.indexOf('{'))))
}

/** A stand-in for the gateway and VOD behind it. */
export function emulateHuaweiVod(settings: EmulatorSettings, assets: Assets, ids: Ids): Service {
  const authenticate = createHuaweiAuthentication(settings)

  return {
    operations: operations.map(({ name }) => name),
    errorCodes,
    throttled: { code: throttled.error_code, message: throttled.error_msg },
    receive: (request) => {
      const operation = operations.find(
        ({ path, method }) => method === request.method && pattern(path).test(request.url.pathname),
      )
      return {
        operation: operation?.name,
        run: () => answer((requestId) => respond(request, operation, requestId)),
      }
    },
    refuse: (refusal) => answer((requestId) => refuse(refusal, requestId)),
  }

  async function answer(outcome: (requestId: string) => Outcome | Promise<Outcome>): Promise<Answer> {
    const requestId = await ids('request')
    const { status, body, code } = await outcome(requestId)
    const { requestIdHeader, dateHeader, contentType } = createExtractAudioTask
    return {
      status,
      headers: {
        'content-type': contentType,
        [requestIdHeader]: requestId,
        [dateHeader]: new Date(settings.now()).toUTCString(),
        server: 'api-gateway',
      },
      body: JSON.stringify(body),
      ...(code !== undefined && { code }),
    }
  }

  async function respond(
    request: ArrivedRequest,
    operation: (typeof operations)[number] | undefined,
    requestId: string,
  ): Promise<Outcome> {
    if (operation === undefined) return refuse({ code: codes.APIGW_0101 }, requestId)
    if (request.body.length > MAX_BODY_BYTES) return refuse({ code: codes.APIGW_0201, status: 413 }, requestId)
    const refused = await authenticate(request)
    if (refused !== undefined) return refuse({ code: codes.APIGW_0301, message: refused }, requestId)
    if (!isOwnProject(request, operation.path)) return refuse({ code: codes.VOD_10057 }, requestId)
    const [mediaType] = (request.headers['content-type'] ?? '').split(';')
    if (mediaType?.trim().toLowerCase() !== operation.contentType) return refuse({ code: codes.VOD_10059 }, requestId)
    const value = parsed(request.body)
    return operation === createExtractAudioTask ? extract(value, requestId) : unpublish(value, requestId)
  }

  /** The project stands in the path, and may stand in a header; a key or token has access to its own only. */
  function isOwnProject({ url, headers }: ArrivedRequest, path: string): boolean {
    const { projectId } = settings.huawei
    const inHeader = headers['x-project-id'] ?? projectId
    return url.pathname === path.replace(/\{\w+\}/, projectId) && inHeader === projectId
  }

  async function extract(value: unknown, requestId: string): Promise<Outcome> {
    if (!createExtractAudioTaskRequest(value)) return illegal(createExtractAudioTaskRequest, value, requestId)
    const source = assets.find(value.asset_id)
    // The extraction page answers a missing asset with 400 (ERRATA 7).
    if (source === undefined) return refuse({ code: codes.VOD_10062, status: 400 }, requestId)
    if (!assets.isReady(source)) return refuse({ code: codes.VOD_10060 }, requestId)
    const audio = await ids('asset')
    assets.addAudio(audio, source, value.parameter?.format)
    return {
      status: createExtractAudioTask.successStatus,
      body: { asset_id: value.asset_id, audio_asset_id: audio },
    }
  }

  function unpublish(value: unknown, requestId: string): Outcome {
    if (!unpublishAssetsRequest(value)) return illegal(unpublishAssetsRequest, value, requestId)
    // The unpublish page shows a missing asset as an item of a 200 and as a 403 (ERRATA 24). We assume the 403 for a
    // request that names no asset at all.
    if (value.asset_id.length === 0) return refuse({ code: codes.VOD_10062, status: 403 }, requestId)
    return { status: unpublishAssets.successStatus, body: { asset_info_array: value.asset_id.map(assets.unpublish) } }
  }
}

/** Undefined for what is no JSON in UTF-8. */
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown
  } catch {
    return undefined
  }
}

function illegal(validator: Validator, value: unknown, requestId: string): Outcome {
  const what = value === undefined ? 'the body is no JSON' : listIssues(findIssues(validator, value))
  return refuse({ code: codes.VOD_10053, message: `${errorCodes[codes.VOD_10053].meaning} ${what}` }, requestId)
}

function refuse({ code, message, status }: Refusal, requestId: string): Outcome {
  const known = isKnown(code) ? errorCodes[code] : undefined
  return {
    code,
    status: status ?? known?.status[0] ?? 500,
    body: {
      error_code: code,
      error_msg: message ?? known?.meaning ?? '',
      // Only the gateway's errors carry it.
      ...(code.startsWith(GATEWAY_PREFIX) && { request_id: requestId }),
    },
  }
}

const GATEWAY_PREFIX = codes.APIGW_0101.replace(/\d+$/, '')

function isKnown(code: string): code is keyof typeof errorCodes {
  return Object.hasOwn(errorCodes, code)
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
}
