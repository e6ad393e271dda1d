import type { Client } from 'openapi-fetch'
import { lazily } from './lazily.js'

/** An openapi-fetch client: typed paths, signed requests, decoded bodies, without validation and unwrapping. */
export type RawClient<Paths extends object> = Client<Paths>

const REQUESTS = ['request', 'GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'] as const
const MIDDLEWARE = ['use', 'eject'] as const

type Method = (...given: readonly unknown[]) => unknown
type AnyClient = Readonly<Record<(typeof REQUESTS)[number] | (typeof MIDDLEWARE)[number], Method>>

/** An openapi-fetch client that is created at its first request. A change of its middleware is made at the next one. */
export function lazyRawClient(create: () => Promise<RawClient<object>>): RawClient<object> {
  const load = lazily(create)
  const changes: ((client: AnyClient) => unknown)[] = []
  const changed = async (): Promise<AnyClient> => {
    // Of the parameters, which the interface types, nothing is known here.
    const client = (await load()) as unknown as AnyClient
    for (let change = changes.shift(); change !== undefined; change = changes.shift()) change(client)
    return client
  }
  const requests = REQUESTS.map((name) => [name, async (...given: unknown[]) => (await changed())[name](...given)])
  const middleware = MIDDLEWARE.map((name) => [
    name,
    (...given: unknown[]) => {
      changes.push((client) => client[name](...given))
    },
  ])
  // A test holds these names and those of openapi-fetch together.
  return Object.fromEntries([...requests, ...middleware]) as RawClient<object>
}
