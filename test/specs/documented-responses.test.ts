import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { ApiError, CloudMediaError, UnexpectedResponseError } from '../../src/index.js'
import { isRecord } from '../../src/type-guards.js'
import { useAnswers } from '../support/answering.js'
import { listOf, objectOf, textOf, type Json } from './bundled.js'
import { bodyOf, callOperation } from './documented-calls.js'
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
async function callOf(row: Row): Promise<unknown> {
  const [request] = documentedBodies(row.document, row.operation['requestBody'])
  return callOperation(row, request)
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
