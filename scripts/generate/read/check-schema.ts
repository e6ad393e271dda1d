import ts from 'typescript'
import { lowerFirst } from '../names.js'
import { isRecord, type Place } from '../document-place.js'
import { RULES, type Schema, type Schemas } from './schema.js'

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

type Check = (place: Place, inside: readonly string[]) => void

const CHECKS: Readonly<Record<(typeof RULES)[number], Check>> = {
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
  minProperties: (place) => void place.number(),
  'x-equal-properties': (place) => {
    if (place.items().length !== 2) throw place.error('must name two properties', 'name two')
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
}
const ANNOTATIONS: Readonly<Record<string, Check>> = {
  title: (place) => void place.text(),
  description: (place) => void place.text(),
  else: (place) => {
    place.allow(['title', 'description'], 'state rules in then')
  },
  not: (place) => {
    place.allow([], 'write {}: the property is never there')
  },
  'x-states': (place) => {
    place.allow(['running', 'succeeded', 'failed', 'cancelled', 'missing'])
    for (const [, group] of place.entries()) checkList(group, (value) => void value.text())
  },
  'x-enumDescriptions': (place) => {
    for (const name of place.names()) place.child(name).text()
  },
  'x-signed-properties': (place) => {
    checkList(place, (name) => void name.text())
  },
  format: (place) => void place.text(),
  examples: (place) => void place.items(),
  'x-known-to-client': (place) => void place.text(),
}
const SUPPORTED = [...Object.keys(CHECKS), ...Object.keys(ANNOTATIONS)]

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
  for (const [keyword, check] of Object.entries({ ...CHECKS, ...ANNOTATIONS })) {
    const child = place.child(keyword)
    if (child.exists) check(child, inside)
  }
  checkEnumDescriptions(place)
  checkStates(place)
  checkSignedProperties(place)
}

/** A name that is misspelled would be left out of what is verified. */
function checkSignedProperties(place: Place): void {
  const names = place.child('properties').names()
  const unknown = place
    .child('x-signed-properties')
    .items()
    .find((name) => !names.includes(name.text()))
  if (unknown !== undefined) throw unknown.error(`${unknown.text()} is not a property`, 'name a property')
}

/** Each known value is in one group, so that a wait knows what to do with it. */
function checkStates(place: Place): void {
  const states = place.child('x-states')
  if (!states.exists) return
  const grouped = states.entries().flatMap(([, group]) => group.items().map((item) => item.text()))
  const known = place.child('anyOf').items()[0]?.child('enum').items() ?? []
  const missing = known.find(({ value }) => grouped.filter((state) => state === value).length !== 1)
  if (missing !== undefined) throw states.error(`must have ${String(missing.value)} once`, 'put it into one group')
  const unknown = grouped.find((state) => !known.some(({ value }) => value === state))
  if (unknown !== undefined) throw states.error(`${unknown} is not a known value`, 'remove it')
}

/** A value without a description would look like one without a meaning. */
function checkEnumDescriptions(place: Place): void {
  const described = place.child('x-enumDescriptions')
  if (!described.exists) return
  const values = place
    .child('enum')
    .items()
    .map(({ value }) => String(value))
  const missing = values.find((value) => !described.names().includes(value))
  if (missing !== undefined) throw described.error(`lacks ${missing}`, 'describe all values of enum, or none')
  const unknown = described.names().find((name) => !values.includes(name))
  if (unknown !== undefined) throw described.child(unknown).error(`${unknown} is not in enum`, 'remove it')
}

function checkReference(place: Place, inside: readonly string[]): void {
  place.allow(['$ref', 'description'], 'put it into the schema that the $ref names')
  place.child('description').optionalText()
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
