import type { HuaweiErrorResponse } from '../../generated/huawei-vod/types.js'
import type { Bodies, OperationRow } from '../client/operation-row.js'
import type { Schema } from '../client/validation.js'
import { RequestValidationError } from '../errors/errors.js'
import type { Decoded } from '../sending/operation.js'
import { isPlainObject, isRecord, isText } from '../type-guards.js'

/** The bodies of VOD, and of the gateway in front of it. */
export const jsonBodies: Bodies = { encode, decode }

function encode(value: unknown, { name, request }: OperationRow): string {
  const json = jsonOf(hasOwnFieldsOnly(value, request) ? value : withInherited(value, request))
  if (json !== undefined) return json
  throw new RequestValidationError(name, [{ path: '', message: 'must be an object that JSON can represent' }])
}

/** Whether no known object in a value inherits fields: nearly every request, which then needs no copy. */
function hasOwnFieldsOnly(value: unknown, { properties = {}, items = {} }: Schema = {}): boolean {
  if (Array.isArray(value)) return value.every((item) => hasOwnFieldsOnly(item, items))
  if (!isRecord(value)) return true
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  for (const name in properties) if (!hasOwnFieldsOnly(value[name], properties[name])) return false
  return true
}

/** The value with the known fields that its objects inherit: JSON.stringify leaves those out. */
function withInherited(value: unknown, { properties = {}, items = {} }: Schema = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => withInherited(item, items))
  if (!isRecord(value) || 'toJSON' in value) return value
  const known = Object.keys(properties).filter((name) => value[name] !== undefined)
  return Object.assign({}, value, ...known.map((name) => ({ [name]: withInherited(value[name], properties[name]) })))
}

/** Undefined for what JSON cannot represent, such as undefined, a BigInt, or a cycle. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** An object with a code or a message is an error response. */
function decode(text: string, row: OperationRow | undefined): Decoded {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (json === '') {
    const hasNoBody = row?.response.contentType === undefined
    return hasNoBody ? { kind: 'result', value: undefined } : { kind: 'unreadable', reason: 'the response is empty' }
  }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { kind: 'unreadable', reason: 'the response is not JSON' }
  }
  if (!isPlainObject(value)) {
    return { kind: 'unreadable', reason: 'the response is not a JSON object' }
  }
  // All fields of the type are optional, and each is checked here.
  const { error_code, error_msg, request_id } = value as HuaweiErrorResponse
  const [given, message] = [textOf(error_code), textOf(error_msg)]
  if (given === undefined && message === undefined) {
    const hasNoBody = row !== undefined && row.response.contentType === undefined
    return hasNoBody ? { kind: 'unreadable', reason: 'the response must be empty' } : { kind: 'result', value }
  }
  // Of two codes neither proves anything, and JSON.parse keeps only the last one.
  const code = json.split('"error_code"').length > 2 ? undefined : given
  return { kind: 'error', document: { code, message, requestId: textOf(request_id), traceId: undefined }, value }
}

/** A string, or a number as text; undefined for an empty string and anything else. */
function textOf(value: unknown): string | undefined {
  return isText(value) ? value : typeof value === 'number' ? String(value) : undefined
}
