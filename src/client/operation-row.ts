import type { Decoded, Operation } from '../sending/operation.js'
import type { XmlElement } from '../xml/element.js'
import type { Schema } from './validation.js'

/** One operation as generation writes it into `generated/<provider>/operations.ts`. */
export interface OperationRow extends Pick<
  Operation,
  'name' | 'retrySafety' | 'ifInDoubt' | 'permissions' | 'idFields' | 'resultFields'
> {
  /** The document that has the operation, by its name in `raw`; empty where the provider has only one. */
  readonly document: string
  readonly method: string
  /** A template, such as `/jobs/{jobIds}`. */
  readonly path: string
  /** The parameters in path and query. */
  readonly parameters: readonly Parameter[]
  /** Fields of the body that always have the same value. */
  readonly constants: Readonly<Record<string, string>>
  /** Fields of the body that default to an option of the client. */
  readonly defaults: readonly { readonly path: readonly string[]; readonly option: string }[]
  /** The schema of a method's request: parameters and fields of the body in one object. */
  readonly request: Schema
  readonly requestBody?: Body
  /** No content type and no schema where the response has no body. */
  readonly response: { readonly status: number; readonly essentials?: Schema } & Partial<Body>
  /** The way from the body of the response to the result of a method. */
  readonly result: readonly (string | number)[]
}

/** The format of a body: XML with its table, or JSON. */
interface Body {
  readonly contentType: string
  readonly xml?: XmlElement
}

/** A parameter in path or query. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  /** The option of the client that supplies the value. */
  readonly option?: string
  /** A value that is always sent. The empty one is written as the bare name. */
  readonly const?: string
  /** How a list is written: its items joined by commas, or the name repeated. */
  readonly list?: 'comma' | 'repeated'
}

/** Whether the caller gives the parameter in the request. */
export function isInRequest({ option, const: constant }: Parameter): boolean {
  return option === undefined && constant === undefined
}

/** Whether a request, whose path may follow a base path, is for the operation. */
export function isRequestOf(row: OperationRow, method: string, url: URL, basePath = ''): boolean {
  const { parameters } = row
  const flags = parameters.filter((parameter) => parameter.in === 'query' && parameter.const !== undefined)
  return (
    row.method === method &&
    url.pathname.startsWith(basePath) &&
    pathValues(row, url.pathname.slice(basePath.length)) !== undefined &&
    flags.every((flag) => url.searchParams.get(flag.name) === flag.const)
  )
}

/** The encoded values of the parameters in a path; undefined if the path is not that of the operation. */
export function pathValues({ path }: OperationRow, pathname: string): Readonly<Record<string, string>> | undefined {
  const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const match = new RegExp(`^${pattern}$`).exec(pathname)
  return match === null ? undefined : { ...match.groups }
}

/** How a provider writes and reads bodies. */
export interface Bodies {
  /**
   * Writes the body of a request.
   *
   * @throws RequestValidationError if a value cannot be written
   */
  readonly encode: (value: unknown, row: OperationRow) => string
  /** Reads the body of a response; without a row, that of a request that the spec does not have. */
  readonly decode: (text: string, row: OperationRow | undefined) => Decoded
}
