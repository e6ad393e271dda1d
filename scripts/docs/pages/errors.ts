import type { Operation } from '../../generate/read/operation.js'
import type { Facts } from '../../generate/read/provider-facts.js'
import type { Provider } from '../../generate/read/provider.js'
import { documentedErrors, emulatedError, messageIn } from './error-examples.js'
import { exampleBlock, type Example } from './examples.js'
import {
  blocks,
  callout,
  cards,
  chip,
  code,
  escape,
  facts,
  fence,
  firstSentence,
  inline,
  lead,
  link,
  list,
  plain,
  statusKind,
  tabs,
  type Names,
} from './markup.js'
import type { Page, Section } from './page.js'
import { serviceOf } from './services.js'
import { addressesOf, namesFor } from './site-names.js'

type ErrorCode = Facts['errorCodes'][string]

const DID_NOT_RUN = chip('ok', 'did not run')
const MAY_HAVE_RUN = chip('bad', 'may have run')
const GUIDE = link('guides/errors-and-retries.html', 'Errors and retry safety')

/** One page per error code, as its title is what people search for, and one list of all codes per provider. */
export function errorsSection(providers: readonly Provider[]): Section {
  const addresses = addressesOf(providers)
  const lists = providers.map((provider) => listPage(provider, namesFor(addresses)))
  const index: Page = {
    path: 'errors/index',
    title: 'Error codes',
    summary: 'What each error code of the providers means, what to do, and what the client does.',
    markdown: blocks(
      cards(lists),
      `<p>${GUIDE} has the code that handles them.</p>`,
      ...providers.flatMap((provider) => [`## ${serviceOf(provider).title}`, codeLinks(codesOf(provider))]),
    ),
  }
  const codes = providers.flatMap((provider) => {
    const examples = documentedErrors(provider)
    return Object.entries(provider.facts.errorCodes).map(([name, known]) =>
      codePage(name, known, provider, examples.get(name) ?? [], namesFor(addresses, name)),
    )
  })
  return { index, pages: [...lists, ...codes], hidden: true }
}

function listPage(provider: Provider, names: Names): Page {
  const { title } = serviceOf(provider)
  const codes = Object.entries(provider.facts.errorCodes)
  const rows = codes.map(([name, known]) =>
    [
      `<div id="${escape(name)}"><dt>${link(`errors/${name}.html`, code(name))} ${statusChips(known)} ${runChip(known)}</dt><dd>`,
      `<p>${inline(known.meaning, names)}</p>`,
      '</dd></div>',
    ].join('\n'),
  )
  return {
    path: `errors/${provider.name}`,
    title: `Error codes of ${title}`,
    summary: `The ${String(codes.length)} known codes of ${title}.`,
    markdown: blocks(
      `<p>${DID_NOT_RUN} The request had no effect. ${MAY_HAVE_RUN} Find out before you submit again. ${GUIDE} says what the client does.</p>`,
      ['<dl class="fields">', ...rows, '</dl>'].join('\n'),
    ),
    search: codes.map(([name]) => name).join(' '),
  }
}

function codePage(
  name: string,
  known: ErrorCode,
  provider: Provider,
  examples: readonly Example[],
  names: Names,
): Page {
  const { meaning, hint, message } = known
  const operations = operationsWith(known, provider)
  const related = relatedCodes(name, known, provider)
  return {
    path: `errors/${name}`,
    title: name,
    summary: firstSentence(meaning),
    markdown: blocks(
      `<p class="chips">${chip('plain', escape(serviceOf(provider).title))} ${statusChips(known)} ${runChip(known)}</p>`,
      lead(inline(meaning, names)),
      callout('ok', `<strong>What to do.</strong> ${inline(hint, names)}`),
      ...permissions(known, operations),
      ...credentials(known),
      facts([
        ['Error class', '\n\n{@link cloud-media-clients.ApiError | ApiError}\n\n'],
        [
          link('guides/errors-and-retries.html', code('mayHaveRun')),
          known.refusal ? `${code('false')}: the request did not run` : `${code('true')}: the request may have run`,
        ],
        ['The client', reactions(known, provider, examples, operations)],
        ['Operations', operations.map(({ id }) => link(`operations/${id}.html`, code(id))).join(' ')],
      ]),
      '## What the provider sends',
      sent(name, known, provider, examples, names),
      '## In your code',
      tabs([
        { label: 'Handle it', markdown: fence('ts', handling(name, provider, operations)) },
        { label: 'Provoke it', markdown: fence('ts', provoking(name, known, provider, operations)) },
      ]),
      ...(related.length === 0 ? [] : ['## Related codes', codeLinks(related)]),
    ),
    search: [plain(meaning), plain(hint), message ?? ''].join(' '),
  }
}

function codeLinks(names: readonly string[]): string {
  const links = names.map((name) => link(`errors/${name}.html`, escape(name), 'chip plain'))
  return `<p class="codes">${links.join(' ')}</p>`
}

function codesOf({ facts: { errorCodes } }: Provider): string[] {
  return Object.keys(errorCodes)
}

function statusChips({ status }: ErrorCode): string {
  return status.map((each) => chip(statusKind(each), String(each))).join(' ')
}

function runChip({ refusal }: ErrorCode): string {
  return refusal ? DID_NOT_RUN : MAY_HAVE_RUN
}

