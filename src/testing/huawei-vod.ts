import { codes, errorCodes } from '../../generated/huawei-vod/error-codes.js'
import { unpublishAssetsAnswers } from '../../generated/huawei-vod/examples.js'
import * as operations from '../../generated/huawei-vod/operations.js'
import type {
  AssetInfo,
  ErrorResponse,
  ExtractAudioResponse,
  UnpublishResponse,
} from '../../generated/huawei-vod/types.js'
import { createExtractAudioTaskRequest, unpublishAssetsRequest } from '../../generated/huawei-vod/validators.js'
import { listIssues } from '../http/errors.js'
import { findIssues, type Validator } from '../http/validation.js'
import { authenticateHuawei } from './huawei-vod-authentication.js'
import type { EmulatorSettings } from './options.js'

/** An answer before it gets its headers. */
interface Answer {
  readonly status: number
  readonly body: ExtractAudioResponse | UnpublishResponse | ErrorResponse
}

const routes = [
  { ...operations.createExtractAudioTask, at: pattern(operations.createExtractAudioTask.path) },
  { ...operations.unpublishAssets, at: pattern(operations.unpublishAssets.path) },
] as const

/** Whether a path looks like one of VOD's: all of them begin with the version and the project. */
export function isHuaweiVodPath(pathname: string): boolean {
  return pathname.startsWith(routes[0].path.slice(0, routes[0].path.indexOf('{')))
}

/** A stand-in for the gateway and VOD behind it, holding assets. */
export function emulateHuaweiVod(settings: EmulatorSettings): (request: Request) => Promise<Response> {
  const assets = new Set(settings.huawei.assets)
  let answered = 0

  return async (request) => {
    const requestId = hexId(++answered)
    const { requestIdHeader, dateHeader, contentType } = operations.createExtractAudioTask
    const { status, body } = await respond(request, requestId)
    return new Response(JSON.stringify(body), {
      status,
      headers: {
        'content-type': contentType,
        [requestIdHeader]: requestId,
        [dateHeader]: new Date(settings.now()).toUTCString(),
      },
    })
  }

  async function respond(request: Request, requestId: string): Promise<Answer> {
    const { pathname } = new URL(request.url)
    const route = routes.find(({ at, method }) => at.test(pathname) && method === request.method)
    if (route === undefined) return gatewayError(codes.APIGW_0101, 'The API does not exist', requestId)
    const body = await request.text()
    const refused = await authenticateHuawei(request, body, settings)
    if (refused !== undefined) return gatewayError(codes.APIGW_0301, refused, requestId)
    if (!pathname.includes(`/${settings.huawei.projectId}/`)) return vodError(codes.VOD_10057)
    if (request.headers.get('content-type')?.startsWith(route.contentType) !== true) return vodError(codes.VOD_10059)
    return route.name === operations.createExtractAudioTask.name ? extract(body) : unpublish(body)
  }

  function extract(body: string): Answer {
    const request = checked(body, createExtractAudioTaskRequest)
    if (typeof request === 'string') return vodError(codes.VOD_10053, request)
    // The extraction page answers a missing asset with 400 (ERRATA 7).
    if (!assets.has(request.asset_id)) return vodError(codes.VOD_10062, undefined, 400)
    const audio = hexId(assets.size, 'a0d10')
    assets.add(audio)
    return {
      status: operations.createExtractAudioTask.successStatus,
      body: { asset_id: request.asset_id, audio_asset_id: audio },
    }
  }

  function unpublish(body: string): Answer {
    const request = checked(body, unpublishAssetsRequest)
    if (typeof request === 'string') return vodError(codes.VOD_10053, request)
    // The unpublish page shows both: 403 (ERRATA 24), and an item of a 200. We assume 403 where nothing is there at all.
    if (!request.asset_id.some((id) => assets.has(id))) return vodError(codes.VOD_10062, undefined, 403)
    return {
      status: operations.unpublishAssets.successStatus,
      body: { asset_info_array: request.asset_id.map((id) => assetInfo(id, assets.has(id))) },
    }
  }
}

/** The documented items, each under the id that was asked for. */
function assetInfo(id: string, exists: boolean): AssetInfo {
  const [present, missing] = Object.values(unpublishAssetsAnswers[200])[0]?.asset_info_array ?? []
  return { ...(exists ? present : missing), asset_id: id }
}

/** The request, or what is wrong with it. */
function checked<T>(body: string, validator: Validator<T>): T | string {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return 'the body is no JSON'
  }
  if (validator(value)) return value
  return listIssues(findIssues(validator, value))
}

function vodError(code: keyof typeof errorCodes, detail?: string, status?: number): Answer {
  const { meaning, status: known } = errorCodes[code]
  return {
    status: status ?? known[0],
    body: { error_code: code, error_msg: detail === undefined ? meaning : `${meaning} ${detail}` },
  }
}

function gatewayError(code: keyof typeof errorCodes, message: string, requestId: string): Answer {
  return {
    status: errorCodes[code].status[0],
    body: { error_msg: message, error_code: code, request_id: requestId },
  }
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
}

/** 32 hex digits, like the service's ids, but counted. */
function hexId(count: number, prefix = ''): string {
  return prefix + count.toString(16).padStart(32 - prefix.length, '0')
}
