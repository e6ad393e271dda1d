import { isRecord } from '../document-place.js'
import type { Document } from '../read/provider.js'
import { astToString, documentTypes } from './openapi-typescript.js'
import { header } from './source.js'

/**
 * The types that openapi-fetch works on. Open value lists are plain strings in them: openapi-fetch maps over object
 * types, and would turn `string & {}` into an object with the methods of a string.
 */
export async function pathsModule(document: Document): Promise<string> {
  const content = JSON.stringify(document.place.value, (_name, value: unknown) => withFixedLengths(value))
  return header(document.root) + astToString(await documentTypes(content))
}

/** A list whose length varies is an array: as a tuple it would take no array. */
function withFixedLengths(value: unknown): unknown {
  if (!isRecord(value) || value['type'] !== 'array' || value['minItems'] === value['maxItems']) return value
  const { minItems: _min, maxItems: _max, ...rest } = value
  return rest
}
