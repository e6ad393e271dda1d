import { openValues, resolve, type Schema, type Schemas } from '../../generate/read/schema.js'
import { code, escape, folded, inline, link, type Names } from './markup.js'

/** What the fields of a page have in common. */
export interface FieldContext {
  readonly schemas: Schemas
  readonly names: Names
  /** Pages of states, by the name of the schema. */
  readonly states: ReadonlyMap<string, string>
  readonly direction: 'request' | 'response'
  /** Paths of the fields that a client supplies, such as `Tag`, with what supplies them. */
  readonly supplied: ReadonlyMap<string, string>
}

/** One field with its place on the page. */
export interface Field {
  readonly name: string
  /** Names of the fields around it, and its own. */
  readonly path: readonly string[]
  readonly schema: Schema
  readonly required: boolean
  /** Where a parameter is sent; undefined for a field of the body. */
  readonly in?: string
}

/** The fields of an object as a list that a link can lead into: `request.Operation.Output`. */
export function fieldList(fields: readonly Field[], context: FieldContext): string {
  return ['<dl class="fields">', ...fields.map((field) => fieldItem(field, context)), '</dl>'].join('\n')
}

/** The fields of an object. */
export function fieldsOf(schema: Schema, path: readonly string[]): Field[] {
  return Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.not === undefined)
    .map(([name, property]) => ({
      name,
      path: [...path, name],
      schema: property,
      required: schema.required?.includes(name) === true,
    }))
}

function fieldItem(field: Field, context: FieldContext): string {
  const { name, path, schema: written } = field
  const { schemas, names, direction } = context
  const schema = resolve(written, schemas)
  const item = schema.type === 'array' ? resolve(schema.items ?? {}, schemas) : schema
  const id = [direction, ...path].join('.')
  const description = schema.description ?? ''
  const text = [
    `<p>${inline(description, names)}${erratumLinks(schema)}</p>`,
    ...rules(schema, item, context),
    ...values(written, item, context),
  ]
  const dt = [
    code(name),
    typeLabel(schema, schemas),
    field.in === undefined ? '' : location(field.in),
    mark(field, context),
  ]
  return [
    `<div id="${escape(id)}"><dt>${dt.filter((part) => part !== '').join(' ')}</dt><dd>`,
    ...text,
    ...inside(item, path, context),
    '</dd></div>',
  ].join('\n')
}

function mark({ path, required }: Field, { direction, supplied }: FieldContext): string {
  const by = supplied.get(path.join('.'))
  if (by !== undefined) return `<span class="supplied">${by}</span>`
  if (!required) return ''
  return direction === 'request'
    ? '<span class="required">required</span>'
    : '<span class="present">always present</span>'
}

function location(where: string): string {
  return `<span class="type">in the ${escape(where)}</span>`
}

function typeLabel(schema: Schema, schemas: Schemas): string {
  return `<span class="type">${typeName(schema, schemas)}</span>`
}

function typeName(schema: Schema, schemas: Schemas): string {
  if (schema.const !== undefined) return 'constant'
  if (schema.type === 'array') return `list of ${typeName(resolve(schema.items ?? {}, schemas), schemas)}s`
  const open = openValues(schema)
  if (open !== undefined) return open.isNullable ? `${open.type} or null` : open.type
  const types = (schema.anyOf ?? []).map((branch) => typeName(resolve(branch, schemas), schemas))
  return schema.type ?? [...new Set(types)].join(' or ')
}

/** What a value must fulfill beyond its type, in the words of the spec where it has any. */
function rules(schema: Schema, item: Schema, { direction }: FieldContext): string[] {
  if (direction === 'response') return []
  const counts = schema.type === 'array' ? bounds(schema.minItems, schema.maxItems, 'item') : undefined
  const range = bounds(item.minimum, item.maximum)
  const own = item.properties === undefined ? [item['x-message']] : []
  const sentences = [counts, range, ...own].filter((rule) => rule !== undefined)
  return sentences.map((rule) => `<p class="rule">${escape(sentence(rule))}</p>`)
}

