import type { Client } from 'openapi-fetch'
import { lazily } from './lazily.js'

/** An openapi-fetch client: typed paths, signed requests, decoded bodies, without validation and unwrapping. */
export type RawClient<Paths extends object> = Client<Paths>

const REQUESTS = ['request', 'GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE'] as const
const MIDDLEWARE = ['use', 'eject'] as const

type Method = (...given: readonly unknown[]) => unknown
type AnyClient = Readonly<Record<(typeof REQUESTS)[number] | (typeof MIDDLEWARE)[number], Method>>

/** An openapi-fetch client that is created at its first request, with the middleware that it has got by then. */
export function lazyRawClient(create: () => Promise<RawClient<object>>): RawClient<object> {
  const changes: ((client: AnyClient) => unknown)[] = []
  let created: AnyClient | undefined
  const load = lazily(async () => {
    // Of the parameters, which the interface types, nothing is known here.
    const client = (await create()) as unknown as AnyClient
    for (const change of changes) change(client)
    created = client
    return client
  })
  const requests = REQUESTS.map((name) => [name, async (...given: unknown[]) => (await load())[name](...given)])
  const middleware = MIDDLEWARE.map((name) => [
    name,
    (...given: unknown[]) => {
      const change = (client: AnyClient): unknown => client[name](...given)
      if (created === undefined) changes.push(change)
      else change(created)
    },
  ])
  // A test holds these names and those of openapi-fetch together.
  return Object.fromEntries([...requests, ...middleware]) as RawClient<object>
}
