import type { Provider } from '../read/provider.js'
import { lowerFirst } from '../names.js'
import {
  dereference,
  mapSchemas,
  mergedBranches,
  openValues,
  referredName,
  rulesOf,
  schemasInside,
  type Schema,
} from '../read/schema.js'
import { Code, constant, header } from './source.js'
import { messagesOf } from './webhooks.js'

/** The tables that requests and responses are checked with. */
export function schemasModule(provider: Provider): string {
  const { operations, schemas } = provider
  const written = new Map<string, string>()
  const write = (name: string): Code => {
    const schema = schemas[name] ?? {}
    const constantName = lowerFirst(name)
    const inside = (child: Schema): void => {
      const referred = referredName(child)
      if (referred !== undefined) write(referred)
      else schemasInside(child).forEach(inside)
    }
    if (!written.has(constantName)) {
      inside(schema)
      written.set(constantName, constant(constantName, constraintsOf(schema)))
    }
    return new Code(constantName)
  }
  for (const { id, request, success } of operations) {
    const table = write(request.typeName)
    if (table.text !== `${id}Request`) written.set(`${id}Request`, `export const ${id}Request = ${table.text}\n\n`)
    if (success.body === undefined) continue
    const response = dereference(schemas[success.body.schemaName] ?? {}, schemas)
    written.set(`${id}Essentials`, constant(`${id}Essentials`, constraintsOf(essentialsOf(response))))
  }
  for (const [name, schema] of messagesOf(provider)) {
    const constantName = `${lowerFirst(name)}Essentials`
    written.set(constantName, constant(constantName, constraintsOf(essentialsOf(dereference(schema, schemas)))))
  }
  return header(provider.folder) + [...written.values()].join('')
}

/** What a check needs: no prose, references as constants, and open value lists as the type they are open to. */
function constraintsOf(schema: Schema): unknown {
  const name = referredName(schema)
  if (name !== undefined) return new Code(lowerFirst(name))
  const open = openValues(schema)
  if (open !== undefined && !open.isNullable) return { type: open.type }
  return rulesOf(mapSchemas(schema, (child) => constraintsOf(child) as Schema))
}

/** The schema reduced to required properties: whatever else a response holds is never a reason to reject it. */
function essentialsOf(written: Schema): Schema {
  if (openValues(written) !== undefined) return written
  const schema = mergedBranches(written)
  const required = schema.required ?? []
  const { type, items, minItems, maxItems, minLength, pattern, 'x-message': message } = schema
  return {
    ...(type !== undefined && { type }),
    ...(minItems !== undefined && { minItems }),
    ...(maxItems !== undefined && { maxItems }),
    ...(minLength !== undefined && { minLength }),
    ...(pattern !== undefined && { pattern }),
    ...(pattern !== undefined && message !== undefined && { 'x-message': message }),
    ...(items && { items: essentialsOf(items) }),
    ...(required.length > 0 && {
      required,
      properties: Object.fromEntries(required.map((name) => [name, essentialsOf(schema.properties?.[name] ?? {})])),
    }),
  }
}
