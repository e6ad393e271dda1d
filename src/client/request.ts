import { RequestValidationError } from '../errors/errors.js'
import type { KnownValues, Settings } from '../sending/settings.js'
import type { RequestHead, UnsignedRequest } from '../signing/authentication.js'
import { encodeRfc3986 } from '../signing/percent-encoding.js'
import { isPlainObject, isRecord } from '../type-guards.js'
import { isInRequest, type Bodies, type OperationRow, type Parameter } from './operation-row.js'

/** A request with the values that the spec and the client supply. The caller's own values win. */
export function completeRequest({ constants, defaults }: OperationRow, request: unknown, known: KnownValues): unknown {
  if (!isPlainObject(request)) return request
  const tagged = Object.keys(constants).length === 0 ? request : Object.assign({}, constants, request)
  return defaults.reduce<unknown>((value, { path, option }) => withDefault(value, path, known[option]), tagged)
}

/** The value with a field filled in, if the object around the field exists and lacks it. */
function withDefault(value: unknown, [name = '', ...rest]: readonly string[], missing: string | undefined): unknown {
  if (!isPlainObject(value) || missing === undefined) return value
  const before = value[name]
  const after = rest.length > 0 ? withDefault(before, rest, missing) : name in value ? before : missing
  return after === before ? value : Object.assign({}, value, { [name]: after })
}

/**
 * Creates the function that writes the requests of a method: their parameters into the URL, all other fields into the
 * body. It throws RequestValidationError if a value cannot be written.
 */
export function requestWriter(
  row: OperationRow,
  settings: RequestSettings,
  encode: Bodies['encode'],
): (request: unknown) => UnsignedRequest {
  const { method, requestBody } = row
  const isFixed = !row.parameters.some(isInRequest)
  let kept: RequestHead | undefined
  const headOf = (fields: Readonly<Record<string, unknown>>): RequestHead => {
    const { baseUrl, knownValues } = settings
    const url = new URL(baseUrl + writePath(row, fields, knownValues) + writeQuery(row, fields, knownValues))
    const head = requestHead(method, url, requestBody && { 'content-type': requestBody.contentType }, settings)
    if (isFixed) kept = head
    return head
  }
  return (request) => {
    const head = kept ?? headOf(isRecord(request) ? request : {})
    return { head, body: requestBody === undefined ? '' : encode(bodyFieldsOf(row, request), row) }
  }
}

/** What a client adds to its requests. */
type RequestSettings = Pick<Settings, 'baseUrl' | 'knownValues' | 'knownHeaders' | 'userAgent'>

/** A request without its body, with the headers that the client adds. */
export function requestHead(
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>> | undefined,
  { knownHeaders, userAgent }: Pick<RequestSettings, 'knownHeaders' | 'userAgent'>,
): RequestHead {
  const contentType = headers?.['content-type']
  return {
    method,
    url,
    headers: { ...headers, 'user-agent': userAgent, ...knownHeaders },
    signedHeaders: { ...(contentType !== undefined && { 'content-type': contentType }), ...knownHeaders },
  }
}

function bodyFieldsOf({ parameters }: OperationRow, request: unknown): unknown {
  const names = parameters.filter(isInRequest).map(({ name }) => name)
  if (names.length === 0 || !isRecord(request)) return request
  return Object.fromEntries(Object.entries(request).filter(([name]) => !names.includes(name)))
}

function writePath(row: OperationRow, fields: Readonly<Record<string, unknown>>, known: KnownValues): string {
  return row.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = row.parameters.find((candidate) => candidate.in === 'path' && candidate.name === name)
    const values = parameter === undefined ? [] : valuesOf(row.name, parameter, fields, known)
    const segment = values.map(encodeRfc3986).join(',')
    // A URL would leave out such a segment, or the one before it.
    if (/^\.{0,2}$/.test(segment)) {
      const message = 'must not be empty, "." or "..", as it is part of the path'
      throw new RequestValidationError(row.name, [{ path: name, message }])
    }
    return segment
  })
}

function writeQuery(row: OperationRow, fields: Readonly<Record<string, unknown>>, known: KnownValues): string {
  const pairs = row.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) => {
      const name = encodeRfc3986(parameter.name)
      if (parameter.const === '') return [name]
      const values = valuesOf(row.name, parameter, fields, known).map(encodeRfc3986)
      if (parameter.list === 'comma') return values.length === 0 ? [] : [`${name}=${values.join(',')}`]
      return values.map((value) => `${name}=${value}`)
    })
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** The values of a parameter as text, none if the caller omitted it. */
function valuesOf(
  operation: string,
  { name, option, const: constant, list }: Parameter,
  fields: Readonly<Record<string, unknown>>,
  known: KnownValues,
): string[] {
  const value = constant ?? (option === undefined ? fields[name] : known[option])
  if (value === undefined) return []
  const values: readonly unknown[] = list !== undefined && Array.isArray(value) ? value : [value]
  return values.map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw new RequestValidationError(operation, [{ path: name, message: 'must be text, a number, or a boolean' }])
  })
}
