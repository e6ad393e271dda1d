import { SpecError } from '../document-place.js'
import { lowerFirst } from '../names.js'
import type { Provider } from '../read/provider.js'
import { constant, header } from './source.js'

/** The facts that hold for all operations. */
export function providerModule(provider: Provider): string {
  const { errorCodes: _, server, ...facts } = provider.facts
  const { url, variables } = server
  return (
    header(provider.folder) +
    constant('provider', { server: { url }, ...facts, documents: keysOf(provider) }) +
    // Apart, as clients need them for types alone.
    constant('serverVariables', variables, '/** The variables in the URL of the server. */\n')
  )
}

function keysOf({ documents }: Provider): string[] {
  return documents.map(({ key }) => key).filter((key) => key !== '')
}

/** What an error code proves. */
export function errorCodesModule(provider: Provider): string {
  const rules = Object.entries(provider.facts.errorCodes).map(([code, entry]) => {
    const { message: _, meaning: __, hint: ___, ...rule } = entry
    return [code, rule]
  })
  return header(provider.folder) + constant('errorCodes', Object.fromEntries(rules))
}

/** What each error code means, and what to do. Apart, as a client loads it for its first error. */
export function adviceModule(provider: Provider): string {
  const advice = Object.entries(provider.facts.errorCodes).map(([code, { meaning, hint }]) => [code, { meaning, hint }])
  return header(provider.folder) + constant('advice', Object.fromEntries(advice))
}

/** The provider's own message of each error code that has one. Apart, as only the emulator sends it. */
export function errorMessagesModule(provider: Provider): string {
  const messages = Object.entries(provider.facts.errorCodes).flatMap(([code, { message }]) =>
    message === undefined ? [] : [[code, message]],
  )
  return header(provider.folder) + constant('errorMessages', Object.fromEntries(messages))
}

/** Each error code under a name for use in code: one constant per code, so that a bundle has only those in use. */
export function codesModule(provider: Provider): string {
  const names = new Map<string, string>()
  for (const code of Object.keys(provider.facts.errorCodes)) {
    const name = code.replaceAll('.', '_')
    const other = names.get(name)
    if (other !== undefined)
      throw new SpecError(
        `${provider.documents[0]?.root ?? ''}: /x-error-codes: ${other} and ${code} have one name in code: rename one`,
      )
    names.set(name, code)
  }
  return header(provider.folder) + [...names].map(([name, code]) => constant(name, code)).join('')
}

/** The groups of each state that a wait goes by; undefined if a provider has none. */
export function statesModule(provider: Provider): string | undefined {
  const states = Object.entries(provider.schemas).flatMap(([name, { 'x-states': groups }]) =>
    groups === undefined ? [] : [constant(lowerFirst(name), groups)],
  )
  return states.length === 0 ? undefined : header(provider.folder) + states.join('')
}

/**
 * The documented responses of each operation, by status and name of the example, and the documented webhooks. An error
 * that several operations have is there once, under the first of them.
 */
export function examplesModule(provider: Provider): string {
  const errors = new Set<string>()
  const isNew = (status: number, example: unknown): boolean => {
    const isKnown = errors.has(JSON.stringify(example))
    if (status >= 300) errors.add(JSON.stringify(example))
    return !isKnown
  }
  const examples = provider.operations.map(({ id, responses }) => {
    const entries = responses.map(({ status, body }) => {
      const shown = Object.entries(body?.examples ?? {}).filter(([, example]) => isNew(status, example))
      return [status, Object.fromEntries(shown)] as const
    })
    return [
      id,
      Object.fromEntries(entries.filter(([status, shown]) => status < 300 || Object.keys(shown).length > 0)),
    ] as const
  })
  const webhooks = provider.webhooks.map(({ key, bodies }) => [key, bodies[0]?.examples ?? {}] as const)
  return (
    header(provider.folder) +
    constant('examples', Object.fromEntries(examples)) +
    (webhooks.length === 0 ? '' : constant('webhookExamples', Object.fromEntries(webhooks)))
  )
}
