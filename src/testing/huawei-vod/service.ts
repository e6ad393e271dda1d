import { codes, errorCodes } from '../../../generated/huawei-vod/error-codes.js'
import { examples } from '../../../generated/huawei-vod/examples.js'
import { operations } from '../../../generated/huawei-vod/operations.js'
import { provider } from '../../../generated/huawei-vod/provider.js'
import type { HuaweiErrorResponse } from '../../../generated/huawei-vod/types.js'
import { isRequestOf, type OperationRow } from '../../client/operation-row.js'
import { findIssues } from '../../client/validation.js'
import { listIssues } from '../../errors/errors.js'
import { isRecord } from '../../type-guards.js'
import type { Answer, ArrivedRequest, Refusal, Service } from '../exchange.js'
import { huaweiHost, tencentHost } from '../hosts.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'
import { documentedResult, entryOf, handlerOf, isDecodable, readParameters } from '../routes.js'
import type { Assets } from './assets.js'
import { createHuaweiAuthentication } from './authentication.js'
import { createHuaweiVodHandlers } from './handlers.js'

/** Status and body of a response, before it gets its headers. */
interface Outcome {
  readonly code?: string
  readonly status: number
  readonly body: unknown
}

const rows: readonly OperationRow[] = Object.values(operations)
const { throttled } = examples.createExtractAudioTask[429]
/** That of every body of the provider. */
const { contentType } = operations.createExtractAudioTask.response

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

  return {
    operations: rows.map(({ name }) => name),
    errorCodes,
    throttled: { code: throttled.error_code, message: throttled.error_msg },
    receive: (request) => {
      const row = rows.find((candidate) => isRequestOf(candidate, request.method, request.url))
      return { operation: row?.name, run: () => answer((requestId) => respond(request, row, requestId)) }
    },
    refuse: (refusal) => answer((requestId) => refuse(refusal, requestId)),
  }

  async function answer(respond: (requestId: string) => Outcome | Promise<Outcome>): Promise<Answer> {
    const requestId = await ids('request')
    const { status, body, code } = await respond(requestId)
    return {
      status,
      headers: {
        ...(body !== undefined && { 'content-type': contentType }),
        [provider.headers.requestId]: requestId,
        [provider.headers.date]: new Date(settings.now()).toUTCString(),
        server: 'api-gateway',
      },
      body: body === undefined ? '' : JSON.stringify(body),
      ...(code !== undefined && { code }),
    }
  }

  async function respond(request: ArrivedRequest, row: OperationRow | undefined, requestId: string): Promise<Outcome> {
    if (row === undefined) return refuse({ code: codes.APIGW_0101 }, requestId)
    if (request.body === undefined) return refuse({ code: codes.APIGW_0201, status: 413 }, requestId)
    const refused = await authenticate(request)
    if (refused !== undefined) return refuse({ code: codes.APIGW_0301, message: refused }, requestId)
    if (!isOwnProject(request, row)) return refuse({ code: codes.VOD_10057 }, requestId)
    if (!hasContentTypeOf(request, row)) return refuse({ code: codes.VOD_10059 }, requestId)
    if (!isDecodable(request.url)) return refuse(illegal('the URL has a malformed percent escape'), requestId)
    const parameters = readParameters(row, request.url)
    const body = row.requestBody === undefined ? {} : parsed(request.body)
    const value = isRecord(body) && !Array.isArray(body) ? { ...body, ...parameters } : body
    const issues = findIssues(row.request, value)
    if (issues.length > 0) {
      return refuse(illegal(body === undefined ? 'the body is not JSON' : listIssues(issues)), requestId)
    }
    const handled = (await handlerOf(handlers, row)?.(value)) ?? { body: documentedResult(examples, row) }
    return 'code' in handled ? refuse(handled, requestId) : { status: row.response.status, body: handled.body }
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
  return { code: codes.VOD_10053, message: `${errorCodes[codes.VOD_10053].meaning} ${reason}` }
}

function refuse({ code, message, status }: Refusal, requestId: string): Outcome & { body: HuaweiErrorResponse } {
  const known = entryOf(code, errorCodes)
  return {
    code,
    status: status ?? known?.status[0] ?? 500,
    body: {
      error_code: code,
      error_msg: message ?? known?.meaning ?? '',
      // Only errors of the gateway have it.
      ...(code.startsWith(GATEWAY_PREFIX) && { request_id: requestId }),
    },
  }
}

const GATEWAY_PREFIX = codes.APIGW_0101.replace(/\d+$/, '')
