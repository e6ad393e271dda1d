import { isDeepStrictEqual } from 'node:util'
import type { Body } from '../read/body.js'
import type { Provider } from '../read/provider.js'
import { lowerFirst } from '../names.js'
import { matchingElement } from '../read/xml.js'
import type { XsdElement } from '../read/xsd.js'
import { constant, header } from './source.js'

/** The tables that XML bodies are read and written with; undefined if a provider has none. */
export function xmlModule(provider: Provider): string | undefined {
  const tables = new Map<string, unknown>()

  const add = (name: string, body: Body | undefined): void => {
    if (body?.xsd === undefined) return

    const table = tableOf(matchingElement(body, provider.schemas))
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
  if (tables.size === 0) return undefined
  return header(provider.folder) + [...tables].map(([name, table]) => constant(name, table)).join('')
}

export function xmlName(body: Body): string {
  return lowerFirst(body.schemaName)
}

function tableOf({ name, repeats, children }: XsdElement): unknown {
  return { name, ...(repeats && { repeats }), ...(children && { children: children.map(tableOf) }) }
}