function sentence(rule: string): string {
  const text = rule.charAt(0).toUpperCase() + rule.slice(1)
  return text.endsWith('.') ? text : `${text}.`
}

function bounds(least: number | undefined, most: number | undefined, unit = ''): string | undefined {
  if (least === undefined && most === undefined) return undefined
  const amount =
    most === undefined
      ? `at least ${String(least)}`
      : least === undefined
        ? `at most ${String(most)}`
        : `${String(least)} to ${String(most)}`
  return unit === '' ? amount : `${amount} ${(most ?? least) === 1 ? unit : `${unit}s`}`
}

/** The allowed or the known values, with their meanings. */
function values(written: Schema, item: Schema, context: FieldContext): string[] {
  if (item.const !== undefined) {
    const isDescribed = written.description?.includes(`\`${String(item.const)}\``) === true
    return item.const === '' || isDescribed ? [] : [`<p class="values">Always ${code(String(item.const))}</p>`]
  }
  const known = item.anyOf?.find((branch) => branch.enum !== undefined)
  const source = known ?? item
  if (source.enum === undefined) return []
  const label = known === undefined ? 'Allowed values' : 'Known values, others may follow'
  const states = stateValues(written, context)
  const meanings = source['x-enumDescriptions']
  if (states !== undefined || meanings === undefined) {
    const all = source.enum.map((value) => {
      const html = code(String(value))
      return states === undefined ? html : link(`${states}.html#${String(value)}`, html)
    })
    return [`<p class="values">${label}: ${all.join(', ')}</p>`]
  }
  const items = source.enum.map(
    (value) =>
      `<div><dt>${code(String(value))}</dt><dd>${inline(meanings[String(value)] ?? '', context.names)}</dd></div>`,
  )
  return [`<p class="values">${label}:</p>`, '<dl class="values">', ...items, '</dl>']
}

/** The page on the states that a field has. */
function stateValues(written: Schema, { schemas, states }: FieldContext): string | undefined {
  const ref = written.type === 'array' ? written.items?.$ref : written.$ref
  const name = ref?.slice(ref.lastIndexOf('/') + 1) ?? ''
  return schemas[name]?.['x-states'] === undefined ? undefined : states.get(name)
}

/** The fields inside a field: open in a request, folded in a response, which is longer. */
function inside(item: Schema, path: readonly string[], context: FieldContext): string[] {
  const nested = objectFields(item, path, context)
  if (nested.length === 0) return []
  const all = nested.map(({ title, schema, fields }) => {
    const content = [...objectRules(schema, context), fieldList(fields, context)].join('\n')
    if (context.direction === 'request') return content
    const count = `${String(fields.length)} ${fields.length === 1 ? 'field' : 'fields'}`
    return folded(title === undefined ? count : `${code(title)}, ${count}`, content)
  })
  return all
}

/** One object, or each object of an `anyOf`. */
export function objectFields(
  schema: Schema,
  path: readonly string[],
  { schemas }: Pick<FieldContext, 'schemas'>,
): { title: string | undefined; schema: Schema; fields: Field[] }[] {
  if (schema.properties !== undefined) return [{ title: undefined, schema, fields: fieldsOf(schema, path) }]
  return (schema.anyOf ?? []).flatMap((branch) => {
    const resolved = resolve(branch, schemas)
    if (resolved.properties === undefined) return []
    const title = branch.$ref?.slice(branch.$ref.lastIndexOf('/') + 1)
    return [{ title, schema: resolved, fields: fieldsOf(resolved, title === undefined ? path : [...path, title]) }]
  })
}

/** The rule between the fields of an object. */
export function objectRules(schema: Schema, { direction }: Pick<FieldContext, 'direction'>): string[] {
  const rule = schema['x-message']
  if (rule === undefined || direction === 'response') return []
  return [`<div class="callout warn"><p>${escape(sentence(rule))}</p></div>`]
}

function erratumLinks(schema: Schema): string {
  return (schema['x-errata'] ?? []).map((number) => ` ${erratumLink(number)}`).join('')
}

export function erratumLink(number: number): string {
  return link(`errata/index.html#erratum-${String(number)}`, `E${String(number)}`, 'erratum')
}
