import { isDeepStrictEqual } from 'node:util'
import type { Place } from '../document-place.js'
import type { Operation, Role } from './operation.js'
import { readPattern } from './check-schema.js'

/** Facts that hold for all operations of a provider. */
export interface Facts {
  readonly server: Server
  readonly headers: { readonly requestId: string; readonly date: string; readonly traceId?: string }
  /** The header of each security scheme. */
  readonly securityHeaders: Readonly<Record<string, string>>
  /** Headers that carry an option of the client. */
  readonly optionHeaders: Readonly<Record<string, string>>
  readonly clockToleranceMs: number
  readonly clockRefusal: string
  readonly throttleWindow?: string
  readonly errorCodes: Readonly<Record<string, ErrorCode>>
}

interface Server {
  readonly url: string
  readonly variables: Readonly<Record<string, { readonly default: string; readonly known: readonly string[] }>>
}

interface ErrorCode {
  readonly status: readonly number[]
  readonly message?: string
  readonly meaning: string
  readonly hint: string
  readonly refusal: boolean
  readonly cure?: string
}

export function readFacts(documents: readonly Place[], operations: readonly Operation[]): Facts {
  const empty = documents.find((document) => document.child('paths').names().length === 0)
  if (empty !== undefined) throw empty.child('paths').error('holds no operation', 'add one, or remove the document')
  const server = agreed(documents, 'servers', readServer)
  const optionHeaders = readOptionHeaders(operations)
  checkOptions(operations, Object.keys(server.variables))
  const throttleWindow = agreed(documents, 'x-throttle-window', readThrottleWindow)
  const traceId = headerOf('trace-id', operations)
  return {
    server,
    headers: {
      requestId: requiredHeader('request-id', operations),
      date: requiredHeader('date', operations),
      ...(traceId !== undefined && { traceId }),
    },
    securityHeaders: agreed(documents, 'components/securitySchemes', readSecurityHeaders),
    optionHeaders,
    clockToleranceMs: agreed(documents, 'x-clock-tolerance', (place) => place.number('write the seconds') * 1000),
    clockRefusal: agreed(documents, 'x-clock-refusal', readPattern),
    ...(throttleWindow !== undefined && { throttleWindow }),
    errorCodes: agreed(documents, 'x-error-codes', readErrorCodes),
  }
}

/** What all documents say at a place. */
function agreed<T>(documents: readonly Place[], where: string, read: (place: Place) => T): T {
  const places = documents.map((document) => where.split('/').reduce((place, name) => place.child(name), document))
  const [first, ...others] = places.map((place) => ({ place, value: read(place) }))
  if (first === undefined) throw new Error('a provider without documents')
  for (const { place, value } of others) {
    if (!isDeepStrictEqual(value, first.value)) {
      throw place.error(`differs from ${first.place.bundle.root}`, 'a provider has one for all its documents')
    }
  }
  return first.value
}

function readServer(place: Place): Server {
  const [server, other] = place.items()
  if (server === undefined || other !== undefined) throw place.error('must hold one server', 'describe one')
  const url = server.child('url').text()
  const variables = server.child('variables')
  const missing = [...url.matchAll(/\{([^{}]*)\}/g)].find(([, name = '']) => !variables.child(name).exists)
  if (missing !== undefined) throw server.child('url').error(`${missing[0]} is not described`, 'add it to variables')
  return {
    url,
    variables: Object.fromEntries(
      variables.entries().map(([name, variable]) => [
        name,
        {
          default: variable.child('default').text(),
          known: variable
            .child('x-known-values')
            .items()
            .map((value) => value.text()),
        },
      ]),
    ),
  }
}

function readSecurityHeaders(place: Place): Record<string, string> {
  return Object.fromEntries(
    place.entries().map(([name, scheme]) => {
      scheme.child('type').oneOf(['apiKey'])
      scheme.child('in').oneOf(['header'])
      return [name, scheme.child('name').text()]
    }),
  )
}

function readThrottleWindow(place: Place): string | undefined {
  if (!place.exists) return undefined
  const pattern = readPattern(place)
  const missing = ['count', 'unit'].find((group) => !pattern.includes(`(?<${group}>`))
  if (missing !== undefined) throw place.error(`has no group ${missing}`, 'name the groups count and unit')
  return pattern
}

function readErrorCodes(place: Place): Record<string, ErrorCode> {
  if (!place.exists) throw place.error('is missing', 'name the file with the error codes')
  return Object.fromEntries(
    place.entries().map(([code, entry]) => {
      entry.allow(['status', 'message', 'meaning', 'hint', 'refusal', 'cure'])
      const refusal = entry.child('refusal')
      if (typeof refusal.value !== 'boolean')
        throw refusal.error('must be true or false', 'true if the request did not run')
      const [message, cure] = [entry.child('message'), entry.child('cure')]
      return [
        code,
        {
          status: entry
            .child('status')
            .items()
            .map((status) => status.number()),
          ...(message.exists && { message: message.text() }),
          meaning: entry.child('meaning').text(),
          hint: entry.child('hint').text(),
          refusal: refusal.value,
          ...(cure.exists && { cure: cure.oneOf(['throttled', 'clock', 'token', 'credentials', 'permission']) }),
        },
      ]
    }),
  )
}

/** The name of the header with a role, the same in all responses. */
function headerOf(role: Role, operations: readonly Operation[]): string | undefined {
  const found = operations.flatMap(({ responses }) => responses.flatMap(({ roles }) => roles.get(role) ?? []))
  const differing = found.find(({ name }) => name !== found[0]?.name)
  if (differing !== undefined) {
    throw differing.place.error(
      `${differing.name} and ${found[0]?.name ?? ''} both have x-role ${role}`,
      'use one name',
    )
  }
  return found[0]?.name
}

function requiredHeader(role: Role, operations: readonly Operation[]): string {
  const lacking = operations.find(({ success }) => !success.roles.has(role))
  if (lacking !== undefined) {
    throw lacking.place.error(`no header of its 2xx response has x-role ${role}`, 'add the header')
  }
  return headerOf(role, operations) ?? ''
}

function readOptionHeaders(operations: readonly Operation[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const parameter of operations.flatMap(({ parameters }) => parameters)) {
    if (parameter.in !== 'header' || parameter.option === undefined) continue
    const other = headers[parameter.name]
    if (other !== undefined && other !== parameter.option) {
      throw parameter.place.error(`carries ${parameter.option} here and ${other} elsewhere`, 'use one option')
    }
    headers[parameter.name] = parameter.option
  }
  for (const name of Object.keys(headers)) {
    const lacking = operations.find(({ parameters }) => !parameters.some((parameter) => parameter.name === name))
    if (lacking !== undefined) throw lacking.place.error(`lacks the header ${name}`, 'add it: clients always send it')
  }
  return headers
}

/** A field can have the value of a server variable, or of an option that parameters have, too. */
function checkOptions(operations: readonly Operation[], variables: readonly string[]): void {
  const inParameters = operations.flatMap(({ parameters }) => parameters.flatMap(({ option }) => option ?? []))
  const known = new Set([...variables, ...inParameters])
  for (const { place, option } of operations.flatMap(({ request }) => request.defaults)) {
    if (!known.has(option))
      throw place.error(`${option} is not an option of the client`, `use ${[...known].join(' or ')}`)
  }
}
