import { lowerFirst, upperFirst } from '../names.js'
import type { Place } from '../document-place.js'
import type { Body } from './body.js'
import type { Parameter } from './parameter.js'
import { resolve, type Scalar, type Schema, type Schemas } from './schema.js'

/** The one object that a caller gives to a method: parameters and fields of the body under their names. */
export interface Request {
  readonly typeName: string
  /** Undefined if the schema of the body is the request. */
  readonly ownSchema?: Schema
  /** Fields of the body that have one value. */
  readonly constants: Readonly<Record<string, Scalar>>
  /** Fields of the body that an option of the client supplies. */
  readonly defaults: readonly Default[]
}

interface Default {
  readonly place: Place
  readonly path: readonly string[]
  readonly option: string
}

export function readRequest(
  operation: Place,
  id: string,
  parameters: readonly Parameter[],
  body: Body | undefined,
  schemas: Schemas,
): Request {
  const given = parameters.filter((parameter) => parameter.option === undefined && parameter.const === undefined)
  const schema = body && schemas[body.schemaName]
  if (body && schema?.type !== 'object') throw body.place.child('schema').error('must be an object', 'add type: object')
  const known = {
    constants: constantsOf(schema),
    defaults: body ? defaultsOf(body.place.child('schema'), []) : [],
  }
  if (body && given.length === 0) return { typeName: body.schemaName, ...known }
  return { typeName: `${upperFirst(id)}Request`, ownSchema: flattened(operation, id, given, schema), ...known }
}

function flattened(operation: Place, id: string, given: readonly Parameter[], body: Schema | undefined): Schema {
  const properties: Record<string, Schema> = {}
  for (const { name, schema, place } of given) {
    if (Object.hasOwn(properties, name))
      throw place.error(`two parameters are named ${name}`, 'a request cannot hold both')
    if (Object.hasOwn(body?.properties ?? {}, name)) {
      throw place.error(`the body has a field ${name}, too`, 'a request cannot hold both')
    }
    properties[name] = schema
  }
  const { xml: _, ...rules } = body ?? { type: 'object', additionalProperties: false }
  const required = given.filter((parameter) => parameter.required).map(({ name }) => name)
  return {
    ...rules,
    description: `Request of ${id}: ${lowerFirst(operation.child('summary').text())}.`,
    required: [...required, ...(rules.required ?? [])],
    properties: { ...properties, ...rules.properties },
  }
}

/** Required fields of the body with one value, which a caller need not give. */
function constantsOf(body: Schema | undefined): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(body?.properties ?? {}).flatMap(([name, { const: value }]) =>
      value === undefined || body?.required?.includes(name) !== true ? [] : [[name, value]],
    ),
  )
}

/** @param path to the field; undefined inside a list or a branch, where fields have no one place */
function defaultsOf(written: Place, path: readonly string[] | undefined): Default[] {
  if (!written.exists) return []
  const option = written.child('x-known-to-client').optionalText()
  if (option !== undefined) {
    if (path?.[0] === undefined)
      throw written.error('x-known-to-client is not on a field', 'put it on a property of an object')
    return [{ place: written.child('x-known-to-client'), path, option }]
  }
  const schema = written.target()
  const properties = schema.child('properties')
  return [
    ...properties.names().flatMap((name) => defaultsOf(properties.child(name), path && [...path, name])),
    ...['items', 'if', 'then'].flatMap((name) => defaultsOf(schema.child(name), undefined)),
    ...schema
      .child('anyOf')
      .items()
      .flatMap((branch) => defaultsOf(branch, undefined)),
  ]
}

/** True if a caller may leave the whole request out. */
export function isOptional(request: Request, schemas: Schemas): boolean {
  const schema = request.ownSchema ?? schemas[request.typeName] ?? {}
  const { required = [], properties = {}, anyOf } = schema
  const isKnown = (name: string): boolean =>
    name in request.constants || resolve(properties[name] ?? {}, schemas)['x-known-to-client'] !== undefined
  return anyOf === undefined && required.every(isKnown)
}
