import { isRecord } from '../document-place.js'
import type { Document } from '../read/provider.js'
import { astToString, documentTypes } from './openapi-typescript.js'
import { header } from './source.js'

/**
 * The types that openapi-fetch works on, without doc comments: the same types have them under their names, and a second
 * copy would be a quarter of the declarations in the package. Open value lists are plain strings in them: openapi-fetch maps over object
 * types, and would turn `string & {}` into an object with the methods of a string.
 */
export async function pathsModule(document: Document): Promise<string> {
  const content = JSON.stringify(document.place.value, (name, value: unknown) =>
    // A property of that name is an object.
    COMMENTS.includes(name) && typeof value === 'string' ? undefined : withFixedLengths(value),
  )
  return header(document.root) + astToString(await documentTypes(content))
}

/** What openapi-typescript writes as comments. */
const COMMENTS = ['title', 'summary', 'description', 'format']

/** A list whose length varies is an array: as a tuple it would take no array. */
function withFixedLengths(value: unknown): unknown {
  if (!isRecord(value) || value['type'] !== 'array' || value['minItems'] === value['maxItems']) return value
  const { minItems: _min, maxItems: _max, ...rest } = value
  return rest
}
