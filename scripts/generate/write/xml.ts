import { isDeepStrictEqual } from 'node:util'
import type { Body } from '../read/body.js'
import type { Provider } from '../read/provider.js'
import { lowerFirst } from '../names.js'
import { matchingElement } from '../read/xml.js'
import { dereference, mergedBranches, type Schema } from '../read/schema.js'
import type { XsdElement } from '../read/xsd.js'
import { constant, header } from './source.js'

/** The tables that XML bodies are read and written with; undefined if a provider has none. */
export function xmlModule(provider: Provider): string | undefined {
  const tables = new Map<string, unknown>()

  const add = (name: string, body: Body | undefined): void => {
    if (body?.xsd === undefined) return

    const schema = dereference(provider.schemas[body.schemaName] ?? {}, provider.schemas)
    const table = tableOf(matchingElement(body, provider.schemas), schema)
    if (tables.has(name) && !isDeepStrictEqual(tables.get(name), table)) {
      throw body.place.error(`differs from another XML body with the table ${name}`, 'use one schema and one XSD')
    }
    tables.set(name, table)
  }
  for (const { body, success, responses } of provider.operations) {
    if (body) add(xmlName(body), body)
    if (success.body) add(xmlName(success.body), success.body)
    for (const error of responses) if (error !== success) add('errorElement', error.body)
  }
  for (const { bodies } of provider.webhooks) for (const body of bodies) add(xmlName(body), body)
  if (tables.size === 0) return undefined
  return header(provider.folder) + [...tables].map(([name, table]) => constant(name, table)).join('')
}

export function xmlName(body: Body): string {
  return lowerFirst(body.schemaName)
}

/** @param isRequired whether the element is a required field */
function tableOf({ name, repeats, children }: XsdElement, schema: Schema, isRequired = false): unknown {
  const { items, minItems = 0 } = schema
  const { properties = {}, required = [] } = mergedBranches(items ?? schema)
  return {
    name,
    ...(repeats && { repeats }),
    // XML has no empty list: it has no element.
    ...(repeats && isRequired && minItems === 0 && { mayBeAbsent: true }),
    ...(children && {
      children: children.map((child) => tableOf(child, properties[child.name] ?? {}, required.includes(child.name))),
    }),
  }
}
