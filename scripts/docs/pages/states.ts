import type { Provider } from '../../generate/read/provider.js'
import type { Schema } from '../../generate/read/schema.js'
import { upperFirst } from '../../generate/names.js'
import { blocks, cards, chip, code, escape, inline, lead, link, list, plain, type Kind } from './markup.js'
import type { Page, Section } from './page.js'
import { serviceOf } from './services.js'
import { addressesOf, namesFor, statePages, thingOf } from './site-names.js'

/** One page per kind of thing that has states, such as jobs. */
export function statesSection(providers: readonly Provider[]): Section {
  const paths = statePages(providers)
  const addresses = addressesOf(providers)
  const pages = providers.flatMap((provider) =>
    Object.entries(provider.schemas).flatMap(([name, schema]) => {
      const path = paths.get(name)
      return path === undefined ? [] : [statePage(path, name, schema, provider, addresses)]
    }),
  )
  const index: Page = {
    path: 'states/index',
    title: 'States',
    summary: 'The states of jobs and assets, and what a wait does with each.',
    markdown: blocks(cards(pages)),
  }
  return { index, pages }
}

type Group = 'running' | 'succeeded' | 'failed' | 'cancelled' | 'missing'

/** What a wait does with the states of a group. */
const GROUPS: Readonly<Record<Group, { title: string; kind: Kind; wait: (thing: string) => string }>> = {
  running: {
    title: 'Running',
    kind: 'plain',
    wait: (thing) => `\`waitFor${upperFirst(thing)}\` reads the ${thing} again, until \`timeoutMs\`.`,
  },
  succeeded: {
    title: 'Succeeded',
    kind: 'ok',
    wait: (thing) => `\`waitFor${upperFirst(thing)}\` returns the ${thing}.`,
  },
  failed: {
    title: 'Failed',
    kind: 'bad',
    wait: (thing) => `\`waitFor${upperFirst(thing)}\` throws \`${upperFirst(thing)}FailedError\` with the ${thing}.`,
  },
  cancelled: {
    title: 'Canceled',
    kind: 'warn',
    wait: (thing) => `\`waitFor${upperFirst(thing)}\` throws \`${upperFirst(thing)}CancelledError\` with the ${thing}.`,
  },
  missing: {
    title: 'Missing',
    kind: 'warn',
    wait: (thing) =>
      `A new ${thing} may be missing for a while. If it stays missing, \`waitFor${upperFirst(thing)}\` throws \`${upperFirst(thing)}NotFoundError\`.`,
  },
}

function statePage(
  path: string,
  name: string,
  schema: Schema,
  provider: Provider,
  addresses: ReadonlyMap<string, string>,
): Page {
  const thing = thingOf(name)
  const names = namesFor(addresses)
  const known = schema.anyOf?.find((branch) => branch.enum !== undefined)
  const meanings = known?.['x-enumDescriptions'] ?? {}
  const groups = groupsOf(schema)
  const sections = groups.flatMap(([group, states]) => {
    const { title, wait } = GROUPS[group]
    const items = states.map(
      (state) =>
        `<div id="${escape(state)}"><dt>${code(state)}</dt><dd><p>${inline(meanings[state] ?? '', names)}</p></dd></div>`,
    )
    return [
      `## ${title}`,
      `<p>${inline(wait(thing), names)}</p>`,
      ['<dl class="fields">', ...items, '</dl>'].join('\n'),
    ]
  })
  return {
    path,
    title: `States of ${thing}s`,
    summary: `The states of ${thing}s of ${serviceOf(provider).title}, and what a wait does with each.`,
    markdown: blocks(
      lead(inline(schema.description ?? '', names)),
      lifeLine(groups),
      `<p>${link('guides/waiting-and-recovering.html', 'Waiting and recovering')} has the code of a wait.</p>`,
      ...sections,
      '## Other states',
      `<p>${inline(`A state that is not listed here counts as running. \`onPoll\` reports it.`, names)}</p>`,
      '## Operations',
      list(usersOf(name, provider).map((id) => link(`operations/${id}.html`, code(id)))),
    ),
    search: [plain(schema.description ?? ''), ...groups.flatMap(([, states]) => states)].join(' '),
  }
}

function groupsOf({ 'x-states': states = {} }: Schema): [Group, readonly string[]][] {
  return Object.entries(states).map(([group, values]) => {
    if (!isGroup(group)) throw new Error(`${group} is not a group of states that a wait handles`)
    return [group, values]
  })
}

function isGroup(name: string): name is Group {
  return Object.hasOwn(GROUPS, name)
}

/** From running to one of the ends. */
function lifeLine(groups: readonly (readonly [Group, readonly string[]])[]): string {
  const chipOf = ([group]: readonly [Group, readonly string[]]): string =>
    chip(GROUPS[group].kind, escape(GROUPS[group].title.toLowerCase()))
  const ends = groups.filter(([group]) => group !== 'running' && group !== 'missing').map(chipOf)
  const before = groups.filter(([group]) => group === 'missing').map((group) => `${chipOf(group)} → `)
  const running = groups.filter(([group]) => group === 'running').map(chipOf)
  return `<p class="life">${before.join('')}${running.join('')} → ${ends.join(' or ')}</p>`
}

/** The operations whose response has the states. */
function usersOf(name: string, { operations, schemas }: Provider): string[] {
  return operations
    .filter(({ success: { body } }) => body !== undefined && reaches(body.schemaName, name, schemas))
    .map(({ id }) => id)
}

function reaches(from: string, to: string, schemas: Readonly<Record<string, Schema>>): boolean {
  const seen = new Set<string>()
  const visit = (name: string): boolean => {
    if (name === to) return true
    if (seen.has(name)) return false
    seen.add(name)
    const references = JSON.stringify(schemas[name] ?? {}).matchAll(/"\$ref":"[^"]*\/(\w+)"/g)
    return [...references].some(([, referred = '']) => visit(referred))
  }
  return visit(from)
}
