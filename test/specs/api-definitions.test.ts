import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { listOf, objectOf, readBundled, referred, type Json, type JsonObject } from './bundled.js'

/** One line of a provider's machine-readable definition. */
interface DefinedRow {
  /** The name in redocly.yaml. */
  readonly document: string
  readonly operation: string
  /** `operation` for method and path, `path` or `query` for a parameter, `request`, or the status of a response. */
  readonly in: string
  /** With dots from field to field, also through lists; empty for a response without a body. */
  readonly field: string
  readonly type: string
  readonly required: string
  readonly values: readonly string[]
  /** Least and greatest value, such as `1..100`. */
  readonly range: string
}

// One file per document. The headers are security schemes, which the rows of the provider pages hold.
const DEFINITIONS = path.resolve(import.meta.dirname, '../fixtures/api-definitions')
const rows = readdirSync(DEFINITIONS).flatMap(rowsOf)

describe('the specs', () => {
  it.each(rows.map((row) => [row.operation, row.in, row.field, row] as const))(
    "agree with the provider's definition: %s, %s: %s",
    (_operation, _in, _field, row) => {
      const document = readBundled(row.document)
      const { at, operation } = operationOf(document, row.operation)
      if (row.in === 'operation') {
        expect(at).toBe(row.field)
        return
      }
      const place = placeOf(document, operation, row)
      if (row.field === '') {
        expect(place).toEqual({ schema: {}, isRequired: false })
        return
      }
      const { schema, isRequired } = place
      expect(typesOf(schema)).toContain(row.type)
      // Responses require less: only what a caller cannot do without.
      if (!/^\d/.test(row.in)) expect(isRequired).toBe(row.required === 'yes')
      expect(valuesOf(document, schema)).toEqual(expect.arrayContaining([...row.values]))
      expect(rangeOf(schema)).toBe(row.range)
    },
  )
})

function rowsOf(file: string): DefinedRow[] {
  const [, ...lines] = readFileSync(path.join(DEFINITIONS, file), 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [operation = '', where = '', field = '', type = '', required = '', list = '', range = ''] = line.split('\t')
    const values = list === '' ? [] : list.split(', ')
    return { document: path.parse(file).name, operation, in: where, field, type, required, values, range }
  })
}

function operationsOf(document: JsonObject): { at: string; operation: JsonObject }[] {
  return Object.entries(objectOf(document['paths'])).flatMap(([at, item]) =>
    Object.entries(objectOf(item)).map(([method, operation]) => ({
      at: `${method.toUpperCase()} ${at}`,
      operation: objectOf(operation),
    })),
  )
}

function operationOf(document: JsonObject, id: string): { at: string; operation: JsonObject } {
  const found = operationsOf(document).find(({ operation }) => operation['operationId'] === id)
  if (found === undefined) throw new Error(`the spec has no operation ${id}`)
  return found
}

interface FoundPlace {
  readonly schema: JsonObject
  readonly isRequired: boolean
}

function placeOf(document: JsonObject, operation: JsonObject, row: DefinedRow): FoundPlace {
  if (row.in === 'path' || row.in === 'query') return parameterOf(document, operation, row)
  const holder = row.in === 'request' ? operation['requestBody'] : objectOf(operation['responses'])[row.in]
  if (holder === undefined) throw new Error(`the spec has no ${row.in}`)
  const media = objectOf(objectOf(referred(document, objectOf(holder))['content'])['application/json'])
  let place: FoundPlace = { schema: referred(document, objectOf(media['schema'])), isRequired: false }
  for (const name of row.field === '' ? [] : row.field.split('.')) {
    const { schema } = place
    const object = schema['type'] === 'array' ? referred(document, objectOf(schema['items'])) : schema
    const property = objectOf(object['properties'])[name]
    if (property === undefined) throw new Error(`the spec has no ${row.field}`)
    const isRequired = listOf(object['required']).includes(name)
    place = { schema: referred(document, objectOf(property)), isRequired }
  }
  return place
}

function parameterOf(document: JsonObject, operation: JsonObject, row: DefinedRow): FoundPlace {
  const parameters = listOf(operation['parameters']).map((parameter) => referred(document, objectOf(parameter)))
  const parameter = parameters.find(({ name, in: where }) => name === row.field && where === row.in)
  if (parameter === undefined) throw new Error(`the spec has no parameter ${row.field}`)
  // Every list of a definition has the collectionFormat multi: one parameter per item.
  expect(parameter['explode'] ?? true).toBe(true)
  return {
    schema: referred(document, objectOf(parameter['schema'])),
    isRequired: parameter['required'] === true,
  }
}

/** Null is allowed in addition where a documented response has it. */
function typesOf({ type, anyOf }: JsonObject): (Json | undefined)[] {
  return type === undefined ? listOf(anyOf).map((branch) => objectOf(branch)['type']) : [type]
}

/** Known values; of a list, those of its items. */
function valuesOf(document: JsonObject, { enum: closed, anyOf, items }: JsonObject): readonly Json[] {
  if (items !== undefined) return valuesOf(document, referred(document, objectOf(items)))
  return closed === undefined ? listOf(anyOf).flatMap((branch) => listOf(objectOf(branch)['enum'])) : listOf(closed)
}

function rangeOf({ minimum, maximum }: JsonObject): string {
  const limits = [minimum, maximum].map((limit) => (limit === undefined ? '' : JSON.stringify(limit)))
  return limits.every((limit) => limit === '') ? '' : limits.join('..')
}
