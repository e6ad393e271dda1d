import ts from 'typescript'
import { lowerFirst } from '../names.js'
import { isRecord, type Place } from '../place.js'

export type Scalar = string | number | boolean

/** The part of JSON Schema that specs/README.md allows. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: Scalar
  readonly enum?: readonly Scalar[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly anyOf?: readonly Schema[]
  readonly if?: Schema
  readonly then?: Schema
  readonly description?: string
  readonly xml?: { readonly name: string }
  readonly 'x-message'?: string
  readonly 'x-known-to-client'?: string
}

export type Schemas = Readonly<Record<string, Schema>>

/** Checks all schemas of a document, and so makes their type true. */
export function readSchemas(components: Place): Schemas {
  for (const name of components.names()) {
    const schema = components.child(name)
    checkName(name, schema)
    checkSchema(schema, [name])
  }
  return (components.value ?? {}) as Schemas
}

/** A schema gives a type and, in camelCase, a constant their names. */
function checkName(name: string, schema: Place): void {
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) throw schema.error(`${name} is not a name in PascalCase`, 'rename the schema')
  const keyword = ts.identifierToKeywordKind(ts.factory.createIdentifier(lowerFirst(name)))
  const isReserved = keyword !== undefined && keyword <= ts.SyntaxKind.LastFutureReservedWord
  if (isReserved || IMPORTED.includes(name)) throw schema.error(`the name ${name} is taken`, 'rename the schema')
}

/** Checks a schema that stands outside the components, and so makes its type true. */
export function readSchema(place: Place): Schema {
  checkSchema(place, [])
  return place.value as Schema
}

// Names that generated modules import, or use from TypeScript.
const IMPORTED = ['CallOptions', 'CallPromise', 'Record']
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const ANNOTATIONS = ['description', 'format', 'examples']

/** What the value of each keyword must be. */
const KEYWORDS: Readonly<Record<string, (place: Place, inside: readonly string[]) => void>> = {
  type: (place) => void place.oneOf(TYPES),
  const: checkScalar,
  enum: (place) => {
    checkList(place, checkScalar)
  },
  properties: (place, inside) => {
    for (const name of place.names()) checkSchema(place.child(name), inside)
  },
  additionalProperties: (place) => {
    if (typeof place.value !== 'boolean') throw place.error('must be true or false', 'write true or false')
  },
  required: (place) => {
    checkList(place, (name) => void name.text())
  },
  items: checkSchema,
  minItems: (place) => void place.number(),
  maxItems: (place) => void place.number(),
  minLength: (place) => void place.number(),
  maxLength: (place) => void place.number(),
  minimum: (place) => void place.number(),
  maximum: (place) => void place.number(),
  pattern: (place) => void readPattern(place),
  anyOf: (place, inside) => {
    checkList(place, (branch) => {
      checkSchema(branch, inside)
    })
  },
  if: checkSchema,
  then: checkSchema,
  'x-message': (place) => void place.text(),
  'x-known-to-client': (place) => void place.text(),
}
const SUPPORTED = [...Object.keys(KEYWORDS), ...ANNOTATIONS]

function checkXml(place: Place): void {
  place.allow(['name'])
  place.child('name').text()
}

/** @param inside the components around the schema, from the outermost */
function checkSchema(place: Place, inside: readonly string[]): void {
  if (!isRecord(place.value)) throw place.error('must be a schema', 'write an object with a type')
  if (place.child('$ref').exists) {
    checkReference(place, inside)
    return
  }
  // The name of an XML root stands on the schema of the body; an element inside has the name of its property.
  const isComponent = place.pointer === `/components/schemas/${inside.at(-1) ?? ''}`
  place.allow(isComponent ? [...SUPPORTED, 'xml'] : SUPPORTED, 'use the keywords that specs/README.md lists')
  if (place.child('xml').exists) checkXml(place.child('xml'))
  for (const [keyword, check] of Object.entries(KEYWORDS)) {
    const child = place.child(keyword)
    if (child.exists) check(child, inside)
  }
}

function checkReference(place: Place, inside: readonly string[]): void {
  place.allow(['$ref', 'description'], 'put it into the schema that the $ref names')
  const target = place.target()
  if (target.pointer !== `/components/schemas/${target.name}`) {
    throw place.error('does not refer to a schema', 'refer to components/schemas')
  }
  if (inside.includes(target.name)) {
    throw place.error(`${target.name} contains itself`, 'recursive schemas are not supported')
  }
  checkSchema(target, [...inside, target.name])
}

function checkList(place: Place, check: (item: Place) => void): void {
  const items = place.items()
  if (items.length === 0) throw place.error('is empty', 'name at least one')
  items.forEach(check)
}

function checkScalar(place: Place): void {
  if (!['string', 'number', 'boolean'].includes(typeof place.value)) {
    throw place.error('must be a text, a number, or a boolean', 'write one of these')
  }
}

/** The source of a regular expression. */
export function readPattern(place: Place): string {
  const source = place.text()
  try {
    new RegExp(source, 'u')
  } catch (error) {
    throw place.error(error instanceof Error ? error.message : String(error), 'write a JavaScript regular expression')
  }
  return source
}

/** The name of the component that a schema refers to. */
export function referredName(schema: Schema): string | undefined {
  return schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1)
}

/** The schema, or the component that it refers to. What stands beside the `$ref` wins. */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = referredName(schema)
  if (name === undefined) return schema
  const { $ref: _, ...beside } = schema
  return { ...resolve(schemas[name] ?? {}, schemas), ...beside }
}

/** The schema with every `$ref` replaced by the component. */
export function dereference(schema: Schema, schemas: Schemas): Schema {
  return mapSchemas(resolve(schema, schemas), (child) => dereference(child, schemas))
}

/** The schema with `change` applied to each schema directly inside it. */
export function mapSchemas(schema: Schema, change: (child: Schema) => Schema): Schema {
  const { properties, items, anyOf, if: condition, then } = schema
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, change(child)])),
    }),
    ...(items && { items: change(items) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(condition && { if: change(condition) }),
    ...(then && { then: change(then) }),
  }
}

/** The schemas directly inside a schema. */
export function schemasInside({ properties, items, anyOf, if: condition, then }: Schema): Schema[] {
  return [...Object.values(properties ?? {}), items, ...(anyOf ?? []), condition, then].filter(
    (child) => child !== undefined,
  )
}

/** An open value list: known values, and any other of the type. Undefined if a branch or the schema has further rules. */
export function openValues(schema: Schema): { values: readonly Scalar[]; type: 'string' | 'number' } | undefined {
  const [known, any, third] = schema.anyOf ?? []
  if (known?.enum === undefined || any === undefined || third !== undefined) return undefined
  if (!hasOnly(schema, 'anyOf', 'type') || !hasOnly(known, 'enum', 'type') || !hasOnly(any, 'type')) return undefined
  const type = any.type === 'integer' ? 'number' : any.type
  return type === 'string' || type === 'number' ? { values: known.enum, type } : undefined
}

function hasOnly(schema: Schema, ...keywords: readonly string[]): boolean {
  return Object.keys(schema).every(
    (name) =>
      keywords.includes(name) ||
      ANNOTATIONS.includes(name) ||
      name === 'x-known-to-client' ||
      !SUPPORTED.includes(name),
  )
}
