import openapiTS, { astToString, type OpenAPITSOptions } from 'openapi-typescript'
import ts from 'typescript'
import { header, openValues, type BundledDocument, type Schema } from './documents.js'

const OPTIONS: OpenAPITSOptions = { arrayLength: true, defaultNonNullable: false }

/** The types of the schemas, each by its name, with open value lists that editors complete. */
export async function typesModule(document: BundledDocument): Promise<string> {
  const nodes = await openapiTS(JSON.stringify({ ...document.content, paths: {} }), {
    ...OPTIONS,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    // The library types every schema object; ours are the subset of specs/README.md.
    transform: (schema) => openUnion(schema as Schema),
  })
  return header(document.root) + astToString(nodes)
}

/**
 * The types that openapi-fetch works on. Open value lists are plain strings in them: openapi-fetch maps over object
 * types, and would turn `string & {}` into an object with the methods of a string.
 */
export async function pathsModule(document: BundledDocument): Promise<string> {
  return header(document.root) + astToString(await openapiTS(JSON.stringify(document.content), OPTIONS))
}

/** `known | (string & {})`: editors complete the known values, and any other compiles. */
function openUnion(schema: Schema): ts.TypeNode | undefined {
  const open = openValues(schema)
  if (open === undefined) return undefined
  const { factory } = ts
  const known = open.values.map((value) =>
    factory.createLiteralTypeNode(
      typeof value === 'string' ? factory.createStringLiteral(value) : factory.createNumericLiteral(value),
    ),
  )
  const any = factory.createKeywordTypeNode(
    open.type === 'string' ? ts.SyntaxKind.StringKeyword : ts.SyntaxKind.NumberKeyword,
  )
  const others = factory.createParenthesizedType(
    factory.createIntersectionTypeNode([any, factory.createTypeLiteralNode([])]),
  )
  return factory.createUnionTypeNode([...known, others])
}
