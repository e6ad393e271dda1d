import type { Place } from '../document-place.js'
import type { Body } from './body.js'
import { referredName, resolve, type Schema, type Schemas } from './schema.js'

/** The part of a response that a method returns. */
export interface Result {
  /** From the body to the result. */
  readonly path: readonly (string | number)[]
  /** The type of the result in TypeScript. */
  readonly type: string
}

export function readResult(operation: Place, body: Body | undefined, schemas: Schemas): Result {
  const place = operation.child('x-result')
  const pointer = place.optionalText()
  if (body === undefined) {
    if (pointer !== undefined) throw place.error('the response has no body', 'remove x-result')
    return { path: [], type: 'undefined' }
  }
  let schema: Schema = { $ref: `#/components/schemas/${body.schemaName}` }
  const path: (string | number)[] = []
  if (pointer?.startsWith('/') === false) throw place.error(`${pointer} is not a JSON pointer`, 'begin it with a slash')
  for (const escaped of pointer?.slice(1).split('/') ?? []) {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const parent = resolve(schema, schemas)
    const isIndex = parent.type === 'array' && /^\d+$/.test(name)
    const child = isIndex ? parent.items : parent.properties?.[name]
    if (child === undefined) throw place.error(`leads nowhere at ${name}`, 'follow the schema of the response')
    const isThere = isIndex ? (parent.minItems ?? 0) > Number(name) : parent.required?.includes(name) === true
    if (!isThere) throw place.error(`${name} may be missing`, 'require it in the schema, or shorten the pointer')
    path.push(isIndex ? Number(name) : name)
    schema = child
  }
  const type = typeOf(schema)
  if (type === undefined) throw place.error('leads to a schema without a name', 'make it a component')
  return { path, type }
}

function typeOf(schema: Schema): string | undefined {
  const name = referredName(schema)
  if (name !== undefined || schema.type !== 'array' || schema.items === undefined) return name
  const item = typeOf(schema.items)
  return item === undefined ? undefined : `${item}[]`
}
