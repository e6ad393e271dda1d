import path from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { ParseOption, XmlDocument, XmlElement, XmlLibError } from 'libxml2-wasm'
import type { Answer } from '../../src/testing/exchange.js'
import { listOf, objectOf, readBundled, referred, textOf, type Json, type JsonObject } from '../specs/bundled.js'
import { keptXsd } from './xsd.js'

/** An answer of the emulator, and what is known of its question. */
export interface GivenAnswer {
  readonly provider: 'huawei-vod' | 'tencent-ci'
  /** Undefined where there is none, or it is not known. Then only an error is right. */
  readonly operation: string | undefined
  /** Whether a fault named the status, which may be one that the spec does not know. */
  readonly statusIsOrdered?: boolean
  readonly answer: Answer
}

/** What the spec says of the answers to one operation. */
interface Contract {
  readonly provider: GivenAnswer['provider']
  readonly operation: Json | undefined
  readonly document: JsonObject
  /** By status. */
  readonly responses: JsonObject
}

/** What was found in a body; the value is undefined where it could not be read. */
interface ReadBody {
  readonly value: Json | undefined
  readonly violations: readonly string[]
}

const contracts = [
  ...contractsIn('huawei-vod', readBundled('huawei-vod')),
  ...contractsIn('tencent-ci', readBundled('tencent-ci-voice-separate')),
  ...contractsIn('tencent-ci', readBundled('tencent-ci-noise-reduction')),
  ...contractsIn('tencent-ci', readBundled('tencent-ci-jobs')),
  ...contractsIn('tencent-ci', readBundled('tencent-ci-cancel-job')),
]

/** The fields of an error document that repeat a header, by the role of the header. */
const repeatedIn: Readonly<Record<string, readonly string[]>> = {
  'request-id': ['request_id', 'RequestId'],
  'trace-id': ['TraceId'],
}

/** Everything in which an answer differs from the spec. */
export function violationsOf({ provider, operation, statusIsOrdered = false, answer }: GivenAnswer): string[] {
  const contract = contracts.find(
    (candidate) => candidate.provider === provider && (operation ?? candidate.operation) === candidate.operation,
  )
  if (contract === undefined) return [`the spec has no operation ${String(operation)}`]
  const { document, responses } = contract
  const status = String(answer.status)
  const documented = operation === undefined ? undefined : responses[status]
  // All errors of a provider are documented alike.
  const response = referred(document, objectOf(documented ?? responses['500']))
  const [[mediaType, media] = ['', undefined]] = Object.entries(objectOf(response['content']))
  const { value, violations } =
    media === undefined ? noBody(answer.body) : readBody(answer.body, objectOf(media), document)
  const body = objectOf(value)
  const headers = new Headers(answer.headers)
  const contentType = headers.get('content-type') ?? ''
  const isError = documented === undefined || !status.startsWith('2')
  return [
    ...when(
      operation !== undefined && documented === undefined && !statusIsOrdered,
      `status ${status} is not documented for ${String(operation)}`,
    ),
    ...when(contentType !== mediaType, `the content type is ${contentType}, not ${mediaType}`),
    ...headerViolations(headers, body, objectOf(response['headers']), document),
    ...violations,
    ...(isError && value !== undefined ? codeViolations(body, answer.status, statusIsOrdered, document) : []),
  ]
}

function headerViolations(headers: Headers, body: JsonObject, documented: JsonObject, document: JsonObject): string[] {
  return Object.entries(documented).flatMap(([name, header]) => {
    const value = headers.get(name) ?? ''
    if (value === '') return [`the header ${name} is missing`]
    const role = textOf(referred(document, objectOf(header))['x-role'])
    if (role === 'date') return when(!isHttpDate(value), `the header ${name} is no HTTP date: ${value}`)
    return (repeatedIn[role] ?? []).flatMap((field) =>
      when((body[field] ?? value) !== value, `the header ${name} is ${value}, but ${field} is another`),
    )
  })
}

function codeViolations(body: JsonObject, status: number, statusIsOrdered: boolean, document: JsonObject): string[] {
  const code = body['error_code'] ?? body['Code']
  if (typeof code !== 'string' || code === '') return ['the error has no code']
  const listed = listOf(objectOf(objectOf(document['x-error-codes'])[code])['status'])
  return when(
    !statusIsOrdered && !listed.includes(status),
    `the spec does not list ${code} with status ${String(status)}`,
  )
}

/** The response is documented without a body. */
function noBody(body: string): ReadBody {
  return { value: undefined, violations: when(body !== '', `the body is ${body}, where there is none`) }
}

function readBody(body: string, media: JsonObject, document: JsonObject): ReadBody {
  const read = media['x-xsd'] === undefined ? readJson(body) : readXml(body, media, document)
  if (read.value === undefined) return read
  const validate = validatorOf(media, document)
  validate(read.value)
  const issues = (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `the body by OpenAPI: ${instancePath} ${message} ${JSON.stringify(params)}`,
  )
  return { value: read.value, violations: [...read.violations, ...issues] }
}

