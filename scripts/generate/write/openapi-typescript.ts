// All that generation uses of openapi-typescript. The tests of the same name hold what a replacement must do.
import openapiTS, { type OpenAPITSOptions } from 'openapi-typescript'
import type ts from 'typescript'

export { astToString, NULL, NUMBER, STRING, tsLiteral } from 'openapi-typescript'

/** The interfaces of a document, which is given as JSON. */
export function documentTypes(
  content: string,
  hooks: Pick<OpenAPITSOptions, 'transform' | 'transformProperty'> = {},
): Promise<ts.Node[]> {
  return openapiTS(content, { arrayLength: true, defaultNonNullable: false, ...hooks })
}
