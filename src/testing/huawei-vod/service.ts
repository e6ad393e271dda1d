import * as codes from '../../../generated/huawei-vod/codes.js'
import { errorCodes } from '../../../generated/huawei-vod/error-codes.js'
import { errorMessages } from '../../../generated/huawei-vod/error-messages.js'
import { examples } from '../../../generated/huawei-vod/examples.js'
import { operations } from '../../../generated/huawei-vod/operations.js'
import { provider } from '../../../generated/huawei-vod/provider.js'
import type { HuaweiErrorResponse } from '../../../generated/huawei-vod/types.js'
import { isRequestOf, type OperationRow } from '../../client/operation-row.js'
import { findIssues } from '../../client/validation.js'
import { listIssues } from '../../errors/errors.js'
import { isPlainObject } from '../../type-guards.js'
import type { ArrivedRequest, Refusal, Service } from '../exchange.js'
import { huaweiHost, tencentHost } from '../hosts.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'
import { documentedResult, handlerOf, isDecodable, readParameters } from '../routes.js'
import { createService, type Outcome, type Routed } from '../service.js'
import type { Assets } from './assets.js'
import { createHuaweiAuthentication } from './authentication.js'
import { createHuaweiVodHandlers } from './handlers.js'

const rows: readonly OperationRow[] = Object.values(operations)
const { throttled } = examples.createExtractAudioTask[429]

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Whether a request is for VOD: by its host, and under another host by a path that starts with VOD's version. */
export function isForHuaweiVod({ href, pathname }: URL): boolean {
  const hasPrefix = rows.some(({ path }) => pathname.startsWith(path.slice(0, path.indexOf('{'))))
  return huaweiHost.test(href) || (!tencentHost.test(href) && hasPrefix)
}

/** Emulates the gateway and VOD behind it. */
export function emulateHuaweiVod(settings: EmulatorSettings, assets: Assets, ids: Ids): Service {
  const authenticate = createHuaweiAuthentication(settings)
  const handlers = createHuaweiVodHandlers(assets, ids)

  return createService({
    rows,
    errorCodes,
    errorMessages,
    throttled: { code: throttled.error_code, message: throttled.error_msg },
    headers: provider.headers,
    server: 'api-gateway',
    contentType: operations.createExtractAudioTask.response.contentType,
    now: settings.now,
    createRequestId: () => ids('request'),
    route: ({ method, url }) => ({ row: rows.find((row) => isRequestOf(row, method, url)) }),
    respond,
    errorBody,
  })

  async function respond(request: ArrivedRequest, { row }: Routed): Promise<Outcome> {
    if (row === undefined) return { code: codes.APIGW_0101 }
    if (request.body === undefined) return { code: codes.APIGW_0201, status: 413 }
    const refused = await authenticate(request)
    if (refused !== undefined) {
      return { code: codes.APIGW_0301, message: `Incorrect IAM authentication information: ${refused}` }
    }
    if (!isOwnProject(request, row)) return { code: codes.VOD_10057 }
    if (!hasContentTypeOf(request, row)) return { code: codes.VOD_10059 }
    if (!isDecodable(request.url)) return illegal('the URL has a malformed percent escape')
    const parameters = readParameters(row, request.url)
    const body = row.requestBody === undefined ? {} : parsed(request.body)
    const value = isPlainObject(body) ? { ...body, ...parameters } : body
    const issues = findIssues(row.request, value)
    if (issues.length > 0) return illegal(body === undefined ? 'the body is not JSON' : listIssues(issues))
    const handled = (await handlerOf(handlers, row)?.(value, request.headers)) ?? {
      body: documentedResult(examples, row),
    }
    if ('code' in handled) return handled
    return { status: row.response.status, body: handled.body === undefined ? '' : JSON.stringify(handled.body) }
  }

  /** The project is in the path, and may be in a header. A key or token has access to its own project only. */
  function isOwnProject({ url, headers }: ArrivedRequest, { path }: OperationRow): boolean {
    const { projectId } = settings.huawei
    const inHeaders = Object.keys(provider.optionHeaders).map((name) => headers[name.toLowerCase()] ?? projectId)
    const prefix = path.slice(0, path.indexOf('}') + 1).replace(/\{\w+\}/, projectId)
    return url.pathname.startsWith(`${prefix}/`) && inHeaders.every((value) => value === projectId)
  }
}

function hasContentTypeOf({ headers }: ArrivedRequest, { requestBody }: OperationRow): boolean {
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';')
  return requestBody === undefined || mediaType.trim().toLowerCase() === requestBody.contentType
}

/** Undefined for what is not JSON in UTF-8. */
function parsed(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown
  } catch {
    return undefined
  }
}

function illegal(reason: string): Refusal {
  return { code: codes.VOD_10053, message: `${errorMessages[codes.VOD_10053]} ${reason}` }
}

function errorBody(code: string, message: string, requestId: string): string {
  // Only errors of the gateway have the ID.
  const origin = code.startsWith(GATEWAY_PREFIX) && { request_id: requestId }
  return JSON.stringify({ error_code: code, error_msg: message, ...origin } satisfies HuaweiErrorResponse)
}

const GATEWAY_PREFIX = codes.APIGW_0101.replace(/\d+$/, '')
