import { Ajv } from 'ajv'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { ApiError, CloudMediaError, UnexpectedResponseError, type CallOptions } from '../../src/index.js'
import { isRecord } from '../../src/type-guards.js'
import { valueOf } from '../support/answer-check.js'
import { useAnswers } from '../support/answering.js'
import { huaweiClient, tencentClient } from '../support/clients.js'
import { listOf, objectOf, referred, textOf, type Json, type JsonObject } from './bundled.js'
import { documentedBodies, specOperations, type DocumentedBody, type SpecOperation } from './operations.js'

/** One documented response of one operation. */
interface Row extends SpecOperation, Omit<DocumentedBody, 'value'> {
  readonly status: number
  readonly value: Json | undefined
}

const server = useAnswers()

const rows: readonly Row[] = specOperations.flatMap((operation) =>
  Object.entries(objectOf(operation.operation['responses'])).flatMap(([status, response]): Row[] => {
    const bodies = documentedBodies(operation.document, response)
    const none = [{ name: 'no body', contentType: '', media: {}, value: undefined }]
    return (bodies.length === 0 ? none : bodies).map((body) => ({ ...operation, ...body, status: Number(status) }))
  }),
)
const results = rows.filter(({ status }) => status < 300)
const errors = rows.filter(({ status }) => status >= 300)

it('every operation has a documented result and a documented error', () => {
  const ids = specOperations.map(({ id }) => id)
  for (const kind of [results, errors]) expect([...new Set(kind.map(({ id }) => id))]).toEqual(ids)
})

describe('a documented result', () => {
  it.each(results.filter(hasRequiredFields))('of $id ($status $name) is what the method returns', async (row) => {
    respondWith(row)
    expect(await callOf(row)).toEqual(resultOf(row))
  })

  // A template of a page may leave a required field empty.
  it.each(results.filter((row) => !hasRequiredFields(row)))(
    'of $id ($status $name) that lacks a required field is an unexpected response',
    async (row) => {
      respondWith(row)
      const error = await callOf(row).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(UnexpectedResponseError)
      expect(error).toMatchObject({ operation: row.id, status: row.status, attempts: 1, mayHaveRun: true })
    },
  )
})

describe('a documented error', () => {
  it.each(errors)('of $id ($status $name) has its code, and says whether the request may have run', async (row) => {
    respondWith(row)
    const error = await callOf(row).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    const code = codeOf(row)
    const known = objectOf(objectOf(row.document['x-error-codes'])[code])
    const isRefusal = known['refusal'] === true && listOf(known['status']).includes(row.status)
    expect(error).toMatchObject({ operation: row.id, status: row.status, code, attempts: 1, mayHaveRun: !isRefusal })
    expect(error instanceof CloudMediaError && error.hint).toEqual(expect.any(String))
  })
})

const ajv = new Ajv({ strict: false, validateFormats: false })

function hasRequiredFields(row: Row): boolean {
  const { document, media, value } = row
  if (value === undefined) return true
  const schema = { ...objectOf(media['schema']), components: document['components'] }
  return ajv.compile(schema)(bodyOf(document, { ...row, value }))
}

function respondWith({ status, contentType, value }: Row): void {
  const body = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  server.answer({ status, contentType, body })
}

/** Calls the method with the first documented request. */
async function callOf({ id, provider, document, operation }: Row): Promise<unknown> {
  const clients: Readonly<Record<string, object>> = { 'huawei-vod': huaweiClient(), 'tencent-ci': tencentClient() }
  // Every method takes a request; which one, the spec says.
  const methods = clients[provider] as Readonly<
    Record<string, (request: unknown, options: CallOptions) => Promise<unknown>>
  >
  const [body] = documentedBodies(document, operation['requestBody'])
  const fields = body === undefined ? {} : objectOf(bodyOf(document, body))
  // Some documented requests break the rules of their own page.
  return methods[id]?.({ ...parametersOf(document, operation), ...fields }, { validate: false })
}

/** The documented values of the parameters that a caller gives. */
function parametersOf(document: JsonObject, operation: JsonObject): JsonObject {
  const parameters = listOf(operation['parameters']).map((one) => referred(document, objectOf(one)))
  const given = parameters.filter((parameter) => parameter['x-known-to-client'] === undefined)
  return Object.fromEntries(
    given.flatMap((parameter) => {
      const [example] = Object.values(objectOf(parameter['examples'])).map((one) => objectOf(one)['value'])
      const value = parameter['example'] ?? example
      return value === undefined ? [] : [[textOf(parameter['name']), value]]
    }),
  )
}

function bodyOf(document: JsonObject, { contentType, media, value }: DocumentedBody): Json {
  if (contentType !== 'application/xml') return value
  const xml = XmlDocument.fromString(textOf(value))
  try {
    return valueOf(xml.root, objectOf(media['schema']), document)
  } finally {
    xml.dispose()
  }
}

/** The part of the documented body that `x-result` names. */
function resultOf(row: Row): unknown {
  const { value } = row
  if (value === undefined) return undefined
  const way = textOf(row.operation['x-result']).split('/').slice(1)
  return way.reduce<unknown>(
    (part, key) => (isRecord(part) ? part[key] : undefined),
    bodyOf(row.document, { ...row, value }),
  )
}

function codeOf(row: Row): string {
  const { value = null } = row
  const { error_code, Code } = objectOf(bodyOf(row.document, { ...row, value }))
  return textOf(error_code ?? Code)
}
