import { describe, expect, it } from 'vitest'
import { listOf, objectOf, referred, textOf, type Json, type JsonObject } from '../../../specs/bundled.js'
import { codeSamples } from '../../../specs/code-samples.js'
import { documentedBodies, specOperations, type SpecOperation } from '../../../specs/operations.js'
import { errorCodes, pageAt, partOf, shows } from './spec-pages.js'

describe('the pages on operations', () => {
  it.each(specOperations)('$id shows its description, permissions, and wire line', ({ id, document, operation }) => {
    const { title, markdown } = pageAt(`operations/${id}`)
    expect(title).toBe(id)
    for (const paragraph of textOf(operation['description']).split(/\n\n+/))
      expect(shows(markdown, paragraph)).toBe(true)
    expect(
      shows(partOf(pageAt(`operations/${id}`), 'If the response is lost'), textOf(operation['x-if-in-doubt'])),
    ).toBe(true)
    for (const permission of listOf(operation['x-permissions'])) expect(shows(markdown, textOf(permission))).toBe(true)
    const [server] = listOf(document['servers'])
    const [method, path] = whereIs({ document, operation })
    expect(shows(markdown, `${method}${textOf(objectOf(server)['url'])}${path}`)).toBe(true)
    const chip = operation['x-retry-safety'] === 'idempotent' ? '>idempotent<' : '>no retry in doubt<'
    expect(markdown).toContain(chip)
  })

  it.each(specOperations)('$id has its samples and its request body as tabs', ({ id, document, operation }) => {
    const { markdown } = pageAt(`operations/${id}`)
    for (const { source } of codeSamples.filter((sample) => sample.id === id)) expect(markdown).toContain(source.trim())
    const [example] = documentedBodies(document, operation['requestBody'])
    const labels = [...markdown.matchAll(/<label [^>]+>(\w+)</g)].map(([, label]) => label)
    const body = example === undefined ? [] : [example.contentType.replace('application/', '').toUpperCase()]
    expect(labels).toEqual(['TypeScript', 'curl', ...body])
  })

  it.each(specOperations)('$id shows each field of the request with its mark, and no other', (spec) => {
    expect(fieldsShown(partOf(pageAt(`operations/${spec.id}`), 'Request'))).toEqual(requestFields(spec))
  })

  it.each(specOperations)('$id shows each field of the response with its mark, and no other', (spec) => {
    expect(fieldsShown(partOf(pageAt(`operations/${spec.id}`), 'Response'))).toEqual(responseFields(spec))
  })

  it.each(specOperations)('$id shows the texts, values, and rules of all fields', ({ id, document, operation }) => {
    const [request, response] = ['Request', 'Response'].map((name) => partOf(pageAt(`operations/${id}`), name))
    const inRequest = [
      ...parametersOf({ document, operation }).map((parameter) => ({
        properties: { parameter: { ...objectOf(parameter['schema']), ...parameter } },
      })),
      ...schemaOf(document, operation['requestBody']),
    ]
    for (const text of inRequest.flatMap((schema) => textsIn(document, schema, true))) {
      expect({ text, isShown: shows(request ?? '', text) }).toEqual({ text, isShown: true })
    }
    for (const text of schemaOf(document, success(operation)).flatMap((schema) => textsIn(document, schema, false))) {
      expect({ text, isShown: shows(response ?? '', text) }).toEqual({ text, isShown: true })
    }
  })

  it.each(specOperations)('$id shows all examples of the response', ({ id, document, operation }) => {
    const part = partOf(pageAt(`operations/${id}`), 'Response')
    for (const { value } of documentedBodies(document, success(operation))) {
      expect(part).toContain(typeof value === 'string' ? value.trim() : JSON.stringify(value, null, 2))
    }
  })

  it.each(specOperations)('$id shows each error status with its codes, and which may have run', (spec) => {
    const part = partOf(pageAt(`operations/${spec.id}`), 'Errors')
    const statuses = Object.entries(objectOf(spec.operation['responses'])).filter(([status]) => !status.startsWith('2'))
    const shown = new Map(
      part
        .split('<div id="error.')
        .map((text) => [
          text.slice(0, 3),
          [...text.matchAll(/<a class="chip plain" href="site:errors\/([^"]+)\.html">[^<]*(<span)?/g)].map(
            ([, name, mark]) => `${String(name)}${mark === undefined ? '' : ' ●'}`,
          ),
        ]),
    )
    for (const [status, response] of statuses) {
      expect(shows(part, textOf(referred(spec.document, objectOf(response))['description']))).toBe(true)
      const codes = errorCodes.filter(
        ({ provider, known }) => provider === spec.provider && listOf(known['status']).includes(Number(status)),
      )
      const expected = codes.map(({ name, known }) => `${name}${known['refusal'] === true ? '' : ' ●'}`)
      expect(shown.get(status)).toEqual(expected)
    }
  })

  it.each(specOperations)('$id names its sources and errata', ({ id, document, operation }) => {
    const part = partOf(pageAt(`operations/${id}`), 'Sources')
    expect(part).toContain(`href="${textOf(objectOf(operation['externalDocs'])['url'])}"`)
    for (const url of listOf(operation['x-source'])) expect(part).toContain(`href="${textOf(url)}"`)
    const texts = objectOf(document['x-errata-texts'])
    for (const number of listOf(operation['x-errata']).map(Number)) {
      expect(part).toContain(`#erratum-${String(number)}"`)
      expect(shows(part, textOf(texts[String(number)]).split('\n')[0] ?? '')).toBe(true)
    }
  })
})

