import { readFileSync } from 'node:fs'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json | undefined
}

/** A place in a document: its name and value, and the objects around it from the inside out. */
export interface Place {
  readonly name: string
  readonly value: JsonObject
  readonly around: readonly JsonObject[]
}

/** A bundled document, by its name in redocly.yaml. */
export function readBundled(document: string): JsonObject {
  const text = readFileSync(new URL(`../../generated/specs/${document}.json`, import.meta.url), 'utf8')
  // JSON.parse is untyped, and this is what it can give.
  return objectOf(JSON.parse(text) as Json)
}

/** Goes where a JSON pointer points, through every `$ref` on the way and at the end. */
export function lookUp(document: JsonObject, pointer: string): Place {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  let place: Place = { name: '', value: document, around: [] }
  for (const name of names) {
    const next = place.value[name]
    if (next === undefined) throw new Error(`${pointer}: no ${name} there`)
    const around = [place.value, ...place.around]
    place = { name, value: referred(document, objectOf(next)), around }
  }
  return place
}

/** What a reference refers to. What stands beside the `$ref` wins. */
export function referred(document: JsonObject, value: JsonObject): JsonObject {
  const { $ref: reference, ...beside } = value
  if (typeof reference !== 'string') return value
  return { ...lookUp(document, reference.replace(/^#/, '')).value, ...beside }
}

/** An object, so that a path into the document can go on; nothing where there is none. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : []
}

/** Text; empty for anything else. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value)
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
