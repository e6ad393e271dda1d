import { isDeepStrictEqual } from 'node:util'

export type Scalar = string | number | boolean

/** The keywords that a value is checked with. */
export const RULES = [
  'type',
  'const',
  'enum',
  'properties',
  'additionalProperties',
  'required',
  'minProperties',
  'x-equal-properties',
  'items',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'pattern',
  'anyOf',
  'if',
  'then',
  'x-message',
] as const

/** The part of JSON Schema that specs/README.md allows. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: Scalar
  readonly enum?: readonly Scalar[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly required?: readonly string[]
  readonly minProperties?: number
  /** Two properties that must be equal if both are given. */
  readonly 'x-equal-properties'?: readonly string[]
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
  /** Only `{}`: the property is never there. */
  readonly not?: Schema
  /** The values of `enum` by what they mean for a wait. */
  readonly 'x-states'?: Readonly<Record<string, readonly string[]>>
  /** What each value of `enum` means. */
  readonly 'x-enumDescriptions'?: Readonly<Record<string, string>>
  /** The properties that a signature covers, in the order in which they are signed. */
  readonly 'x-signed-properties'?: readonly string[]
  readonly xml?: { readonly name: string }
  readonly 'x-message'?: string
  readonly 'x-known-to-client'?: string
  readonly title?: string
  /** Numbers of the errata behind a decision. */
  readonly 'x-errata'?: readonly number[]
}

export type Schemas = Readonly<Record<string, Schema>>

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

/** Known values, and any other of the type. */
interface OpenValues {
  readonly values: readonly Scalar[]
  readonly type: 'string' | 'number'
  /** Whether the value may be null. */
  readonly isNullable: boolean
}

/** An open value list. Undefined if there are further rules. */
export function openValues(schema: Schema): OpenValues | undefined {
  const [known, any, nothing, fourth] = schema.anyOf ?? []
  const isNullable = nothing?.type === 'null' && hasOnly(nothing, 'type')
  if (known?.enum === undefined || any === undefined || fourth !== undefined) return undefined
  if (nothing !== undefined && !isNullable) return undefined
  if (!hasOnly(schema, 'anyOf', 'type') || !hasOnly(known, 'enum', 'type') || !hasOnly(any, 'type')) return undefined
  const type = any.type === 'integer' ? 'number' : any.type
  return type === 'string' || type === 'number' ? { values: known.enum, type, isNullable } : undefined
}

function hasOnly(schema: Schema, ...keywords: readonly string[]): boolean {
  return Object.keys(rulesOf(schema)).every((keyword) => keywords.includes(keyword))
}

/** A schema whose branches are objects, as one object that has the properties of all. Other schemas stay as they are. */
export function mergedBranches(schema: Schema): Schema {
  const { anyOf, properties } = schema
  if (anyOf === undefined || properties !== undefined || !anyOf.every((branch) => branch.type === 'object'))
    return schema
  return anyOf.reduce(merged)
}

function merged(one: Schema, other: Schema): Schema {
  if (isDeepStrictEqual(rulesOf(one), rulesOf(other))) return one
  if (one.type === 'array' && one.items && other.items) return { ...one, items: merged(one.items, other.items) }
  // Two texts: whatever one of them allows.
  if (one.properties === undefined || other.properties === undefined) return { type: one.type ?? 'string' }
  const names = [...new Set([...Object.keys(one.properties), ...Object.keys(other.properties)])]
  return {
    type: 'object',
    required: one.required?.filter((name) => other.required?.includes(name)) ?? [],
    properties: Object.fromEntries(
      names.flatMap((name) => {
        const found = [one.properties?.[name], other.properties?.[name]]
        const both = found.filter((property) => property !== undefined).filter(({ not }) => not === undefined)
        return both.length === 0 ? [] : [[name, both.reduce(merged)]]
      }),
    ),
  }
}

/** The schema without its annotations. */
export function rulesOf(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => RULES.some((rule) => rule === keyword)))
}
