import type { ArrivedRequest, Handled } from './exchange.js'
import { isInRequest, pathValues, type OperationRow, type Parameter } from '../client/operation-row.js'
import type { Schema } from '../client/validation.js'
import { decodedPathSegments, decodedQueryPairs } from '../signing/percent-encoding.js'

/** Whether every percent escape of a URL can be decoded. */
export function isDecodable(url: URL): boolean {
  try {
    decodedPathSegments(url)
    decodedQueryPairs(url)
    return true
  } catch {
    return false
  }
}

/**
 * The parameters that the caller of a method gives, read from a decodable URL. A number or boolean that cannot be read
 * stays text, which the validation rejects.
 */
export function readParameters(row: OperationRow, url: URL): Record<string, unknown> {
  const inPath = pathValues(row, url.pathname) ?? {}
  const inQuery = decodedQueryPairs(url)
  const entries = row.parameters.filter(isInRequest).flatMap((parameter) => {
    const { name } = parameter
    const texts =
      parameter.in === 'path'
        ? listIn(parameter, inPath[name] ?? '').map(decodeURIComponent)
        : inQuery.filter(([key]) => key === name).flatMap(([, value]) => listIn(parameter, value))
    if (texts.length === 0) return []
    const schema = row.request.properties?.[name]
    const values = texts.map((text) => typed(text, schema?.items ?? schema))
    return [[name, parameter.list === undefined ? values[0] : values] as const]
  })
  return Object.fromEntries(entries)
}

function listIn({ list }: Parameter, text: string): string[] {
  return list === 'comma' ? text.split(',') : [text]
}

function typed(text: string, schema: Schema | undefined): unknown {
  switch (schema?.type) {
    case 'integer':
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    default:
      return text
  }
}

type Handler = (request: unknown, headers: ArrivedRequest['headers']) => Handled | Promise<Handled>

/** The handler of an operation; undefined if it has none. */
export function handlerOf(handlers: object, { name }: OperationRow): Handler | undefined {
  // Each handler takes the type of the schema by which its request was validated.
  return (handlers as Readonly<Record<string, Handler | undefined>>)[name]
}

/** The body of the first documented result of an operation; undefined if it has no body. */
export function documentedResult(
  examples: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>,
  { name, response }: OperationRow,
): unknown {
  return Object.values(examples[name]?.[response.status] ?? {})[0]
}
