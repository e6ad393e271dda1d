import type { OperationRow } from '../client/operation-row.js'
import type { ErrorCode } from '../sending/provider.js'
import type { Answer, ArrivedRequest, Refusal, Service } from './exchange.js'

/** The outcome of a request: status and body of a result, or an error. */
export type Outcome = Pick<Answer, 'status' | 'body'> | Refusal

/** The operation of a request; undefined if the spec has no such operation. */
export interface Routed {
  readonly row: OperationRow | undefined
}

/** The parts of a service that differ between the providers. */
interface Parts<Route extends Routed> {
  readonly rows: readonly OperationRow[]
  readonly errorCodes: Readonly<Record<string, Pick<ErrorCode, 'status'>>>
  /** The provider's own messages by code. */
  readonly errorMessages: Readonly<Record<string, string>>
  readonly throttled: Refusal
  /** The names of the response headers. */
  readonly headers: { readonly requestId: string; readonly date: string; readonly traceId?: string }
  readonly server: string
  /** That of every body of the provider. */
  readonly contentType: string
  readonly now: () => number
  readonly createRequestId: () => Promise<string>
  readonly route: (request: ArrivedRequest) => Route
  readonly respond: (request: ArrivedRequest, routed: Route) => Promise<Outcome>
  readonly errorBody: (code: string, message: string, requestId: string) => string
}

export function createService<Route extends Routed>(parts: Parts<Route>): Service {
  const { rows, errorCodes, errorMessages, throttled, headers } = parts

  return {
    operations: rows.map(({ name }) => name),
    errorCodes,
    throttled,
    receive: (request) => {
      const routed = parts.route(request)
      return { operation: routed.row?.name, run: () => answer(() => parts.respond(request, routed)) }
    },
    refuse: (refusal) => answer(() => refusal),
  }

  async function answer(respond: () => Outcome | Promise<Outcome>): Promise<Answer> {
    const requestId = await parts.createRequestId()
    const outcome = await respond()
    const response = 'code' in outcome ? errorResponse(outcome, requestId) : outcome
    return {
      ...response,
      headers: {
        ...(response.body !== '' && { 'content-type': parts.contentType }),
        [headers.requestId]: requestId,
        [headers.date]: new Date(parts.now()).toUTCString(),
        server: parts.server,
        // Tencent's page on CI errors: only error responses have it.
        ...('code' in response && headers.traceId !== undefined && { [headers.traceId]: requestId }),
      },
    }
  }

  function errorResponse({ code, status, message }: Refusal, requestId: string): Omit<Answer, 'headers'> {
    // A fault may have a code that the spec does not have.
    const known = Object.hasOwn(errorCodes, code) ? errorCodes[code] : undefined
    const documented = Object.hasOwn(errorMessages, code) ? errorMessages[code] : undefined
    const body = parts.errorBody(code, message ?? documented ?? code, requestId)
    return { code, status: status ?? known?.status[0] ?? 500, body }
  }
}
