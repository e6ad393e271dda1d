import path from 'node:path'

/** The part of JSON Schema that the specs keep to, as far as types show it. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly anyOf?: readonly Schema[]
}

export type Schemas = Readonly<Record<string, Schema>>

/**
 * A module beside a generated index.ts. It compiles only if the types in index.ts have exactly the properties of the
 * schemas, with their values and optionality.
 */
export function expectedTypes(schemas: Schemas): string {
  const types = Object.entries(schemas).map(([name, schema]) => `type ${name} = ${typeOf(schema)}`)
  const checks = Object.entries(schemas).flatMap(([name, { additionalProperties }]) => [
    fits(`api.${name}`, name),
    fits(`keyof api.${name}`, `keyof ${name}`),
    fits(`keyof ${name}`, `keyof api.${name}`),
    // A caller writes only requests, which are closed. A response may be narrower: a list of exactly one as a tuple.
    ...(additionalProperties === false ? [fits(name, `api.${name}`)] : []),
  ])
  return `import type * as api from './index'\n${types.join('\n')}\nexport const checks = [\n${checks.join('\n')}\n]\n`
}

function fits(from: string, to: string): string {
  return `(value: ${from}): ${to} => value,`
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `api.${path.posix.basename(schema.$ref)}`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.items !== undefined) return `(${typeOf(schema.items)})[]`
  const alternatives = schema.anyOf?.map((each) => `(${typeOf(each)})`).join(' | ')
  if (schema.properties === undefined) return alternatives ?? primitiveOf(schema)
  const fields = Object.entries(schema.properties).map(
    ([name, property]) => `${name}${schema.required?.includes(name) === true ? '' : '?'}: ${typeOf(property)}`,
  )
  return `{ ${fields.join('; ')} }${alternatives === undefined ? '' : ` & (${alternatives})`}`
}

function primitiveOf({ type }: Schema): string {
  return type === 'integer' ? 'number' : (type ?? 'unknown')
}