type Owner = Pick<SpecOperation, 'document' | 'operation'>

/** Method and path of an operation, as its document has them. */
function whereIs({ document, operation }: Owner): [string, string] {
  for (const [path, item] of Object.entries(objectOf(document['paths']))) {
    for (const [method, found] of Object.entries(objectOf(item))) {
      if (objectOf(found)['operationId'] === operation['operationId']) return [method.toUpperCase(), path]
    }
  }
  throw new Error(`${textOf(operation['operationId'])} has no path`)
}

function parametersOf({ document, operation }: Owner): JsonObject[] {
  return listOf(operation['parameters']).map((parameter) => referred(document, objectOf(parameter)))
}

function success(operation: JsonObject): Json | undefined {
  return Object.entries(objectOf(operation['responses'])).find(([status]) => status.startsWith('2'))?.[1]
}

/** The schema of a body, if there is one. */
function schemaOf(document: JsonObject, owner: Json | undefined): JsonObject[] {
  const content = objectOf(referred(document, objectOf(owner))['content'])
  return Object.values(content).map((media) => referred(document, objectOf(objectOf(media)['schema'])))
}

/** ID and mark of each field on a page. */
function fieldsShown(part: string): Map<string, string> {
  const found = part.matchAll(/<div id="([^"]+)"><dt>(.*?)<\/dt>/g)
  return new Map(
    [...found].map(([, id = '', head = '']) => [id, /class="(required|present|supplied)"/.exec(head)?.[1] ?? '']),
  )
}

function requestFields({ document, operation }: SpecOperation): Map<string, string> {
  const fields = new Map<string, string>()
  for (const { name, required, schema, 'x-known-to-client': option } of parametersOf({ document, operation })) {
    const isSupplied = option !== undefined || objectOf(schema)['const'] !== undefined
    fields.set(`request.${textOf(name)}`, isSupplied ? 'supplied' : required === true ? 'required' : '')
  }
  for (const schema of schemaOf(document, operation['requestBody'])) {
    collect(document, schema, 'request', (path, property, isRequired) => {
      const isConstant = property['const'] !== undefined && path.split('.').length === 2 && isRequired
      const isSupplied = isConstant || property['x-known-to-client'] !== undefined
      fields.set(path, isSupplied ? 'supplied' : isRequired ? 'required' : '')
    })
  }
  return fields
}

function responseFields({ document, operation }: SpecOperation): Map<string, string> {
  const fields = new Map<string, string>()
  for (const schema of schemaOf(document, success(operation))) {
    collect(document, schema, 'response', (path, _, isRequired) => {
      fields.set(path, isRequired ? 'present' : '')
    })
  }
  return fields
}

type Visit = (path: string, property: JsonObject, isRequired: boolean) => void

/** Visits each property of a schema, of its items, and of each object of an `anyOf`. */
function collect(document: JsonObject, schema: JsonObject, path: string, visit: Visit): void {
  for (const [name, written] of Object.entries(objectOf(schema['properties']))) {
    const property = referred(document, objectOf(written))
    if (property['not'] !== undefined) continue
    visit(`${path}.${name}`, property, listOf(schema['required']).includes(name))
    const items = referred(document, objectOf(property['items']))
    collect(document, property['type'] === 'array' ? items : property, `${path}.${name}`, visit)
  }
  if (schema['properties'] !== undefined) return
  for (const branch of listOf(schema['anyOf']).map(objectOf)) {
    const name = textOf(branch['$ref']).split('/').at(-1) ?? ''
    collect(document, referred(document, branch), `${path}.${name}`, visit)
  }
}

/** The texts that a reader needs of the properties of a schema. */
function textsIn(document: JsonObject, schema: JsonObject, isRequest: boolean): string[] {
  const own: string[] = []
  collect(document, schema, '', (_, property) => {
    const item = property['type'] === 'array' ? referred(document, objectOf(property['items'])) : property
    const known = [item, ...listOf(item['anyOf']).map(objectOf)].filter((branch) => branch['enum'] !== undefined)
    const meanings = known.flatMap((branch) =>
      item['x-states'] === undefined ? Object.values(objectOf(branch['x-enumDescriptions'])).map(textOf) : [],
    )
    own.push(
      textOf(property['description']),
      ...known.flatMap((branch) => listOf(branch['enum']).map(String)),
      ...meanings,
      ...(isRequest ? [textOf(item['x-message']).slice(1)] : []),
    )
  })
  return own.filter((text) => text !== '')
}
