import type { Provider } from '../../generate/read/provider.js'
import type { Schema } from '../../generate/read/schema.js'
import type { Names } from './markup.js'

/** The address of each operation and each error code, without `.html`. */
export function addressesOf(providers: readonly Provider[]): Map<string, string> {
  return new Map(
    providers.flatMap(({ operations, facts }) => [
      ...operations.map(({ id }) => [id, `operations/${id}`] as const),
      ...Object.keys(facts.errorCodes).map((code) => [code, `errors/${code}`] as const),
    ]),
  )
}

/** What a text links to: everything but its own page. */
export function namesFor(addresses: ReadonlyMap<string, string>, own?: string): Names {
  return new Map([...addresses].flatMap(([name, path]) => (name === own ? [] : [[name, `${path}.html`]])))
}

/** The page of each schema of states: `AssetStatus` is on `states/assets`. */
export function statePages(providers: readonly Provider[]): Map<string, string> {
  return new Map(
    providers.flatMap(({ schemas }) =>
      Object.entries(schemas)
        .filter(([, schema]: [string, Schema]) => schema['x-states'] !== undefined)
        .map(([name]) => [name, `states/${thingOf(name)}s`]),
    ),
  )
}

/** What has the states: `asset` has those of `AssetStatus`. */
export function thingOf(schemaName: string): string {
  return (/^[A-Z][a-z]+/.exec(schemaName)?.[0] ?? schemaName).toLowerCase()
}
