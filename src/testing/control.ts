import { isPlainObject } from '../type-guards.js'
import { version } from '../version.js'
import { demandNames } from './checks.js'
import type { Emulator } from './emulator.js'
import { CONTROL_PREFIX, type Answer, type ArrivedRequest } from './exchange.js'
import type { FaultPlan } from './faults.js'
import type { Submissions } from './plans.js'
import type { Outcome } from './settle.js'

type Controlled = Omit<Emulator, 'fetch' | 'listen' | 'options'>

/**
 * Lets programs in any language look into a listening emulator and steer it. Returns the response; undefined if the
 * request is for a service.
 */
export function control(emulator: Controlled, { method, url, headers, body }: ArrivedRequest): Answer | undefined {
  if (!url.pathname.startsWith(CONTROL_PREFIX)) return undefined
  // Browsers send it with whatever can have an effect. A page may call the services, but not steer the emulator.
  if (headers['origin'] !== undefined) return failure(403, 'a web page cannot control the emulator')
  const name = `${method} ${url.pathname}`
  const action = ACTIONS.get(name)
  if (action === undefined) return failure(404, `${name} does not exist; known are ${[...ACTIONS.keys()].join(', ')}`)
  try {
    const result = action(emulator, method === 'POST' ? parsed(body) : undefined)
    return result === undefined ? { status: 204, headers: {}, body: '' } : json(200, result)
  } catch (error) {
    // What fail and settle throw for a plan that would never take effect.
    if (error instanceof TypeError) return failure(400, error.message)
    throw error
  }
}

/** What each request does. Its result is the body of the response. */
const ACTIONS = new Map<string, (emulator: Controlled, body: unknown) => object | undefined>([
  [`GET ${CONTROL_PREFIX}health`, () => ({ status: 'ok', version })],
  [`GET ${CONTROL_PREFIX}state`, stateOf],
  [
    `POST ${CONTROL_PREFIX}faults`,
    (emulator, plan) => {
      // The method checks the plan.
      emulator.fail(plan as FaultPlan)
      return undefined
    },
  ],
  [
    `POST ${CONTROL_PREFIX}settle`,
    (emulator, body) => {
      if (!isPlainObject(body)) throw new TypeError('settle: the body must be an object with target and outcome')
      demandNames('settle', body, ['target', 'outcome'])
      const { target, outcome } = body
      // The method checks both.
      emulator.settle(target as string | Submissions, outcome as Outcome)
      return undefined
    },
  ],
  [
    `POST ${CONTROL_PREFIX}reset`,
    (emulator) => {
      emulator.reset()
      return undefined
    },
  ],
])

/** Without headers, which hold signatures and tokens. */
function stateOf({ jobs, assets, requests, droppedRequests, callbacks }: Controlled): object {
  return {
    jobs: jobs(),
    assets: assets(),
    requests: requests.map(({ headers: _headers, ...request }) => request),
    droppedRequests,
    callbacks: callbacks.map(({ headers: _headers, ...callback }) => callback),
  }
}

function parsed(body: Uint8Array | undefined): unknown {
  if (body?.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown
  } catch {
    throw new TypeError('the body must be JSON')
  }
}

function failure(status: number, error: string): Answer {
  return json(status, { error })
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
