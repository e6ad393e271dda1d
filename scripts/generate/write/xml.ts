import type { Body } from '../read/body.js'
import type { Provider } from '../read/provider.js'
import { lowerFirst } from '../read/request.js'
import { matchingElement } from '../read/xml.js'
import type { XsdElement } from '../read/xsd.js'
import { constant, header } from './source.js'

/** The tables that XML bodies are read and written with; undefined if a provider has none. */
export function xmlModule(provider: Provider): string | undefined {
  const tables = new Map<string, unknown>()
  const xsds = new Set<string>()
  const add = (name: string, body: Body | undefined): void => {
    if (body?.xsd === undefined) return
    xsds.add(body.xsd)
    tables.set(name, tableOf(matchingElement(body, provider.schemas)))
  }
  for (const { body, success, responses } of provider.operations) {
    if (body) add(xmlName(body), body)
    if (success.body) add(xmlName(success.body), success.body)
    for (const error of responses) if (error !== success) add('errorElement', error.body)
  }
  if (tables.size === 0) return undefined
  return header(provider, ...xsds) + [...tables].map(([name, table]) => constant(name, table)).join('')
}

export function xmlName(body: Body): string {
  return lowerFirst(body.schemaName)
}

function tableOf({ name, repeats, children }: XsdElement): unknown {
  return { name, ...(repeats && { repeats }), ...(children && { children: children.map(tableOf) }) }
}
