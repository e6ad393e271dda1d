import { describe, expect, it } from 'vitest'
import { listOf, lookUp, objectOf, readBundled, type Json, type JsonObject, type Place } from './bundled.js'
import type { DocumentedRow } from './documented-row.js'
import { huaweiVodRows } from './rows-huawei-vod.js'
import { tencentCiRows } from './rows-tencent-ci.js'

const documents = {
  'huawei-vod': readBundled('huawei-vod'),
  'tencent-ci-voice-separate': readBundled('tencent-ci-voice-separate'),
  'tencent-ci-noise-reduction': readBundled('tencent-ci-noise-reduction'),
}
const rows = [...huaweiVodRows, ...tencentCiRows]

describe('every row of every provider page is in the spec', () => {
  it.each(rows)('$page, $table: $field', (row) => {
    const document = documents[row.document]
    const place = lookUp(document, row.pointer)
    expect(fieldOf(place)).toBe(row.field)
    expect(place.value['description']).toMatch(/\S/)
    expect(typeOf(place)).toBe(row.type)
    expect(isRequired(place, document)).toBe(row.required)
    expect(valuesOf(place.value)).toEqual(expect.arrayContaining([...(row.values ?? [])]))
  })

  it('148 rows are fields and 6 are status codes, and 7 more fields stand in examples only', () => {
    const fields = rows.filter(({ type, exampleOnly }) => type !== 'response' && exampleOnly === undefined)
    const statusCodes = rows.filter(({ type }) => type === 'response')
    const inExamples = rows.filter(({ exampleOnly }) => exampleOnly === true)
    expect(byPage(fields)).toEqual({ '000': 11, '001': 10, '002': 32, '003': 55, '004': 40 })
    expect(byPage(statusCodes)).toEqual({ '000': 2, '001': 2, '003': 2 })
    expect(byPage(inExamples)).toEqual({ '002': 5, '004': 2 })
    expect([fields.length, statusCodes.length, inExamples.length]).toEqual([148, 6, 7])
    expect(rows).toHaveLength(148 + 6 + 7)
  })
})

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
