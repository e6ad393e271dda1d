import { camelCase } from '../names.js'
import type { Place } from '../document-place.js'
import { readBodies, type Body } from './body.js'

const ROLES = ['signature', 'timestamp', 'message-type', 'message-id', 'topic-urn'] as const

/** A request that the provider sends. */
export interface Webhook {
  readonly place: Place
  /** Its name in the document. */
  readonly key: string
  /** The names of the headers with an x-role, by that in camelCase. */
  readonly headers: Readonly<Record<string, string>>
  readonly bodies: readonly Body[]
}

export function readWebhooks(webhooks: Place): Webhook[] {
  return webhooks.names().map((key) => {
    if (camelCase(key) !== key) throw webhooks.child(key).error(`${key} is not a name in camelCase`, 'rename it')
    const item = webhooks.at(key)
    item.allow(['post'], 'webhooks are POST requests')
    const place = item.child('post')
    place.allow([
      'operationId',
      'summary',
      'description',
      'externalDocs',
      'tags',
      'security',
      'parameters',
      'requestBody',
      'responses',
    ])
    const bodies = readBodies(place.at('requestBody').child('content'))
    if (bodies.length === 0) throw place.child('requestBody').error('has no content', 'describe the body')
    return { place, key, headers: headersOf(place.child('parameters')), bodies }
  })
}

function headersOf(parameters: Place): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const item of parameters.items()) {
    const parameter = item.target()
    if (!parameter.child('x-role').exists) continue
    parameter.child('in').oneOf(['header'])
    headers[camelCase(parameter.child('x-role').oneOf(ROLES))] = parameter.child('name').text()
  }
  return headers
}
