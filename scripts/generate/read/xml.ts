import type { Body } from './body.js'
import { dereference, mergedBranches, type Schema, type Schemas } from './schema.js'
import { readXsd, type XsdElement } from './xsd.js'

/** The XSD's element for an XML body, if the OpenAPI schema says the same. */
export function matchingElement({ place, xsd: file = '', schemaName }: Body, schemas: Schemas): XsdElement {
  const schema = dereference(schemas[schemaName] ?? {}, schemas)
  const rootName = schema.xml?.name
  if (rootName === undefined) throw place.child('schema').error('has no xml.name', 'name the root element')
  const element = readXsd(file, place.bundle.xsds).get(rootName)
  if (element === undefined) {
    throw place.error(`xsd-and-schema-disagree: ${file} has no element ${rootName}`, 'correct one of them')
  }
  const differences = differencesOf(element, schema, element.name)
  if (differences.length > 0) {
    const lines = differences.map((difference) => `xsd-and-schema-disagree: ${file}: ${difference}`)
    throw place.error(lines.join('\n'), 'correct one of them')
  }
  return element
}

function differencesOf(element: XsdElement, written: Schema, place: string): string[] {
  const schema = mergedBranches(written)
  const properties = schema.properties ?? {}
  if ((element.children === undefined) !== (schema.properties === undefined)) {
    return [`${place} holds text in one and elements in the other`]
  }
  if (element.children === undefined) return differencesOfText(element, schema, place)
  const children = new Map(element.children.map((child) => [child.name, child]))
  const onlyInSchema = Object.keys(properties).filter((name) => !children.has(name))
  return [
    ...onlyInSchema.map((name) => `${place}.${name} is only in the OpenAPI schema`),
    ...element.children.flatMap((child) => {
      const property = properties[child.name]
      const inside = `${place}.${child.name}`
      if (property === undefined) return [`${inside} is only in the XSD`]
      const required = schema.required?.includes(child.name) === true
      return [
        ...(child.required !== undefined && child.required !== required ? [`${inside} is required in only one`] : []),
        ...(child.repeats !== (property.type === 'array') ? [`${inside} repeats in only one`] : []),
        ...differencesOf(child, property.items ?? property, inside),
      ]
    }),
  ]
}

function differencesOfText(element: XsdElement, schema: Schema, place: string): string[] {
  if (schema.type !== undefined && schema.type !== 'string')
    return [`${place} is ${schema.type} in the schema, and text in XML`]
  const closed = schema.const === undefined ? schema.enum : [schema.const]
  const [inXsd, inSchema] = [element.values, closed].map((values) => JSON.stringify([...(values ?? [])].sort()))
  return inXsd === inSchema
    ? []
    : [`${place} has the values ${String(inXsd)} in the XSD, ${String(inSchema)} in the schema`]
}
