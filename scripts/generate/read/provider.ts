import { isDeepStrictEqual } from 'node:util'
import { camelCase, fileName, upperFirst } from '../names.js'
import { Place, SpecError, type Bundle } from '../document-place.js'
import { readFacts, type Facts } from './provider-facts.js'
import { readOperations, type Operation } from './operation.js'
import { readWebhooks, type Webhook } from './webhook.js'

import { readSchemas } from './check-schema.js'
import type { Schema } from './schema.js'

/** One document of a provider. */
export interface Document {
  readonly place: Place
  readonly root: string
  /** Its name among the documents of the provider; empty if it is the only one, openapi.yaml. */
  readonly key: string
  readonly operations: readonly Operation[]
}

/** All documents of one folder in specs/. */
export interface Provider {
  /** The folder, such as huawei-vod. */
  readonly name: string
  /** Its path, such as specs/huawei-vod/. */
  readonly folder: string
  /** The folder in PascalCase, such as HuaweiVod. */
  readonly typeName: string
  readonly documents: readonly Document[]
  readonly operations: readonly Operation[]
  readonly webhooks: readonly Webhook[]
  /** The schemas of all documents, and the requests that parameters belong to, in alphabetical order. */
  readonly schemas: Readonly<Record<string, Schema>>
  readonly facts: Facts
}

/** Reads the documents of all providers, and rejects names that two of them use. */
export function readProviders(bundles: readonly Bundle[]): Provider[] {
  const folders = new Map<string, Bundle[]>()
  for (const bundle of bundles) {
    const [, folder] = /^specs\/([a-z][a-z0-9-]*)\/[a-z][a-z0-9-]*\.yaml$/.exec(bundle.root) ?? []
    if (folder === undefined) {
      throw new SpecError(
        `${bundle.root}: /: the path is not supported: put the document at specs/<provider>/<name>.yaml`,
      )
    }
    folders.set(folder, [...(folders.get(folder) ?? []), bundle])
  }
  const operationIds = new Names('operation')
  const types = new Names('schema')
  return [...folders].map(([name, own]) => readProvider(name, own, operationIds, types))
}

function readProvider(name: string, bundles: readonly Bundle[], operationIds: Names, types: Names): Provider {
  const own = new Names('document')
  const schemas = new Map<string, Schema>()
  const documents = bundles.map((bundle) => {
    const place = Place.rootOf(bundle)
    const key = keyOf(bundle, bundles)
    own.add(key, place)
    const version = place.child('openapi')
    if (!version.text().startsWith('3.1.')) throw version.error('is not OpenAPI 3.1', 'write 3.1.1')
    const components = place.child('components').child('schemas')
    const documentSchemas = readSchemas(components)
    for (const [schemaName, schema] of Object.entries(documentSchemas)) {
      const known = schemas.get(schemaName)
      if (known === undefined) types.add(schemaName, components.child(schemaName))
      else if (!isDeepStrictEqual(known, schema)) {
        throw components.child(schemaName).error(`${schemaName} differs from that of another document`, 'rename one')
      }
      schemas.set(schemaName, schema)
    }
    const operations = readOperations(place.child('paths'), key, documentSchemas)
    for (const { id, place: operation, request } of operations) {
      operationIds.add(id, operation)
      if (request.ownSchema === undefined) continue
      types.add(request.typeName, operation)
      schemas.set(request.typeName, request.ownSchema)
    }
    return { place, root: bundle.root, key, operations }
  })
  const [first] = documents
  if (first !== undefined) types.add(`${upperFirst(camelCase(name))}ErrorCode`, first.place.child('x-error-codes'))
  const operations = documents.flatMap((document) => document.operations)
  const webhooks = documents.flatMap(({ place }) => readWebhooks(place.child('webhooks')))
  const keys = new Names('webhook')
  for (const { key, place } of webhooks) keys.add(key, place)
  for (const operation of operations) checkTables(operation, schemas)
  checkMediaTypes(operations)
  return {
    name,
    folder: `specs/${name}/`,
    typeName: upperFirst(camelCase(name)),
    documents,
    operations,
    webhooks,
    schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    facts: readFacts(
      documents.map(({ place }) => place),
      operations,
    ),
  }
}

/** A client writes and reads the bodies of its provider in one format. */
function checkMediaTypes(operations: readonly Operation[]): void {
  const bodies = operations.flatMap(({ body, responses }) => [body, ...responses.map((response) => response.body)])
  const [first, ...others] = bodies.filter((body) => body !== undefined)
  for (const { place, contentType } of others) {
    if (contentType === first?.contentType) continue
    throw place.error(
      `${contentType} is not the media type of the provider's other bodies`,
      `use ${String(first?.contentType)}`,
    )
  }
}

/** An operation gives two tables their names, which no schema may have. */
function checkTables({ id, place, request }: Operation, schemas: ReadonlyMap<string, Schema>): void {
  for (const name of [`${upperFirst(id)}Request`, `${upperFirst(id)}Essentials`]) {
    if (name !== request.typeName && schemas.has(name)) {
      throw place.child('operationId').error(`the schema ${name} has the name of a table of ${id}`, 'rename one')
    }
  }
}

function keyOf({ root }: Bundle, all: readonly Bundle[]): string {
  const name = fileName(root)
  return name === 'openapi' && all.length === 1 ? '' : camelCase(name)
}

/** Names of which each may be used once. */
class Names {
  private readonly places = new Map<string, Place>()
  private readonly kind: string

  constructor(kind: string) {
    this.kind = kind
  }

  add(name: string, place: Place): void {
    const other = this.places.get(name)
    if (other !== undefined) {
      throw place.error(`${other.bundle.root} has ${this.kind} ${name}, too`, 'rename one')
    }
    this.places.set(name, place)
  }
}
