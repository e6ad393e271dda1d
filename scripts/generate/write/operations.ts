import type { Body } from '../read/body.js'
import type { Operation } from '../read/operation.js'
import type { Provider } from '../read/provider.js'
import { dereference, type Schema } from '../read/schema.js'
import { Code, constant, header } from './source.js'
import { xmlName } from './xml.js'

/** The table of operations: what the clients and the emulator know of each beyond its types. */
export function operationsModule(provider: Provider): string {
  const rows = Object.fromEntries(provider.operations.map((operation) => [operation.id, rowOf(operation, provider)]))
  const table = constant('operations', rows)
  const usesXml = provider.operations.some(
    ({ body, success }) => body?.xsd !== undefined || success.body?.xsd !== undefined,
  )
  const imports = `import * as schemas from './schemas.js'\n${usesXml ? `import * as xml from './xml.js'\n` : ''}\n`
  return header(provider.folder) + imports + table
}

function rowOf(operation: Operation, { schemas }: Provider): unknown {
  const { id, document, method, path, parameters, request, body, success, result } = operation
  const response = success.body && dereference(schemas[success.body.schemaName] ?? {}, schemas)
  return {
    name: id,
    document,
    method,
    path,
    parameters: parameters
      .filter((parameter) => parameter.in !== 'header')
      .map(({ name, in: where, option, const: value, list }) => ({
        name,
        in: where,
        ...(option !== undefined && { option }),
        ...(value !== undefined && { const: value }),
        ...(list !== undefined && { list }),
      })),
    constants: request.constants,
    defaults: request.defaults.map(({ path: field, option }) => ({ path: field, option })),
    request: new Code(`schemas.${id}Request`),
    ...(body && { requestBody: bodyOf(body) }),
    response: {
      status: success.status,
      ...(success.body && { ...bodyOf(success.body), essentials: new Code(`schemas.${id}Essentials`) }),
    },
    result: result.path,
    retrySafety: operation.retrySafety,
    ifInDoubt: operation.ifInDoubt,
    permissions: operation.permissions,
    idFields: response ? requiredFieldsOf(response, isId) : [],
    resultFields: response ? requiredFieldsOf(response, () => true) : [],
  }
}

function bodyOf(body: Body): Record<string, unknown> {
  return { contentType: body.contentType, ...(body.xsd !== undefined && { xml: new Code(`xml.${xmlName(body)}`) }) }
}

function requiredFieldsOf(schema: Schema, isWanted: (field: Schema) => boolean): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    if (schema.required?.includes(name) !== true) return []
    return [...(isWanted(child) ? [name] : []), ...requiredFieldsOf(child.items ?? child, isWanted)]
  })
}

/** Required non-empty strings of a response are IDs: all that the spec demands of one. */
function isId({ type, minLength }: Schema): boolean {
  return type === 'string' && minLength !== undefined
}