function readJson(body: string): ReadBody {
  try {
    // JSON.parse is untyped, and this is what it can give.
    return { value: JSON.parse(body) as Json, violations: [] }
  } catch (error) {
    return { value: undefined, violations: [`the body is no JSON: ${String(error)}`] }
  }
}

function readXml(body: string, media: JsonObject, document: JsonObject): ReadBody {
  let xml: XmlDocument | undefined
  try {
    xml = XmlDocument.fromString(body, { option: ParseOption.XML_PARSE_NONET })
    const { root } = xml
    const schema = referred(document, objectOf(media['schema']))
    const expected = textOf(objectOf(schema['xml'])['name'])
    return {
      value: valueOf(root, schema, document),
      violations: [
        ...when(root.name !== expected, `the root is ${root.name}, not ${expected}`),
        ...xsdViolations(xml, textOf(media['x-xsd'])),
      ],
    }
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    return { value: undefined, violations: [`the body is no XML: ${error.message.trim()}`] }
  } finally {
    // libxml2 lives in WebAssembly, whose memory is not collected.
    xml?.dispose()
  }
}

/** An element as JSON, in the shape that the schema gives it. What the schema does not know becomes text. */
export function valueOf(element: XmlElement, schema: JsonObject, document: JsonObject): Json {
  const { type, properties, required } = merged(document, schema)
  if (type !== 'object') return element.content
  const value: Record<string, Json> = {}
  // XML has no empty list: a required one that is not there is empty.
  for (const name of listOf(required).map(String)) {
    const property = referred(document, objectOf(objectOf(properties)[name]))
    if (property['type'] === 'array' && property['minItems'] === undefined) value[name] = []
  }
  for (let child = element.firstChild; child !== null; child = child.next) {
    if (!(child instanceof XmlElement)) continue
    const { name } = child
    const property = merged(document, objectOf(objectOf(properties)[name]))
    const found = valueOf(child, property['type'] === 'array' ? objectOf(property['items']) : property, document)
    const repeats = property['type'] === 'array' || value[name] !== undefined
    value[name] = repeats ? [...listOf(value[name]), found] : found
  }
  return value
}

/** The schema, with the properties of all its branches if these are objects. */
function merged(document: JsonObject, written: JsonObject): JsonObject {
  const schema = referred(document, written)
  const branches = listOf(schema['anyOf']).map((branch) => merged(document, objectOf(branch)))
  if (schema['properties'] !== undefined || branches.some(({ type }) => type !== 'object')) return schema
  return branches.reduce<JsonObject>((all, { properties }) => {
    const own = Object.entries(objectOf(properties)).filter(([, property]) => objectOf(property)['not'] === undefined)
    const both = Object.fromEntries(
      own.map(([name, property]) => [name, bothOf(objectOf(objectOf(all['properties'])[name]), objectOf(property))]),
    )
    return { type: 'object', properties: { ...objectOf(all['properties']), ...both } }
  }, schema)
}

/** A property of two branches. */
function bothOf(one: JsonObject, other: JsonObject): JsonObject {
  if (Object.keys(one).length === 0) return other
  return JSON.stringify(one) === JSON.stringify(other) ? one : { anyOf: [one, other] }
}

function xsdViolations(xml: XmlDocument, file: string): string[] {
  try {
    keptXsd(path.basename(file)).validate(xml)
    return []
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    return [`the body by ${file}: ${error.message.trim()}`]
  }
}

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  meta: false,
  validateSchema: false,
  code: { optimize: false },
})
const jsonValidators = new Map<JsonObject, ValidateFunction>()

function validatorOf(media: JsonObject, document: JsonObject): ValidateFunction {
  let validator = jsonValidators.get(media)
  if (validator === undefined) {
    // The references in the schema lead to the components.
    validator = ajv.compile({
      ...objectOf(media['schema']),
      components: { schemas: closed(objectOf(document['components'])['schemas']) },
    })
    jsonValidators.set(media, validator)
  }
  return validator
}

/**
 * An answer schema is open to what a provider may add. The emulator has nothing to add, and a field that it misspells
 * must not pass for one.
 */
function closed(node: Json | undefined): Json {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node ?? null
  const children = Object.fromEntries(Object.entries(node).map(([name, child]) => [name, closed(child)]))
  return 'properties' in children ? { additionalProperties: false, ...children } : children
}

function contractsIn(provider: GivenAnswer['provider'], document: JsonObject): Contract[] {
  const items = Object.values(objectOf(document['paths']))
  return items.flatMap((item) =>
    Object.values(objectOf(item))
      .map(objectOf)
      .filter(({ operationId }) => operationId !== undefined)
      .map(({ operationId, responses }) => ({
        provider,
        operation: operationId,
        document,
        responses: objectOf(responses),
      })),
  )
}

function isHttpDate(value: string): boolean {
  return !Number.isNaN(Date.parse(value)) && new Date(value).toUTCString() === value
}

function when(isSo: boolean, violation: string): string[] {
  return isSo ? [violation] : []
}
