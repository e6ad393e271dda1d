import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { listOf, lookUp, objectOf, readBundled, type Json, type JsonObject, type Place } from './bundled.js'

/** One row of a table on a provider page, and the place in the bundled document that must state the same. */
interface DocumentedRow {
  /** The name in redocly.yaml. */
  readonly document: string
  readonly page: string
  /** Its caption or heading. */
  readonly table: string
  readonly field: string
  /** JSON type, or `header` or `response` for a row that is not a schema. */
  readonly type: string
  /** `yes`, `no`, or `example only` for a field that no table of the page lists. */
  readonly required: string
  readonly values: readonly (string | number)[]
  /** JSON pointer into the document. */
  readonly pointer: string
}

// One folder per document, one file per page, one line per row, in the order of the page.
const PAGES = path.resolve(import.meta.dirname, '../fixtures/provider-pages')
const rows = readdirSync(PAGES).flatMap((document) =>
  readdirSync(path.join(PAGES, document)).flatMap((file) => rowsOf(document, file)),
)
const documents = new Map(readdirSync(PAGES).map((name) => [name, readBundled(name)]))

describe('the specs', () => {
  it.each(rows.map((row) => [row.page, row.table, row.field, row] as const))(
    'state the row of the provider page: %s, %s: %s',
    (_page, _table, field, row) => {
      const document = documents.get(row.document) ?? {}
      const place = lookUp(document, row.pointer)
      expect(fieldOf(place)).toBe(field)
      expect(place.value['description']).toMatch(/\S/)
      expect(typeOf(place)).toBe(row.type)
      expect(isRequired(place, document)).toBe(row.required === 'yes')
      expect(valuesOf(place.value)).toEqual(expect.arrayContaining([...row.values]))
    },
  )
})

describe('the rows of the provider pages', () => {
  it('are 148 fields, 6 status codes, and 7 fields that only examples show', () => {
    const inExamples = rows.filter(({ required }) => required === 'example only')
    const statusCodes = rows.filter(({ type }) => type === 'response')
    const fields = rows.filter((row) => !inExamples.includes(row) && !statusCodes.includes(row))
    expect(byPage(fields)).toEqual({ '000': 11, '001': 10, '002': 32, '003': 55, '004': 40 })
    expect(byPage(statusCodes)).toEqual({ '000': 2, '001': 2, '003': 2 })
    expect(byPage(inExamples)).toEqual({ '002': 5, '004': 2 })
    expect([fields.length, statusCodes.length, inExamples.length]).toEqual([148, 6, 7])
  })
})

function rowsOf(document: string, file: string): DocumentedRow[] {
  const [, ...lines] = readFileSync(path.join(PAGES, document, file), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => {
    const [table = '', field = '', type = '', required = '', list = '', pointer = ''] = line.split('\t')
    if (!['yes', 'no', 'example only'].includes(required)) throw new Error(`${file}: ${line}`)
    const texts = list === '' ? [] : list.split(', ')
    const values = type === 'integer' ? texts.map(Number) : texts
    return { document, page: path.parse(file).name, table, field, type, required, values, pointer }
  })
}

function byPage(some: readonly DocumentedRow[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { page } of some) counts[page] = (counts[page] ?? 0) + 1
  return counts
}

/** The name on the wire: of a root element, of a parameter or header, of a property, or the status code. */
function fieldOf({ name, value, around: [parent] }: Place): Json | undefined {
  return objectOf(value['xml'])['name'] ?? value['name'] ?? (name === 'schema' ? parent?.['name'] : name)
}

function typeOf({ value }: Place): Json | undefined {
  if (value['type'] === 'apiKey') return value['in']
  if ('content' in value) return 'response'
  return value['type'] ?? objectOf(listOf(value['anyOf'])[1])['type']
}

function isRequired({ name, value, around: [parent, schema] }: Place, document: JsonObject): boolean {
  if (value['type'] === 'apiKey') {
    return listOf(document['security']).every((alternative) => name in objectOf(alternative))
  }
  if (name === 'schema') return parent?.['required'] === true
  if ('xml' in value) return isRequiredBody(`#/components/schemas/${name}`, document)
  return listOf(schema?.['required']).includes(name)
}

/** A success answer always has its body. */
function isRequiredBody(reference: string, document: JsonObject): boolean {
  const operations = Object.values(objectOf(document['paths'])).flatMap((item) => Object.values(objectOf(item)))
  return operations.map(objectOf).some(({ requestBody, responses }) => {
    const answer = objectOf(responses)['200']
    const isRequest = isBody(requestBody, reference) && objectOf(requestBody)['required'] === true
    return isRequest || isBody(answer, reference)
  })
}

function isBody(holder: Json | undefined, reference: string): boolean {
  const media = Object.values(objectOf(objectOf(holder)['content'])).map(objectOf)
  return media.some(({ schema }) => objectOf(schema)['$ref'] === reference)
}

/** Closed, constant or open. */
function valuesOf(schema: JsonObject): readonly Json[] {
  const { const: constant, enum: closed, anyOf } = schema
  if (constant !== undefined) return [constant]
  return listOf(closed ?? objectOf(listOf(anyOf)[0])['enum'])
}
