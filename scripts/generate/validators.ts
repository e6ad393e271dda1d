import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'
import {
  dereference,
  header,
  mapSchemas,
  mediaTypeOf,
  openValues,
  operationsOf,
  successOf,
  type BundledDocument,
  type Schema,
} from './documents.js'

/** For each operation the check of a request, and the check that an answer holds the essentials. */
export async function validatorModules(document: BundledDocument): Promise<Map<string, string>> {
  const schemas: Record<string, Schema> = {}
  const types: Record<string, string> = {}
  for (const { operation } of operationsOf(document.content)) {
    const name = operation.operationId
    const { media } = mediaTypeOf(operation.requestBody.content)
    const { response } = successOf(operation, document.content)
    types[`${name}Request`] = `Validator<${nameOf(media.schema)}>`
    types[`${name}Essentials`] = '(value: unknown) => boolean'
    schemas[`${name}Request`] = constraintsOf(dereference(media.schema, document.content))
    const answer = dereference(mediaTypeOf(response.content).media.schema, document.content)
    schemas[`${name}Essentials`] = constraintsOf(essentialsOf(answer))
  }
  const top = header(document.root)
  return new Map([
    ['validators.js', top + (await compile(schemas))],
    ['validators.d.ts', declarations(top, types)],
  ])
}

function nameOf(schema: Schema): string {
  const name = schema.$ref?.split('/').at(-1)
  if (name === undefined) throw new Error('the schema of a request must be a component')
  return name
}

function declarations(top: string, types: Record<string, string>): string {
  const names = Object.values(types).flatMap((type) => /<(\w+)>/.exec(type)?.[1] ?? [])
  const constants = Object.entries(types).map(([name, type]) => `export declare const ${name}: ${type}\n`)
  return `${top}import type { ${names.join(', ')} } from './types.js'\n${DECLARATIONS}\n${constants.join('')}`
}

const DECLARATIONS = `
interface Finding {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
}
interface Validator<T> {
  (value: unknown): value is T
  errors?: readonly Finding[] | null
  readonly messages: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, readonly string[]>>
}
`

async function compile(schemas: Record<string, Schema>): Promise<string> {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    // A rule names a property of the object around it, and its branches leave the type to that object.
    strictTypes: false,
    strictRequired: false,
    formats: { int64: true },
    keywords: ['x-message'],
    code: { source: true, esm: true },
  })
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name)
  const code = standaloneCode.default(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name])))
  const knowledge = Object.entries(schemas).map(
    ([name, schema]) =>
      `${name}.messages = ${JSON.stringify(messagesOf(schema), null, 2)};\n` +
      `${name}.fields = ${JSON.stringify(fieldsOf(schema), null, 2)};`,
  )
  // Ajv's module form still requires its string-length helper, so it is bundled in.
  const bundle = await build({
    stdin: { contents: `${code}\n${knowledge.join('\n')}`, resolveDir: process.cwd(), loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    write: false,
    legalComments: 'none',
    // Small, in lines that a diff can show, and without a word of where packages lie.
    minify: true,
    lineLimit: 120,
  })
  return bundle.outputFiles.map(({ text }) => text).join('')
}

/** Only what a check needs: no prose, and open value lists as the type they are open to. */
function constraintsOf(schema: Schema): Schema {
  const open = openValues(schema)
  if (open !== undefined) return { type: open.type }
  const { description: _description, xml: _xml, format: _format, ...rest } = mapSchemas(schema, constraintsOf)
  // Titles, examples and extensions are dropped by taking just the keywords of specs/README.md.
  return Object.fromEntries(Object.entries(rest).filter(([keyword]) => KEYWORDS.has(keyword)))
}

const KEYWORDS = new Set([
  'type',
  'const',
  'enum',
  'properties',
  'additionalProperties',
  'required',
  'items',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'anyOf',
  'if',
  'then',
  'x-message',
])

/** The schema reduced to required properties: whatever else an answer holds is never a reason to refuse it. */
function essentialsOf(schema: Schema): Schema {
  const required = schema.required ?? []
  const { type, items, minItems, maxItems, minLength, pattern } = schema
  return {
    ...(type !== undefined && { type }),
    ...(minItems !== undefined && { minItems }),
    ...(maxItems !== undefined && { maxItems }),
    ...(minLength !== undefined && { minLength }),
    ...(pattern !== undefined && { pattern }),
    ...(items && { items: essentialsOf(items) }),
    ...(required.length > 0 && {
      required,
      properties: Object.fromEntries(required.map((name) => [name, essentialsOf(schema.properties?.[name] ?? {})])),
    }),
  }
}

/** The spec's own sentences, by the place of their schema. */
function messagesOf(schema: Schema): Record<string, string> {
  return byPlace(schema, (part) => part['x-message'])
}

/** The names that a closed object knows, by the place of its schema. */
function fieldsOf(schema: Schema): Record<string, string[]> {
  return byPlace(schema, (part) =>
    part.additionalProperties === false ? Object.keys(part.properties ?? {}) : undefined,
  )
}

/** What `read` finds in a schema and the schemas inside it, by their place in Ajv's notation. */
function byPlace<T>(schema: Schema, read: (schema: Schema) => T | undefined, place = '#'): Record<string, T> {
  const own = read(schema)
  const inside = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]) => [`${place}/properties/${name}`, child] as const),
    ...(schema.items === undefined ? [] : [[`${place}/items`, schema.items] as const]),
  ]
  const found = inside.flatMap(([at, child]) => Object.entries(byPlace(child, read, at)))
  return Object.fromEntries(own === undefined ? found : [[place, own], ...found])
}
