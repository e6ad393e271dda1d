import { lowerFirst } from '../names.js'
import type { Provider } from '../read/provider.js'
import { referredName, type Schema } from '../read/schema.js'
import type { Webhook } from '../read/webhook.js'
import { Code, constant, header } from './source.js'
import { xmlName } from './xml.js'

/** What a receiver needs to know of each request that the provider sends; undefined if it sends none. */
export function webhooksModule(provider: Provider): string | undefined {
  if (provider.webhooks.length === 0) return undefined
  const usesXml = provider.webhooks.some((webhook) => xmlBodyOf(webhook) !== undefined)
  const imports = `import * as schemas from './schemas.js'\n${usesXml ? `import * as xml from './xml.js'\n` : ''}\n`
  const rows = provider.webhooks.map((webhook) => constant(webhook.key, rowOf(webhook, provider)))
  return header(provider.folder) + imports + rows.join('')
}

function rowOf(webhook: Webhook, provider: Provider): unknown {
  const xml = xmlBodyOf(webhook)
  const messages = messagesIn(webhook, provider).map(([name, schema]) => {
    const { properties = {}, 'x-signed-properties': signedProperties } = schema
    const constants = Object.entries(properties).flatMap(([field, { const: value }]) =>
      value === undefined ? [] : [[field, value] as const],
    )
    const essentials = new Code(`schemas.${lowerFirst(name)}Essentials`)
    return [
      name,
      { constants: Object.fromEntries(constants), ...(signedProperties && { signedProperties }), essentials },
    ]
  })
  return {
    ...(Object.keys(webhook.headers).length > 0 && { headers: webhook.headers }),
    ...(xml && { xml: new Code(`xml.${xmlName(xml)}`) }),
    messages: Object.fromEntries(messages) as unknown,
  }
}

/** The objects that a body can be, by the names of their schemas. */
export function messagesOf(provider: Provider): [string, Schema][] {
  return provider.webhooks.flatMap((webhook) => messagesIn(webhook, provider))
}

/** A receiver turns a JSON body into the form of the XML body, if there is one. */
function messagesIn(webhook: Webhook, { schemas }: Provider): [string, Schema][] {
  const [first] = webhook.bodies
  const name = (xmlBodyOf(webhook) ?? first)?.schemaName
  return name === undefined ? [] : objectsIn(name, schemas)
}

function objectsIn(name: string, schemas: Provider['schemas']): [string, Schema][] {
  const schema = schemas[name] ?? {}
  if (schema.anyOf === undefined) return [[name, schema]]
  return schema.anyOf.flatMap((branch) => objectsIn(referredName(branch) ?? '', schemas))
}

function xmlBodyOf({ bodies }: Webhook): Webhook['bodies'][number] | undefined {
  return bodies.find(({ xsd }) => xsd !== undefined)
}
