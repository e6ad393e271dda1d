import { RequestValidationError } from '../errors/errors.js'
import type { KnownValues, Settings } from '../sending/settings.js'
import type { UnsignedRequest } from '../signing/authentication.js'
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
 * Writes the request of a method: its parameters into the URL, all other fields into the body.
 *
 * @throws RequestValidationError if a value cannot be written
 */
export function writeRequest(
  row: OperationRow,
  request: unknown,
  { baseUrl, knownValues }: Pick<Settings, 'baseUrl' | 'knownValues'>,
  encode: Bodies['encode'],
): UnsignedRequest {
  const fields = isRecord(request) ? request : {}
  const { method, requestBody } = row
  const url = new URL(baseUrl + writePath(row, fields, knownValues) + writeQuery(row, fields, knownValues))
  if (requestBody === undefined) return { method, url, headers: {}, body: '' }
  const headers = { 'content-type': requestBody.contentType }
  return { method, url, headers, body: encode(bodyFieldsOf(row, request), row) }
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
      const message = 'must not be empty, "." or "..", as it is a part of the path'
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
