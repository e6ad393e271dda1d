import type { Place } from '../document-place.js'
import { readBody, type Body } from './body.js'
import { readParameters, type Parameter } from './parameter.js'
import { readRequest, type Request } from './request.js'
import { readResult, type Result } from './result.js'
import type { Schemas } from './schema.js'

const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const ROLES = ['request-id', 'date', 'trace-id'] as const
export type Role = (typeof ROLES)[number]

/** An operation as its document describes it. */
export interface Operation {
  readonly place: Place
  /** The key of its document; empty if the provider has one document. */
  readonly document: string
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string
  /** The provider's page. */
  readonly page?: string
  readonly parameters: readonly Parameter[]
  readonly body?: Body
  readonly request: Request
  readonly result: Result
  readonly responses: readonly Response[]
  /** The one response with a 2xx status. */
  readonly success: Response
  readonly retrySafety: 'refused-only' | 'idempotent'
  readonly ifInDoubt: string
  readonly permissions: readonly string[]
}

interface Response {
  readonly status: number
  readonly body?: Body
  /** The name of each header that has an x-role. */
  readonly roles: ReadonlyMap<Role, { readonly name: string; readonly place: Place }>
}

export function readOperations(paths: Place, document: string, schemas: Schemas): Operation[] {
  return paths.names().flatMap((path) => {
    const item = paths.at(path)
    item.allow([...METHODS, 'parameters', 'summary', 'description'])
    return METHODS.filter((method) => item.child(method).exists).map((method) => ({
      document,
      path,
      method: method.toUpperCase(),
      ...readOperation(item.child(method), item, path, schemas),
    }))
  })
}

function readOperation(
  place: Place,
  item: Place,
  path: string,
  schemas: Schemas,
): Omit<Operation, 'document' | 'path' | 'method'> {
  place.allow([
    'operationId',
    'summary',
    'description',
    'externalDocs',
    'tags',
    'parameters',
    'requestBody',
    'responses',
    'callbacks',
  ])
  const id = place.child('operationId').text('name the operation')
  if (!/^[a-z][A-Za-z0-9]*$/.test(id))
    throw place.child('operationId').error(`${id} is not a name in camelCase`, 'rename it')
  if (id === 'raw') throw place.child('operationId').error('the clients have a raw of their own', 'rename it')
  const parameters = readParameters(item, place, schemas)
  checkTemplate(place, path, parameters)
  const body = readRequestBody(place)
  const responses = readResponses(place.child('responses'))
  const success = successOf(place.child('responses'), responses)
  const page = place.child('externalDocs').child('url').optionalText()
  return {
    place,
    id,
    summary: place.child('summary').text('say in a few words what the operation does'),
    description: place.child('description').text('describe the operation'),
    ...(page !== undefined && { page }),
    parameters,
    ...(body && { body }),
    responses,
    success,
    request: readRequest(place, id, parameters, body, schemas),
    result: readResult(place, success.body, schemas),
    retrySafety: place.child('x-retry-safety').oneOf(['refused-only', 'idempotent']),
    ifInDoubt: place.child('x-if-in-doubt').text('say how to find out whether a request has run'),
    permissions: permissionsOf(place.child('x-permissions')),
  }
}

function checkTemplate(operation: Place, path: string, parameters: readonly Parameter[]): void {
  const inTemplate = [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
  const described = parameters.filter((parameter) => parameter.in === 'path')
  const missing = inTemplate.find((name) => !described.some((parameter) => parameter.name === name))
  if (missing !== undefined) throw operation.error(`no parameter describes {${missing}}`, 'add it to parameters')
  const unused = described.find(({ name }) => !inTemplate.includes(name))
  if (unused !== undefined)
    throw unused.place.error(`the path has no {${unused.name}}`, 'add it to the path, or remove it')
}

function readRequestBody(operation: Place): Body | undefined {
  if (!operation.child('requestBody').exists) return undefined
  const place = operation.at('requestBody')
  place.allow(['required', 'description', 'content'])
  if (operation.name === 'get') throw place.error('GET has no body', 'remove it, or use another method')
  if (place.child('required').value !== true) throw place.error('the body is optional', 'add required: true')
  const body = readBody(place.child('content'))
  if (body === undefined) throw place.child('content').error('is missing', 'describe the body, or remove requestBody')
  return body
}

function readResponses(responses: Place): Response[] {
  return responses.entries().map(([status, place]) => {
    if (!/^[1-5]\d\d$/.test(status)) {
      throw responses.child(status).error(`${status} is not a status`, 'describe each status by its number')
    }
    place.allow(['description', 'headers', 'content'])
    const body = readBody(place.child('content'))
    const roles = new Map<Role, { name: string; place: Place }>()
    for (const [name, header] of place.child('headers').entries()) {
      header.allow(['description', 'required', 'schema', 'example', 'examples'])
      if (!header.child('x-role').exists) continue
      const role = header.child('x-role').oneOf(ROLES)
      if (roles.has(role)) throw header.error(`two headers have x-role ${role}`, 'remove one')
      roles.set(role, { name, place: header })
    }
    return { status: Number(status), roles, ...(body && { body }) }
  })
}

function successOf(place: Place, responses: readonly Response[]): Response {
  const [success, other] = responses.filter(({ status }) => status >= 200 && status < 300)
  if (success === undefined) throw place.error('has no 2xx response', 'describe the success')
  if (other !== undefined) {
    throw place.error(`has the success responses ${String(success.status)} and ${String(other.status)}`, 'describe one')
  }
  return success
}

function permissionsOf(place: Place): string[] {
  if (!place.exists) throw place.error('is missing', 'list the actions that the caller needs')
  return place.items().map((item) => item.text())
}
