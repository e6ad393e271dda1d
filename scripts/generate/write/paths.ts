import openapiTS, { astToString } from 'openapi-typescript'
import type { Document } from '../read/provider.js'
import { header } from './source.js'

/**
 * The types that openapi-fetch works on. Open value lists are plain strings in them: openapi-fetch maps over object
 * types, and would turn `string & {}` into an object with the methods of a string.
 */
export async function pathsModule(document: Document): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(document.place.value), { arrayLength: true, defaultNonNullable: false })
  return header({ documents: [document] }) + astToString(nodes)
}
