import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import {
  astToString,
  documentTypes,
  NULL,
  NUMBER,
  STRING,
  tsLiteral,
} from '../../../scripts/generate/write/openapi-typescript.js'

type Hooks = Parameters<typeof documentTypes>[1]

const REFERENCE = { $ref: '#/components/schemas/Other' }
const OTHER = 'components["schemas"]["Other"]'

describe('a schema becomes a type', () => {
  it.each([
    ['a string', { type: 'string' }, 'string'],
    ['an integer', { type: 'integer' }, 'number'],
    ['a boolean', { type: 'boolean' }, 'boolean'],
    ['a string or null', { type: ['string', 'null'] }, 'string | null'],
    ['a closed list of values', { type: 'string', enum: ['a', 'b'] }, '"a" | "b"'],
    ['a constant', { const: 'a' }, '"a"'],
    ['a list', { type: 'array', items: { type: 'string' } }, 'string[]'],
    ['a list of one', { type: 'array', items: REFERENCE, minItems: 1, maxItems: 1 }, `[ ${OTHER} ]`],
    ['a reference', REFERENCE, OTHER],
    ['alternatives', { anyOf: [{ type: 'string' }, REFERENCE] }, `string | ${OTHER}`],
    [
      'an intersection with alternatives',
      { allOf: [REFERENCE, { anyOf: [{ type: 'object', required: ['a'], properties: { a: {} } }] }] },
      `${OTHER} & { a: unknown; }`,
    ],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }, '{ [key: string]: string; }'],
    [
      'an object: only what is required must be given, also where there is a default',
      { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'number', default: 1 } } },
      '{ a: string; /** @default 1 */ b?: number; }',
    ],
  ])('%s', async (_what, schema, type) => {
    expect(await typeOf(schema)).toBe(type)
  })
})

describe('hooks', () => {
  it('replace the type of a schema, which they see with its extensions', async () => {
    const transform: NonNullable<Hooks>['transform'] = (schema) =>
      'x-name' in schema ? ts.factory.createTypeReferenceNode(String(schema['x-name'])) : undefined
    const schema = { type: 'object', properties: { a: { type: 'object', 'x-name': 'Named' }, b: { type: 'string' } } }
    expect(await typeOf(schema, { transform })).toBe('{ a?: Named; b?: string; }')
  })

  it('comment a property before the library does', async () => {
    const transformProperty: NonNullable<Hooks>['transformProperty'] = (property) =>
      ts.addSyntheticLeadingComment(property, ts.SyntaxKind.MultiLineCommentTrivia, '* Ours. ', true)
    const schema = { type: 'object', properties: { a: { type: 'string', description: 'Theirs.' } } }
    expect(await typeOf(schema, { transformProperty })).toBe('{ /** Ours. */ /** @description Theirs. */ a?: string; }')
  })
})

it('the building blocks print as types', () => {
  expect([NULL, NUMBER, STRING, tsLiteral('a'), tsLiteral(1)].map((type) => astToString(type).trim())).toEqual([
    'null',
    'number',
    'string',
    '"a"',
    '1',
  ])
})

describe('a document becomes interfaces', () => {
  const json = { content: { 'application/json': { schema: { type: 'string' } } } }
  const document = {
    paths: {
      '/jobs/{id}': {
        put: {
          operationId: 'cancelJob',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'tag', in: 'query', schema: { type: 'string' } },
          ],
          requestBody: { required: true, ...json },
          responses: { 200: { description: 'Done.', ...json }, 204: { description: 'Done.' } },
        },
      },
    },
    webhooks: { finished: { post: { requestBody: json, responses: { 200: { description: 'Received.' } } } } },
  }

  it('with the operations of each path, by method', async () => {
    const text = await textOf(document)
    expect(text).toMatch(
      /export interface paths \{ "\/jobs\/\{id\}": \{ .* get\?: never; put: operations\["cancelJob"\];/,
    )
  })

  it('with parameters by their place, bodies by content type, and responses by status', async () => {
    const text = await textOf(document)
    expect(text).toContain(
      'cancelJob: { parameters: { query?: { tag?: string; }; header?: never; path: { id: string; };',
    )
    expect(text).toContain('requestBody: { content: { "application/json": string; }; }; responses: {')
    expect(text).toMatch(
      /200: \{ headers: \{ \[name: string\]: unknown; \}; content: \{ "application\/json": string; \}; \};/,
    )
    expect(text).toMatch(/204: \{ headers: \{ \[name: string\]: unknown; \}; content\?: never; \};/)
  })

  it('with its webhooks', async () => {
    expect(await textOf(document)).toMatch(/export interface webhooks \{ finished: \{ .* post: \{/)
  })
})

/** The type of a schema in one line. */
async function typeOf(schema: object, hooks?: Hooks): Promise<string | undefined> {
  const components = { schemas: { Schema: schema, Other: { type: 'string' } } }
  const text = await textOf({ paths: {}, components }, hooks)
  return /schemas: \{ (?:\/\*\*.*?\*\/ )*Schema: (.*?); Other: string;/.exec(text)?.[1]
}

async function textOf(document: object, hooks?: Hooks): Promise<string> {
  const content = { openapi: '3.1.1', info: { title: 'Acme', version: '1' }, ...document }
  return astToString(await documentTypes(JSON.stringify(content), hooks)).replaceAll(/\s+/g, ' ')
}
