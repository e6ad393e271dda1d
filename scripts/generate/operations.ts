import {
  component,
  dereference,
  header,
  mediaTypeOf,
  operationsOf,
  successOf,
  type BundledDocument,
  type OpenApi,
  type OpenApiOperation,
  type Schema,
} from './documents.js'

/** What the clients and the emulator know of each operation beyond its types. */
export function operationsModule(document: BundledDocument): string {
  const { content } = document
  const exports = operationsOf(content).map(({ path, method, operation }) => {
    const { contentType, media } = mediaTypeOf(operation.requestBody.content)
    const request = dereference(media.schema, content)
    const { status, response } = successOf(operation, content)
    const headers = headersByRole(operation, content)
    const entry = {
      name: operation.operationId,
      method,
      path,
      contentType,
      successStatus: status,
      retrySafety: operation['x-retry-safety'],
      ifInDoubt: operation['x-if-in-doubt'],
      permissions: operation['x-permissions'],
      idFields: idFieldsOf(dereference(mediaTypeOf(response.content).media.schema, content)),
      requestIdHeader: headers.get('request-id'),
      dateHeader: headers.get('date'),
      ...(headers.has('trace-id') && { traceIdHeader: headers.get('trace-id') }),
      constants: constantsOf(request),
    }
    return `\nexport const ${operation.operationId} = ${JSON.stringify(entry, null, 2)} as const\n`
  })
  return header(document.root) + exports.join('')
}

/** The documented answers, by operation, status and name of the example. */
export function examplesModule(document: BundledDocument): string {
  const exports = operationsOf(document.content).map(({ operation }) => {
    const answers = Object.entries(operation.responses).map(([status, reference]) => {
      const { $ref } = reference
      const response = $ref === undefined ? reference : component(document.content.components.responses, $ref)
      const examples = Object.entries(mediaTypeOf(response.content).media.examples ?? {})
      return [status, Object.fromEntries(examples.map(([name, example]) => [name, example.value]))] as const
    })
    return `\nexport const ${operation.operationId}Answers = ${JSON.stringify(Object.fromEntries(answers), null, 2)} as const\n`
  })
  return header(document.root) + exports.join('')
}

/** What all documents of one provider must agree on: its server, its authentication headers, its error codes. */
export function providerModule(documents: readonly BundledDocument[]): Map<string, string> {
  const files = new Map<string, string>()
  for (const provider of new Set(documents.map((document) => document.provider))) {
    const own = documents.filter((document) => document.provider === provider)
    const server = agreed(own, 'servers', ({ servers }) => servers[0])
    const schemes = agreed(own, 'securitySchemes', ({ components }) => components.securitySchemes)
    const codes = agreed(own, 'x-error-codes', (content) => content['x-error-codes'])
    const variables = Object.fromEntries(
      Object.entries(server?.variables ?? {}).map(([name, variable]) => [
        name,
        { default: variable.default, known: variable['x-known-values'] ?? [] },
      ]),
    )
    const securityHeaders = Object.fromEntries(Object.entries(schemes).map(([name, scheme]) => [name, scheme.name]))
    const top = header(...own.map(({ root }) => root))
    files.set(
      `${provider}/server.ts`,
      `${top}\nexport const server = ${JSON.stringify({ url: server?.url, variables }, null, 2)} as const\n` +
        `\n/** The header of each security scheme. */\nexport const securityHeaders = ${JSON.stringify(securityHeaders, null, 2)} as const\n`,
    )
    const identifiers = Object.fromEntries(Object.keys(codes).map((code) => [code.replaceAll('.', '_'), code]))
    files.set(
      `${provider}/error-codes.ts`,
      `${top}\nexport const errorCodes = ${JSON.stringify(codes, null, 2)} as const\n` +
        `\n/** Each code under a name that code can speak. */\nexport const codes = ${JSON.stringify(identifiers, null, 2)} as const\n`,
    )
  }
  return files
}

function agreed<T>(documents: readonly BundledDocument[], what: string, read: (content: OpenApi) => T): T {
  const [first, ...others] = documents.map(({ content }) => read(content))
  for (const other of others) {
    if (JSON.stringify(other) !== JSON.stringify(first)) {
      throw new Error(`${documents.map(({ root }) => root).join(' and ')} differ in ${what}`)
    }
  }
  if (first === undefined) throw new Error(`no document has ${what}`)
  return first
}

function headersByRole(operation: OpenApiOperation, document: OpenApi): Map<string, string> {
  const roles = new Map<string, string>()
  for (const reference of Object.values(operation.responses)) {
    const response = reference.$ref === undefined ? reference : component(document.components.responses, reference.$ref)
    for (const [name, headerReference] of Object.entries(response.headers ?? {})) {
      const ref = headerReference.$ref
      const role = (ref === undefined ? headerReference : component(document.components.headers, ref))['x-role']
      if (role !== undefined) roles.set(role, name)
    }
  }
  for (const role of ['request-id', 'date']) {
    if (!roles.has(role)) throw new Error(`${operation.operationId}: no response header has x-role ${role}`)
  }
  return roles
}

/** Required non-empty strings of an answer are ids: all that the spec demands of one. */
function idFieldsOf(schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    if (schema.required?.includes(name) !== true) return []
    if (child.type === 'string' && child.minLength !== undefined) return [name]
    return idFieldsOf(child.items ?? child)
  })
}

function constantsOf(schema: Schema): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
      child.const === undefined ? [] : [[name, child.const]],
    ),
  )
}
