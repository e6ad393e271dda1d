import type { Bundle } from '../../../scripts/generate/document-place.js'
import { readProviders } from '../../../scripts/generate/read/provider.js'
import { codesModule } from '../../../scripts/generate/write/provider.js'
import { webhooksModule } from '../../../scripts/generate/write/webhooks.js'
import { xmlModule } from '../../../scripts/generate/write/xml.js'
import { operation, type Changes, type Json } from './documents.js'

/** What is changed in a document, where, and the message that must say so. */
export type Case = [what: string, changes: Changes, message: string]

export const ROOT = 'specs/acme/openapi.yaml'
export const POST = '/paths/~1tasks/post'
export const SCHEMAS = '/components/schemas'
export const GET = '/paths/~1tasks~1{id}/get'

/** The changes that add an operation with a parameter. */
export function withParameter(parameter: Json, changes: Changes = {}): Changes {
  return {
    '/paths/~1tasks~1{id}': { get: operation('getTask') },
    [`${GET}/parameters`]: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }, parameter],
    ...changes,
  }
}

export const SECOND = `${GET}/parameters/1`
export function query(schema: Json, more: Record<string, Json> = {}): Json {
  return { name: 'size', in: 'query', schema, ...more }
}

/** The message that generation stops with. */
export function messageOf(...bundles: Bundle[]): string {
  try {
    for (const provider of readProviders(bundles)) {
      xmlModule(provider)
      webhooksModule(provider)
      codesModule(provider)
    }
    return 'no error'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
