import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { objectOf, readBundled, referred, type Json, type JsonObject } from './bundled.js'

/** One operation of a bundled document. */
export interface SpecOperation {
  readonly id: string
  readonly provider: string
  readonly document: JsonObject
  readonly operation: JsonObject
}

/** Every operation of every document in redocly.yaml. */
export const specOperations: readonly SpecOperation[] = redoclyDocuments().flatMap(({ name, root }) => {
  const document = readBundled(name)
  const provider = path.basename(path.dirname(root))
  return Object.values(objectOf(document['paths'])).flatMap((item) =>
    Object.values(objectOf(item)).flatMap((entry) => {
      const operation = objectOf(entry)
      const { operationId: id } = operation
      return typeof id === 'string' ? [{ id, provider, document, operation }] : []
    }),
  )
})

/** The documents of redocly.yaml. */
export function redoclyDocuments(): { name: string; root: string }[] {
  // YAML is JSON in another notation.
  const { apis } = objectOf(parse(readFileSync('redocly.yaml', 'utf8')) as Json)
  return Object.entries(objectOf(apis)).flatMap(([name, api]) => {
    const { root } = objectOf(api)
    return typeof root === 'string' ? [{ name, root }] : []
  })
}

/** One documented body. */
export interface DocumentedBody {
  readonly name: string
  readonly contentType: string
  readonly media: JsonObject
  /** JSON, or XML as text. */
  readonly value: Json
}

/** The examples of a request or a response; none if it has no body. */
export function documentedBodies(document: JsonObject, owner: Json | undefined): DocumentedBody[] {
  const content = objectOf(referred(document, objectOf(owner))['content'])
  return Object.entries(content).flatMap(([contentType, media]) =>
    Object.entries(objectOf(objectOf(media)['examples'])).map(([name, example]) => ({
      name,
      contentType,
      media: objectOf(media),
      value: referred(document, objectOf(example))['value'] ?? null,
    })),
  )
}
