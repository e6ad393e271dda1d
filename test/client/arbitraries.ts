import fc from 'fast-check'
import { isRecord } from '../../src/type-guards.js'
import { listOf, objectOf, referred, textOf, type JsonObject } from '../specs/bundled.js'
import { MISSING, withField } from './operations.js'
import { anyCharacter } from '../support/any-character.js'

/** Any text that XML can carry, with more than its share of what must be escaped. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom('&', '<', '>', '\r', '\n', '"', ']', ' '), fc.string({ unit: anyCharacter })),
    maxLength: 12,
  })
  .filter((value) => !/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value))

const printable = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1020, maxLength: 1024 }),
)

/** Requests that the schema allows. */
export function validRequests(document: JsonObject, schema: JsonObject): fc.Arbitrary<unknown> {
  return valuesOf(document, schema).filter((request) => !breaksRuleBeyondXsd(request))
}

/** Requests with up to three changes, most of them against the schema, or against a rule that XSD cannot state. */
export function requestsAroundSchema(document: JsonObject, schema: JsonObject): fc.Arbitrary<unknown> {
  const mutation = fc.record({ at: fc.nat(), change: fc.oneof(...changes) })
  return fc
    .tuple(valuesOf(document, schema), fc.array(mutation, { maxLength: 3 }))
    .map(([request, mutations]) => mutations.reduce((mutated, { at, change }) => applied(mutated, at, change), request))
}

/** Whether a request breaks one of the rules that the XSDs do not state. */
export function breaksRuleBeyondXsd(request: unknown): boolean {
  const { Tag, Input, CallBackType, CallBackMqConfig, Operation, QueueId } = fieldsOf(request)
  if (CallBackType === 'TDMQ' && Object.keys(fieldsOf(CallBackMqConfig)).length === 0) return true
  const { Output, NoiseReduction } = fieldsOf(Operation)
  const { SampleRate, Samplerate = SampleRate } = fieldsOf(NoiseReduction)
  if (SampleRate !== undefined && SampleRate !== Samplerate) return true
  const { Region, Bucket, Object: object, AuObject } = fieldsOf(Output)
  const own = Tag === 'VoiceSeparate' ? [QueueId] : [object]
  if ([fieldsOf(Input)['Object'], Region, Bucket, ...own].some((text) => isBlank(text))) return true
  return Tag === 'VoiceSeparate' && Output !== undefined && [object, AuObject].every((name) => isBlank(name ?? ''))
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && !/\S/u.test(value)
}

/** What is done to one field. */
type Change = { readonly value: unknown } | { readonly extra: string }

const changes: readonly fc.Arbitrary<Change>[] = [
  fc.record({
    value: fc.oneof(
      fc.constant(MISSING),
      fc.constantFrom('', '3', 'json', 'TDMQ', 'NoiseReduction', 'VoiceSeparate'),
      // An empty list in a field that the schema does not have is written as nothing.
      fc.constantFrom({}, ['x'], null, 5),
      fc.nat({ max: 2 }).map((more) => '~'.repeat(1023 + more)),
      text,
    ),
  }),
  fc.record({ extra: fc.constantFrom('Colour', 'object', 'Callback', 'toString', 'constructor', 'Tag') }),
]

function applied(request: unknown, at: number, change: Change): unknown {
  const places = 'extra' in change ? placesIn(request).filter(({ holds }) => holds) : placesIn(request).slice(1)
  const { path } = places[at % Math.max(1, places.length)] ?? { path: '' }
  if ('value' in change) return path === '' ? request : withField(request, path, change.value)
  return withField(request, path === '' ? change.extra : `${path}.${change.extra}`, 'x')
}

/** The request and everything in it, from the outside in, and whether that holds fields. */
function placesIn(value: unknown, path = ''): { path: string; holds: boolean }[] {
  const holds = isRecord(value) && !Array.isArray(value)
  const below = Object.entries(isRecord(value) ? value : {}).flatMap(([name, field]) =>
    placesIn(field, path === '' ? name : `${path}.${name}`),
  )
  return [{ path, holds }, ...below]
}

/** Values of a schema, but for its cross-field rules. */
function valuesOf(document: JsonObject, reference: JsonObject): fc.Arbitrary<unknown> {
  const schema = referred(document, reference)
  if (schema['const'] !== undefined) return fc.constant(schema['const'])
  if (schema['enum'] !== undefined) return fc.constantFrom(...listOf(schema['enum']))
  switch (schema['type']) {
    case 'object': {
      const fields = Object.entries(objectOf(schema['properties'])).map(
        ([name, property]) => [name, valuesOf(document, objectOf(property))] as const,
      )
      const requiredKeys = listOf(schema['required']).map(String)
      return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true })
    }
    case 'array':
      return fc.array(valuesOf(document, objectOf(schema['items'])), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: 4,
      })
    case 'string': {
      const pattern = new RegExp(textOf(schema['pattern']), 'u')
      return fc.oneof(text, printable).filter((value) => pattern.test(value))
    }
    default:
      return fc.oneof(...listOf(schema['anyOf']).map((branch) => valuesOf(document, objectOf(branch))))
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
