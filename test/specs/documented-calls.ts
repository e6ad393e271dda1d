import { XmlDocument } from 'libxml2-wasm'
import type { CallOptions } from '../../src/index.js'
import { valueOf } from '../support/answer-check.js'
import { huaweiClient, tencentClient } from '../support/clients.js'
import { listOf, objectOf, referred, textOf, type Json, type JsonObject } from './bundled.js'
import type { DocumentedBody, SpecOperation } from './operations.js'

/**
 * Calls a method with a documented request, and with the documented values of its parameters.
 *
 * @param options validate false, unless the call is about validation: some documented requests break the rules
 */
export async function callOperation(
  { id, provider, document, operation }: SpecOperation,
  request: DocumentedBody | undefined,
  options: CallOptions = { validate: false },
): Promise<unknown> {
  const clients: Readonly<Record<string, object>> = { 'huawei-vod': huaweiClient(), 'tencent-ci': tencentClient() }
  // Every method takes a request; which one, the spec says.
  const methods = clients[provider] as Readonly<
    Record<string, (request: unknown, options: CallOptions) => Promise<unknown>>
  >
  const fields = request === undefined ? {} : objectOf(bodyOf(document, request))
  return methods[id]?.({ ...parametersOf(document, operation), ...fields }, options)
}

/** The documented values of the parameters that a caller gives. */
function parametersOf(document: JsonObject, operation: JsonObject): JsonObject {
  const parameters = listOf(operation['parameters']).map((one) => referred(document, objectOf(one)))
  const given = parameters.filter((parameter) => parameter['x-known-to-client'] === undefined)
  return Object.fromEntries(
    given.flatMap((parameter) => {
      const [example] = Object.values(objectOf(parameter['examples'])).map((one) => objectOf(one)['value'])
      const value = parameter['example'] ?? example
      return value === undefined ? [] : [[textOf(parameter['name']), value]]
    }),
  )
}

/** The value of a documented body. */
export function bodyOf(document: JsonObject, { contentType, media, value }: DocumentedBody): Json {
  if (contentType !== 'application/xml') return value
  const xml = XmlDocument.fromString(textOf(value))
  try {
    return valueOf(xml.root, objectOf(media['schema']), document)
  } finally {
    xml.dispose()
  }
}
