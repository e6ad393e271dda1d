import createFetchClient from 'openapi-fetch'
import type { Answer } from '../sending/answer.js'
import { decodeAnswer } from '../sending/read-answer.js'
import type { Operation } from '../sending/operation.js'
import type { ClientState } from '../sending/client-state.js'
import { send } from '../sending/retry-loop.js'
import type { Settings } from '../sending/settings.js'
import type { UnsignedRequest } from '../signing/authentication.js'
import { isRequestOf, type Bodies, type OperationRow } from './operation-row.js'
import type { RawClient } from './raw.js'
import { requestHead } from './request.js'
import { responseOf } from './response.js'

/** The openapi-fetch client over the operations of one document. */
export function createRawClient(rows: readonly OperationRow[], state: ClientState, bodies: Bodies): RawClient<object> {
  const { baseUrl } = state.settings
  const base = new URL(baseUrl).pathname.replace(/\/$/, '')
  return createFetchClient<object>({ baseUrl, fetch: (request) => sendRaw(request, rows, base, state, bodies) })
}

/**
 * Signs and sends the request, and returns the provider's body as JSON, which is what openapi-fetch reads. An error body
 * that cannot be decoded stays text.
 *
 * @throws CloudMediaError if there is no response, or a success that cannot be decoded
 */
async function sendRaw(
  request: Request,
  rows: readonly OperationRow[],
  base: string,
  state: ClientState,
  bodies: Bodies,
): Promise<Response> {
  const url = new URL(request.url)
  const row = rows.find((candidate) => isRequestOf(candidate, request.method, url, base))
  const operation: Operation = {
    ...(row ?? unknownOperation(request.method, url)),
    decode: (text) => bodies.decode(text, row),
    isComplete: () => true,
  }
  const unsigned = await unsignedOf(request, url, row, bodies, state.settings)
  const sent = await send(state, unsigned, operation, { signal: request.signal })
  if (sent.kind === 'result') return responseOf(sent.answer, jsonOf(sent.value, sent.answer))
  // Over sockets, statuses arrive that no Response can have.
  if (sent.answer === undefined || sent.answer.status < 200 || sent.answer.status > 599) throw sent.error
  const decoded = decodeAnswer(sent.answer, operation)
  if (decoded.kind !== 'unreadable') return responseOf(sent.answer, jsonOf(decoded.value, sent.answer))
  if (sent.answer.status >= 300) return responseOf(sent.answer, sent.answer.text)
  throw sent.error
}

/** A request that the spec does not have is sent as carefully as one that creates a paid job. */
function unknownOperation(method: string, { pathname }: URL): Omit<Operation, 'decode' | 'isComplete'> {
  return {
    name: `${method} ${pathname}`,
    retrySafety: 'refused-only',
    ifInDoubt: 'Find out whether the request took effect before you send it again.',
    permissions: [],
    idFields: [],
    resultFields: [],
  }
}

/** The parts of a request; a body that openapi-fetch wrote as JSON becomes XML where the operation requires it. */
async function unsignedOf(
  request: Request,
  url: URL,
  row: OperationRow | undefined,
  bodies: Bodies,
  settings: Settings,
): Promise<UnsignedRequest> {
  const { method } = request
  const headers = Object.fromEntries(request.headers)
  const body = new Uint8Array(await request.arrayBuffer())
  if (row?.requestBody?.xml === undefined || body.length === 0) {
    return { head: requestHead(method, url, headers, settings), body }
  }
  const value = parsedJson(body)
  const isJson = headers['content-type'] === 'application/json'
  const sent = isJson ? { ...headers, 'content-type': row.requestBody.contentType } : headers
  // A caller's own bodySerializer may have written the XML.
  return {
    head: requestHead(method, url, sent, settings),
    body: value === undefined ? body : bodies.encode(value, row),
  }
}

/** Undefined for what is not JSON. */
function parsedJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

/** JSON.stringify fails on JSON that is nested too deeply, which is then the text itself; XML is limited in depth. */
function jsonOf(value: unknown, { text }: Answer): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return text
  }
}
