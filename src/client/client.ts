import { CloudMediaError, RequestValidationError } from '../errors/errors.js'
import type { Operation } from '../sending/operation.js'
import { ClientState } from '../sending/client-state.js'
import { send, type SendOptions } from '../sending/retry-loop.js'
import type { Settings } from '../sending/settings.js'
import type { UnsignedRequest } from '../signing/authentication.js'
import { isRecord } from '../type-guards.js'
import { callPromise, type CallPromise, type Outcome } from './call.js'
import type { Bodies, OperationRow } from './operation-row.js'
import { readCallOptions, type CallOptions } from './options.js'
import { lazyRawClient } from './raw.js'
import { completeRequest, requestWriter } from './request.js'
import { conforms, findIssues } from './validation.js'

/** The generated tables of a provider, with a row for each method of its client, and the format of its bodies. */
export interface ClientTables<Client> {
  readonly operations: Readonly<Record<Exclude<keyof Client, 'raw'>, OperationRow>>
  /** The names of the documents in `raw`; empty if `raw` is the client of the only one. */
  readonly documents: readonly string[]
  readonly bodies: Bodies
  /** What to do about a submission that may have run, if the client offers more than the operation's own advice. */
  readonly recovery?: string
  readonly observer?: Observer
}

/** Observes how calls of methods end. */
export interface Observer {
  readonly succeeded: (operation: string, result: unknown) => void
  readonly failed: (operation: string, request: unknown, error: unknown) => void
}

/**
 * Creates a client with a method for each operation of the tables.
 *
 * @typeParam Client the generated interface of the methods, with `raw`
 */
export function createClient<Client extends object>(
  { operations, documents, bodies, recovery, observer }: ClientTables<Client>,
  settings: Settings,
): Client {
  const state = new ClientState(settings)
  const rows = Object.values<OperationRow>(operations)
  const methods = rows.map((row) => [row.name, methodOf(row, bodies, state, recovery, observer)] as const)
  const client = Object.assign(Object.fromEntries(methods), { raw: createRaw(rows, documents, bodies, state) })
  // Generation writes the rows and the interface from one spec.
  return client as Client
}

function methodOf(
  row: OperationRow,
  bodies: Bodies,
  state: ClientState,
  recovery: string | undefined,
  observer: Observer | undefined,
): (request?: unknown, options?: CallOptions) => CallPromise<unknown> {
  const { essentials } = row.response
  const ifInDoubt = row.retrySafety === 'idempotent' ? row.ifInDoubt : (recovery ?? row.ifInDoubt)
  const operation: Operation = {
    ...row,
    ifInDoubt,
    decode: (text) => bodies.decode(text, row),
    isComplete: (value) => essentials === undefined || conforms(essentials, value),
  }
  const write = requestWriter(row, state.settings, bodies.encode)
  return (request, options) => {
    const outcome = call(row, operation, write, request, options, state)
    return callPromise(
      observer === undefined ? outcome : observed(outcome, row.name, request, observer),
      state.settings.provider,
    )
  }
}

async function observed(
  outcome: Promise<Outcome<unknown>>,
  operation: string,
  request: unknown,
  { succeeded, failed }: Observer,
): Promise<Outcome<unknown>> {
  try {
    const settled = await outcome
    succeeded(operation, settled.data)
    return settled
  } catch (error) {
    failed(operation, request, error)
    throw error
  }
}

async function call(
  row: OperationRow,
  operation: Operation,
  write: (request: unknown) => UnsignedRequest,
  request: unknown,
  options: CallOptions | undefined,
  state: ClientState,
): Promise<Outcome<unknown>> {
  const [unsigned, sendOptions] = prepare(row, write, request, options, state.settings)
  const sent = await send(state, unsigned, operation, sendOptions)
  if (sent.kind === 'failed') throw sent.error
  return { data: resultIn(sent.value, row.result), answer: sent.answer, attempts: sent.attempts }
}

/** @throws RequestValidationError, or ConfigurationError for an option */
function prepare(
  row: OperationRow,
  write: (request: unknown) => UnsignedRequest,
  request: unknown,
  options: CallOptions | undefined,
  settings: Settings,
): [UnsignedRequest, SendOptions] {
  try {
    const { validate, ...sendOptions } = readCallOptions(options)
    const { required = [] } = row.request
    const given = request === undefined && required.length === 0 ? {} : request
    const completed = completeRequest(row, given, settings.knownValues)
    const issues = validate ? findIssues(row.request, completed) : []
    if (issues.length > 0) throw new RequestValidationError(row.name, issues)
    return [write(completed), sendOptions]
  } catch (error) {
    if (error instanceof CloudMediaError) throw error
    // The error of a getter or a proxy may hold anything.
    throw new RequestValidationError(row.name, [
      { path: '', message: 'must be readable: a getter or proxy has thrown' },
    ])
  }
}

/** The part of a response that is a method's result. Its required fields were checked. */
function resultIn(value: unknown, path: OperationRow['result']): unknown {
  return path.reduce((part, key) => (isRecord(part) ? part[key] : undefined), value)
}

function createRaw(
  rows: readonly OperationRow[],
  documents: readonly string[],
  bodies: Bodies,
  state: ClientState,
): unknown {
  const clientOf = (document: string): unknown => {
    const own = rows.filter((row) => row.document === document)
    return lazyRawClient(async () => (await import('./raw-client.js')).createRawClient(own, state, bodies))
  }
  return documents.length === 0 ? clientOf('') : Object.fromEntries(documents.map((name) => [name, clientOf(name)]))
}