/** The operations that describe a status of the code; a submission first. */
function operationsWith({ status }: ErrorCode, { operations }: Provider): Operation[] {
  const found = operations.filter(({ responses }) => responses.some((response) => status.includes(response.status)))
  return found.sort((a, b) => Number(b.retrySafety === 'refused-only') - Number(a.retrySafety === 'refused-only'))
}

function permissions({ cure }: ErrorCode, operations: readonly Operation[]): string[] {
  if (cure !== 'permission') return []
  const items = operations.map(
    ({ id, permissions: required }) => `${link(`operations/${id}.html`, code(id))}: ${required.map(code).join(', ')}`,
  )
  return [`<p>Each operation has permissions of its own:</p>\n${list(items)}`]
}

function credentials({ cure }: ErrorCode): string[] {
  if (cure !== 'credentials') return []
  return [
    `<p>${link('guides/credentials.html#if-a-signature-is-rejected', 'If a signature is rejected')} lists the causes.</p>`,
  ]
}

const RETRIES = 'waits, and retries the call, up to `maxAttempts` attempts'
const NEVER = 'throws the error at once'

/** What the client does, for each kind of operation if they differ. */
function reactions(
  known: ErrorCode,
  provider: Provider,
  examples: readonly Example[],
  operations: readonly Operation[],
): string {
  if (known.refusal) return escape(`${refusalReaction(known, provider, examples)}.`)
  // A status below 500 says nothing about a later request.
  const isRetried = known.status.some((status) => status >= 500)
  const kinds = ['refused-only', 'idempotent'] as const
  const sentences = kinds.flatMap((retrySafety) => {
    const ids = operations.filter((operation) => operation.retrySafety === retrySafety).map(({ id }) => code(id))
    const retried = retrySafety === 'idempotent' && isRetried
    const statuses = known.status.filter((status) => status >= 500).join(', ')
    const when = known.status.every((status) => status >= 500) ? '' : ` if the status is ${statuses}`
    const reaction = retried ? `${RETRIES}${when}` : NEVER
    return ids.length === 0 ? [] : [{ ids, reaction }]
  })
  if (new Set(sentences.map(({ reaction }) => reaction)).size === 1)
    return `${inline(sentences[0]?.reaction ?? NEVER, new Map())}.`
  return sentences.map(({ ids, reaction }) => `${ids.join(', ')}: ${inline(reaction, new Map())}.`).join('<br>')
}

function refusalReaction({ cure }: ErrorCode, provider: Provider, examples: readonly Example[]): string {
  switch (cure) {
    case 'throttled':
      return 'waits for the time in the response, or else for a growing delay, and retries the call; other calls of the operation wait as well'
    case 'clock':
      return CLOCK
    case 'token':
      return 'calls your credentials function, and retries the call once if it returns other credentials'
    default:
      return isClockRefusal(provider, examples)
        ? `${NEVER}; if the message is about the signing time, it ${CLOCK}`
        : NEVER
  }
}

const CLOCK =
  'compares its clock with that of the response, and retries the call once with the corrected time, or with other credentials'

/** Whether a documented message of the code rejects the signing time. */
function isClockRefusal({ facts: { clockRefusal } }: Provider, examples: readonly Example[]): boolean {
  return examples.some(({ value }) => new RegExp(clockRefusal).test(messageIn(value) ?? ''))
}

function sent(name: string, known: ErrorCode, provider: Provider, examples: readonly Example[], names: Names): string {
  if (examples.length > 0) return examples.map((example) => exampleBlock(example, names)).join('\n')
  const { language, text } = emulatedError(name, known, provider)
  return blocks(
    '<p>The specs have no example with this code. The emulator sends this, with a request ID.</p>',
    fence(language, text),
  )
}

function handling(name: string, provider: Provider, [operation]: readonly Operation[]): string {
  const { client } = serviceOf(provider)
  return [
    `import { ApiError } from 'cloud-media-clients'`,
    '',
    'try {',
    `  await ${client}.${operation?.id ?? ''}(request)`,
    '} catch (error) {',
    `  if (!(error instanceof ApiError)) throw error`,
    `  if (error.code !== '${name}') throw error`,
    `  console.log(error.mayHaveRun, error.requestId, error.hint)`,
    '}',
  ].join('\n')
}

function provoking(name: string, { cure }: ErrorCode, provider: Provider, [operation]: readonly Operation[]): string {
  const { client, create, emulatedClient } = serviceOf(provider)
  return [
    `import { ${create} } from 'cloud-media-clients'`,
    `import { createEmulator } from 'cloud-media-clients/testing'`,
    '',
    'const emulator = createEmulator()',
    `const ${client} = ${create}({`,
    ...emulatedClient.map((option) => `  ${option},`),
    '  fetch: emulator.fetch,',
    ...(cure === 'throttled' ? ['  // Without a retry, which would succeed.', '  maxAttempts: 1,'] : []),
    '})',
    '// The next call fails.',
    'emulator.fail({',
    `  operation: '${operation?.id ?? ''}',`,
    `  with: { kind: 'error', code: '${name}' },`,
    '})',
  ].join('\n')
}

const MOST_RELATED = 8

/** Codes with the same cure, or else with the same hint. */
function relatedCodes(name: string, { cure, hint }: ErrorCode, { facts: { errorCodes } }: Provider): string[] {
  const isRelated = (other: ErrorCode): boolean => (cure === undefined ? other.hint === hint : other.cure === cure)
  const related = Object.entries(errorCodes).filter(([other, known]) => other !== name && isRelated(known))
  return related.slice(0, MOST_RELATED).map(([other]) => other)
}
