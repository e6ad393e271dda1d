import type { Place } from '../document-place.js'
import { readSchema } from './check-schema.js'
import { resolve, type Scalar, type Schema, type Schemas } from './schema.js'

/** A parameter of an operation. */
export interface Parameter {
  readonly place: Place
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  /** As a property of the request that a caller gives. */
  readonly schema: Schema
  /** The option of the client that supplies the value. */
  readonly option?: string
  /** The value of a parameter that has no other. */
  readonly const?: Scalar
  /** How a list is written: as one text with commas, or as one parameter per item. */
  readonly list?: 'comma' | 'repeated'
}

const STYLES = { path: 'simple', query: 'form', header: 'simple' } as const

/** Reads the parameters of an operation and of its path, in the order of the document. */
export function readParameters(item: Place, operation: Place, schemas: Schemas): Parameter[] {
  const parameters = new Map<string, Parameter>()
  for (const list of [item, operation].map((place) => place.child('parameters').items())) {
    const inList = new Set<string>()
    for (const place of list.map((entry) => entry.target())) {
      const parameter = readParameter(place, schemas)
      const key = `${parameter.in} ${parameter.name}`
      if (inList.has(key)) throw place.error(`${parameter.name} is there twice`, 'remove one')
      inList.add(key)
      // A parameter of the operation replaces that of the path.
      parameters.set(key, parameter)
    }
  }
  return [...parameters.values()]
}

function readParameter(place: Place, schemas: Schemas): Parameter {
  place.allow(['name', 'in', 'required', 'description', 'schema', 'style', 'explode', 'example', 'examples'])
  const name = place.child('name').text()
  const where = place.child('in').oneOf(['path', 'query', 'header'])
  const required = place.child('required').value === true
  if (where === 'path' && !required) throw place.error(`${name} is not required`, 'add required: true')
  if (place.child('style').exists) place.child('style').oneOf([STYLES[where]])
  const written = readSchema(place.child('schema'))
  const schema = resolve(written, schemas)
  const option = place.child('x-known-to-client').optionalText()
  if (where === 'header' && option === undefined) {
    throw place.error(`the header ${name} is not supported`, 'add x-known-to-client, or remove it')
  }
  return {
    place,
    name,
    in: where,
    required,
    schema: { ...written, description: place.child('description').optionalText() ?? schema.description ?? '' },
    ...(option !== undefined && { option }),
    ...(schema.const !== undefined && { const: schema.const }),
    ...listOf(place, where, schema, schemas),
  }
}

function listOf(place: Place, where: Parameter['in'], schema: Schema, schemas: Schemas): Pick<Parameter, 'list'> {
  if (!isScalar(schema.type === 'array' ? resolve(schema.items ?? {}, schemas) : schema)) {
    const fix = 'use a text, a number, a boolean, or a list of these'
    throw place.child('schema').error('objects and lists of lists are not supported', fix)
  }
  if (schema.type !== 'array') return {}
  const repeated = where === 'query' && place.child('explode').value !== false
  return { list: repeated ? 'repeated' : 'comma' }
}

function isScalar({ type, properties, anyOf = [] }: Schema): boolean {
  return type !== 'object' && type !== 'array' && properties === undefined && anyOf.every(isScalar)
}
