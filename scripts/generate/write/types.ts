import ts from 'typescript'
import type { Provider } from '../read/provider.js'
import {
  mapSchemas,
  openValues,
  referredName,
  resolve,
  schemasInside,
  type Schema,
  type Schemas,
} from '../read/schema.js'
import { docComment } from './comment.js'
import { astToString, documentTypes, NULL, NUMBER, STRING, tsLiteral } from './openapi-typescript.js'
import { header } from './source.js'

/** The schemas of all documents, and of requests, each as an interface or a type of its name. */
export async function typesModule(provider: Provider): Promise<string> {
  const schemas = forTypes(provider)
  const nodes = await documentTypes(
    JSON.stringify({
      openapi: '3.1.1',
      info: { title: provider.name, version: '1' },
      paths: {},
      components: { schemas },
    }),
    {
      transform: (schema) => typeOf(schema as TypedSchema),
      transformProperty: (property, schema) => commented(property, schema.description ?? ''),
    },
  )
  const declarations = declaredSchemas(nodes).map(({ name, type }) => {
    keepOwnComments(type)
    return docComment(schemas[name]?.description ?? '') + astToString(declaration(name, type))
  })
  return header(provider.folder) + [...declarations, errorCodeType(provider)].join('\n')
}

/** The known error codes as a type, for completions. */
function errorCodeType({ facts, typeName }: Provider): string {
  const codes = Object.entries(facts.errorCodes)
  const meanings = codes.map(([code, { meaning }]) => `- \`${code}\`: ${meaning}`)
  const comment = docComment([`The known error codes.`, '', ...meanings].join('\n'))
  return `${comment}export type ${typeName}ErrorCode = ${codes.map(([code]) => `'${code}'`).join(' | ')}\n`
}

/** A schema as openapi-typescript gets it. */
type TypedSchema = Schema & { readonly allOf?: readonly Schema[]; readonly 'x-name'?: string }

/** The schemas as the types need them. */
function forTypes({ schemas, operations }: Provider): Record<string, TypedSchema> {
  const inRequests = new Set<string>()
  for (const { request } of operations) addReachable(request.typeName, schemas, inRequests)
  const constants = new Map(operations.map(({ request }) => [request.typeName, Object.keys(request.constants)]))
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const isSupplied = (field: string): boolean =>
        constants.get(name)?.includes(field) === true ||
        (inRequests.has(name) && resolve(schema.properties?.[field] ?? {}, schemas)['x-known-to-client'] !== undefined)
      const required = schema.required?.filter((field) => !isSupplied(field))
      return [name, described({ ...schema, ...(required && { required }) }, schemas)]
    }),
  )
}

function addReachable(name: string, schemas: Schemas, found: Set<string>): void {
  if (found.has(name)) return
  found.add(name)
  const visit = (schema: Schema): void => {
    const referred = referredName(schema)
    if (referred !== undefined) addReachable(referred, schemas, found)
    schemasInside(schema).forEach(visit)
  }
  visit(schemas[name] ?? {})
}

/** The schema with name and description of the component for each `$ref`, and only those lengths that are fixed. */
function described(schema: Schema, schemas: Schemas): TypedSchema {
  const name = referredName(schema)
  const description = withValues(resolve(schema, schemas))
  if (name !== undefined) return { type: 'object', 'x-name': name, description }
  const { if: _if, then: _then, minItems, maxItems, ...rest } = mapSchemas(schema, (child) => described(child, schemas))
  const length = minItems !== undefined && minItems === maxItems && { minItems, maxItems }
  return withBranches({ ...rest, ...length, description })
}

/** The description, and what each value means. */
function withValues({ description = '', 'x-enumDescriptions': values, anyOf }: Schema): string {
  const meanings = Object.entries(values ?? anyOf?.[0]?.['x-enumDescriptions'] ?? {})
  if (meanings.length === 0) return description
  return [description, '', ...meanings.map(([value, meaning]) => `- \`${value}\`: ${meaning}`)].join('\n')
}

/** An object with branches as an intersection: openapi-typescript would drop its properties. */
function withBranches(schema: TypedSchema): TypedSchema {
  const { anyOf, ...base } = schema
  const { properties, description = '' } = base
  if (anyOf === undefined || properties === undefined) return schema
  const requirements = anyOf.map(({ required = [] }) => required)
  if (requirements.some((required) => required.length === 0)) return base
  const branches = requirements.map((required) => ({
    type: 'object',
    required,
    properties: Object.fromEntries(required.map((name) => [name, properties[name] ?? {}])),
  }))
  return { description, allOf: [base, { anyOf: branches }] }
}

/** The name of a component, and an open value list as `known | (string & {})`: editors complete the known values. */
function typeOf(schema: TypedSchema): ts.TypeNode | undefined {
  const { factory } = ts
  const name = schema['x-name']
  if (name !== undefined) return factory.createTypeReferenceNode(name)
  if (schema.not !== undefined) return factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword)
  const open = openValues(schema)
  if (open === undefined) return undefined
  const any = open.type === 'string' ? STRING : NUMBER
  const others = factory.createIntersectionTypeNode([any, factory.createTypeLiteralNode([])])
  const nothing = open.isNullable ? [NULL] : []
  return factory.createUnionTypeNode([
    ...open.values.map(tsLiteral),
    factory.createParenthesizedType(others),
    ...nothing,
  ])
}

function commented(property: ts.PropertySignature, description: string): ts.PropertySignature {
  if (description === '') return property
  const text = docComment(description).replace(/^\/\*|\*\/\n$/g, '')
  return ts.addSyntheticLeadingComment(property, ts.SyntaxKind.MultiLineCommentTrivia, text, true)
}

/** Removes the comments that openapi-typescript adds after ours. */
function keepOwnComments(node: ts.Node): void {
  if (ts.isPropertySignature(node)) {
    ts.setSyntheticLeadingComments(node, ts.getSyntheticLeadingComments(node)?.slice(0, 1))
  }
  ts.forEachChild(node, keepOwnComments)
}

/** The members of `components.schemas`. */
function declaredSchemas(nodes: readonly ts.Node[]): { name: string; type: ts.TypeNode }[] {
  const components = nodes.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'components')
  const schemas = components && membersOf(components).find(({ name }) => name === 'schemas')
  return schemas === undefined ? [] : membersOf(schemas.type)
}

function membersOf(node: ts.Node): { name: string; type: ts.TypeNode }[] {
  if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return []
  return node.members.flatMap((member) =>
    ts.isPropertySignature(member) && member.type !== undefined && ts.isIdentifier(member.name)
      ? [{ name: member.name.text, type: member.type }]
      : [],
  )
}

function declaration(name: string, type: ts.TypeNode): ts.Node {
  const exported = [ts.factory.createModifier(ts.SyntaxKind.ExportKeyword)]
  return ts.isTypeLiteralNode(type)
    ? ts.factory.createInterfaceDeclaration(exported, name, undefined, undefined, type.members)
    : ts.factory.createTypeAliasDeclaration(exported, name, undefined, type)
}
