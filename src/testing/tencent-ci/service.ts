import * as codes from '../../../generated/tencent-ci/codes.js'
import { errorCodes } from '../../../generated/tencent-ci/error-codes.js'
import { errorMessages } from '../../../generated/tencent-ci/error-messages.js'
import { examples } from '../../../generated/tencent-ci/examples.js'
import { operations } from '../../../generated/tencent-ci/operations.js'
import { provider } from '../../../generated/tencent-ci/provider.js'
import { errorElement } from '../../../generated/tencent-ci/xml.js'
import { isRequestOf, pathValues, type OperationRow } from '../../client/operation-row.js'
import { findIssues } from '../../client/validation.js'
import { listIssues } from '../../errors/errors.js'
import { shapeXml } from '../../xml/decode.js'
import { encodeXml } from '../../xml/encode.js'
import { readXml, type XmlContent, type XmlRoot } from '../../xml/read.js'
import type { Callbacks } from '../callbacks.js'
import type { ArrivedRequest, Service } from '../exchange.js'
import { tencentHost } from '../hosts.js'
import type { Ids } from '../ids.js'
import type { EmulatorSettings } from '../options.js'
import { documentedResult, handlerOf, readParameters } from '../routes.js'
import { createService, type Outcome } from '../service.js'
import { authenticateTencent } from './authentication.js'
import { createTencentCiHandlers } from './handlers.js'
import type { Jobs } from './jobs.js'

/** A request with what its method, its URL, and its body show about the operation. */
interface Routed {
  /** All operations with this method and path. */
  readonly candidates: readonly OperationRow[]
  /** The body; undefined if it is not a document. */
  readonly root: XmlRoot | undefined
  /** The one operation whose constants the body has; the only candidate if there is one. */
  readonly row: OperationRow | undefined
}

const rows: readonly OperationRow[] = Object.values(operations)

/** Emulates CI. */
export function emulateTencentCi(settings: EmulatorSettings, jobs: Jobs, ids: Ids, callbacks: Callbacks): Service {
  const handlers = createTencentCiHandlers(settings, jobs, ids, callbacks)

  return createService({
    rows,
    errorCodes,
    errorMessages,
    throttled: { code: codes.SlowDown },
    headers: provider.headers,
    server: 'tencent-ci',
    contentType: operations.createVoiceSeparateJob.response.contentType,
    now: settings.now,
    createRequestId: async () => btoa(await ids('request')),
    route,
    respond,
    errorBody: (Code, Message, RequestId) => encodeXml(errorElement, { Code, Message, RequestId, TraceId: RequestId }),
  })

  async function respond(request: ArrivedRequest, { candidates, root, row }: Routed): Promise<Outcome> {
    const { url, headers, body } = request
    if (!isOwnHost(url)) return { code: codes.InvalidHost }
    if (!rows.some((candidate) => pathValues(candidate, url.pathname))) return { code: codes.InvalidUrl }
    const [candidate] = candidates
    if (candidate === undefined) return { code: codes.NotImplemented }
    if (body === undefined) return { code: codes.InvalidContent, status: 413 }
    const code = await authenticateTencent(request, settings)
    if (code !== undefined) return { code }
    if (candidate.requestBody !== undefined) {
      if (headers['transfer-encoding'] !== undefined) return { code: codes.MissingContentLength }
      if (body.length === 0) return { code: codes.MissingContent }
      if (root === undefined) return { code: codes.InvalidContent }
    }
    if (row === undefined) return { code: codes.InvalidArgument, message: constantsRule(candidates) }
    const fields = root && row.requestBody?.xml && shapeXml(root, [row.requestBody.xml]).value
    const value = { ...fields, ...readParameters(row, url) }
    const issues = findIssues(row.request, value)
    if (issues.length > 0) return { code: codes.InvalidArgument, message: listIssues(issues) }
    const handled = await handlerOf(handlers, row)?.(value, headers)
    if (handled !== undefined && 'code' in handled) return handled
    const { status, xml } = row.response
    if (xml === undefined) return { status, body: '' }
    return { status, body: handled ? encodeXml(xml, handled.body) : String(documentedResult(examples, row)) }
  }

  /** A production host has a bucket and a region. Any other host stands for both. */
  function isOwnHost({ href }: URL): boolean {
    const named = tencentHost.exec(href)?.groups
    const { bucket, region } = settings.tencent
    return named === undefined || (named['bucket'] === bucket && named['region'] === region)
  }
}

/** Operations with one method and path differ in the constants of their bodies. */
function route(request: ArrivedRequest): Routed {
  const candidates = rows.filter((row) => isRequestOf(row, request.method, request.url))
  const root = candidates.some(({ requestBody }) => requestBody !== undefined) ? readRoot(request.body) : undefined
  const row = candidates.find(
    ({ constants, requestBody }) => requestBody === undefined || hasConstants(root, constants),
  )
  return { candidates, root, row }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const { name: rootName } = operations.createVoiceSeparateJob.requestBody.xml

/** Undefined for what is not a request document in UTF-8. */
function readRoot(body: Uint8Array | undefined): XmlRoot | undefined {
  try {
    const root = readXml(utf8.decode(body))
    return root.name === rootName ? root : undefined
  } catch {
    // Not only an XmlDecodeError: a tag of several MB overflows the stack.
    return undefined
  }
}

function hasConstants(root: XmlRoot | undefined, constants: OperationRow['constants']): boolean {
  return Object.entries(constants).every(([name, value]) => {
    const contents: readonly XmlContent[] = typeof root?.content === 'object' ? (root.content.get(name) ?? []) : []
    return contents[0] === value
  })
}

/** As in `Tag must be one of VoiceSeparate, NoiseReduction`. */
function constantsRule(candidates: readonly OperationRow[]): string {
  const names = new Set(candidates.flatMap(({ constants }) => Object.keys(constants)))
  return [...names]
    .map((name) => `${name} must be one of ${candidates.map(({ constants }) => constants[name]).join(', ')}`)
    .join('; ')
}
