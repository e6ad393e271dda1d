import type { Operation } from '../../generate/read/operation.js'
import type { Document, Provider } from '../../generate/read/provider.js'
import { resolve } from '../../generate/read/schema.js'
import { exampleBlock, examplesOf } from './examples.js'
import { erratumLink, fieldList, objectFields, objectRules, type Field, type FieldContext } from './fields.js'
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
  folded,
  inline,
  lead,
  link,
  list,
  paragraphs,
  plain,
  prose,
  statusKind,
  tabs,
  textOf,
  withoutCode,
  type Names,
} from './markup.js'
import type { Page, Section } from './page.js'
import { provenanceOf } from './provenance.js'
import { serviceOf } from './services.js'
import { addressesOf, namesFor, statePages } from './site-names.js'

/** One page per operation, and cards of them by provider. */
export function operationsSection(providers: readonly Provider[]): Section {
  const addresses = addressesOf(providers)
  const states = statePages(providers)
  const perProvider = providers.map((provider) => ({
    title: serviceOf(provider).title,
    pages: provider.documents.flatMap((document) =>
      document.operations.map((operation) =>
        operationPage(operation, document, provider, namesFor(addresses, operation.id), states),
      ),
    ),
  }))
  const index: Page = {
    path: 'operations/index',
    title: 'Operations',
    summary: 'What each operation does, its request, its response, its errors, and whether it is retried.',
    markdown: blocks(...perProvider.flatMap(({ title, pages }) => [`## ${title}`, cards(pages)])),
  }
  return { index, pages: perProvider.flatMap(({ pages }) => pages) }
}

function operationPage(
  operation: Operation,
  document: Document,
  provider: Provider,
  names: Names,
  states: ReadonlyMap<string, string>,
): Page {
  const { id, summary, description } = operation
  const [first = '', ...rest] = paragraphs(description)
  const [requestBlock, responseBlock] = [
    request(operation, provider, names, states),
    response(operation, provider, names, states),
  ]
  return {
    path: `operations/${id}`,
    title: id,
    summary: firstSentence(description),
    markdown: blocks(
      lead(inline(first, names)),
      wire(operation, provider),
      factsBox(operation, provider),
      tabs(samples(operation)),
      ...(rest.length === 0 ? [] : ['## Details', prose(rest.join('\n\n'), names)]),
      '## Request',
      requestBlock,
      '## Response',
      responseBlock,
      '## Errors',
      errors(operation, provider, names),
      '## If the response is lost',
      lostResponse(operation, names),
      '## Sources',
      sources(operation, document),
    ),
    search: [
      summary,
      plain(description),
      ...operation.permissions,
      textOf(withoutCode(`${requestBlock}\n${responseBlock}`)),
    ].join(' '),
  }
}

function wire({ method, path, parameters }: Operation, { facts: { server } }: Provider): string {
  const bare = parameters.find((parameter) => parameter.in === 'query' && parameter.const === '')
  const url = `${server.url}${path}${bare === undefined ? '' : `?${bare.name}`}`
  return `<p class="wire"><span class="method">${method}</span> ${code(url)}</p>`
}

function factsBox({ retrySafety, success, permissions }: Operation, provider: Provider): string {
  const type = success.body === undefined ? 'no body' : code(success.body.contentType)
  return facts([
    ['Service', escape(serviceOf(provider).title)],
    ['Retry safety', retryChip(retrySafety)],
    ['Response', `${String(success.status)}, ${type}`],
    ['Permissions', permissions.map(code).join('<br>')],
  ])
}

function retryChip(retrySafety: Operation['retrySafety']): string {
  return retrySafety === 'idempotent' ? chip('ok', 'idempotent') : chip('warn', 'no retry in doubt')
}

const LANGUAGES = new Map([
  ['TypeScript', 'ts'],
  ['Shell', 'sh'],
])

function samples({ place, body }: Operation): { label: string; markdown: string }[] {
  const written = place.child('x-codeSamples').items()
  const inCode = written.map((sample) => {
    const lang = sample.child('lang').text()
    const label = sample.child('label').optionalText() ?? lang
    return { label, markdown: fence(LANGUAGES.get(lang) ?? lang, sample.child('source').text()) }
  })
  const [example] = body === undefined ? [] : examplesOf(body)
  if (example === undefined) return inCode
  return [...inCode, { label: example.language.toUpperCase(), markdown: fence(example.language, example.text) }]
}

function request(operation: Operation, provider: Provider, names: Names, states: ReadonlyMap<string, string>): string {
  const { parameters, body, request: own, place } = operation
  const { schemas } = provider
  const context: FieldContext = { schemas, names, states, direction: 'request', supplied: suppliedIn(operation) }
  const inUrl = parameters.map(({ name, schema, required, in: where }): Field => ({
    name,
    path: [name],
    schema,
    required,
    in: where,
  }))
  const schema = body && resolve({ $ref: body.schemaName }, schemas)
  const inBody = schema === undefined ? [] : objectFields(schema, [], { schemas })
  const given = [...inUrl, ...inBody.flatMap(({ fields }) => fields)]
  return blocks(
    body && prose(place.at('requestBody').child('description').text(), names),
    `TypeScript: ${typeLink(own.typeName)}`,
    ...(schema === undefined ? [] : objectRules(schema, context)),
    fieldList(given, context),
  )
}

/** What a caller may leave out, as the client supplies it. */
function suppliedIn({ parameters, request }: Operation): Map<string, string> {
  return new Map([
    ...parameters.flatMap(({ name, option, const: value }): [string, string][] => {
      if (option !== undefined) return [[name, `from ${code(option)} of the client`]]
      return value === undefined ? [] : [[name, 'sent by the client']]
    }),
    ...Object.keys(request.constants).map((name): [string, string] => [name, 'sent by the client']),
    ...request.defaults.map(({ path, option }): [string, string] => [
      path.join('.'),
      `default: ${code(option)} of the client`,
    ]),
  ])
}

function response(
  { success, place, result }: Operation,
  { schemas }: Provider,
  names: Names,
  states: ReadonlyMap<string, string>,
): string {
  const description = place.child('responses').at(String(success.status)).child('description').text()
  if (success.body === undefined) return prose(description, names)
  const context: FieldContext = { schemas, names, states, direction: 'response', supplied: new Map() }
  const [example, ...others] = examplesOf(success.body)
  const schema = resolve({ $ref: success.body.schemaName }, schemas)
  const part = result.path.map((step) => (typeof step === 'number' ? `[${String(step)}]` : step)).join('')
  return blocks(
    prose(description, names),
    part === '' ? undefined : `<p>The method returns ${code(part)} of the body.</p>`,
    `TypeScript: ${typeLink(result.type)}`,
    example && exampleBlock(example, names),
    others.length === 0
      ? undefined
      : folded(
          `${String(others.length)} more ${others.length === 1 ? 'example' : 'examples'}`,
          `\n${others.map((other) => exampleBlock(other, names)).join('\n')}`,
        ),
    ...objectFields(schema, [], { schemas }).map(({ fields }) => fieldList(fields, context)),
  )
}

/** @param type such as `ListAssetsResponse`, or `Queue[]` */
function typeLink(type: string): string {
  const [, name = '', list = ''] = /^(\w+)((?:\[\])*)$/.exec(type) ?? []
  return `{@link cloud-media-clients.${name} | ${name}}${list === '' ? '' : ', as a list'}`
}

function errors({ place, responses, success }: Operation, { facts: { errorCodes } }: Provider, names: Names): string {
  const statuses = responses.filter(({ status }) => status !== success.status)
  const items = statuses.map(({ status }) => {
    const description = place.child('responses').at(String(status)).child('description').text()
    const codes = Object.entries(errorCodes)
      .filter(([, known]) => known.status.includes(status))
      .map(([name, { refusal }]) => codeChip(name, refusal))
    return [
      `<div id="error.${String(status)}"><dt>${chip(statusKind(status), String(status))}</dt><dd>`,
      `<p>${inline(description, names)}</p>`,
      ...(codes.length === 0 ? [] : [`<p class="codes">${codes.join(' ')}</p>`]),
      '</dd></div>',
    ].join('\n')
  })
  return blocks(
    `The method throws ${typeLink('ApiError')} with one of these codes. With ●, the request may have run. Without it, the request did not run. An unknown code counts as one with ●.`,
    ['<dl class="statuses">', ...items, '</dl>'].join('\n'),
  )
}

function codeChip(name: string, refusal: boolean): string {
  const mayHaveRun = refusal
    ? ''
    : ' <span class="may-have-run" title="may have run">●<span class="visually-hidden"> may have run</span></span>'
  return link(`errors/${name}.html`, `${escape(name)}${mayHaveRun}`, 'chip plain')
}

function lostResponse({ retrySafety, ifInDoubt }: Operation, names: Names): string {
  if (retrySafety === 'idempotent') {
    return blocks(
      '<p>The client retries the call. If that does not help, it throws an error.</p>',
      callout('ok', inline(ifInDoubt, names)),
    )
  }
  const client =
    'The client retries the call only if the request did not run. Otherwise, the error has `mayHaveRun: true` and `startedAt`.'
  return blocks(
    `<p>${inline(client, names)}</p>`,
    callout('warn', inline(ifInDoubt, names)),
    `<p>${link('guides/waiting-and-recovering.html', 'Waiting and recovering')} has the code.</p>`,
  )
}

function slug(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-')
}

function sources({ id, place, page }: Operation, { place: document }: Document): string {
  const { errata, sources: urls } = provenanceOf(place)
  const title = place.child('externalDocs').child('description').optionalText() ?? 'Page of the provider'
  const texts = document.child('x-errata-texts')
  const [tag] = place.child('tags').items()
  // The address that Redoc gives it.
  const contract = `contract/${place.bundle.name}.html#/${slug(tag?.text() ?? '')}/${id.toLowerCase()}`
  return blocks(
    list([
      ...(page === undefined ? [] : [link(page, escape(title.replace(/\.$/, '')))]),
      link(contract, 'The operation in the raw contract'),
    ]),
    folded(
      `${String(urls.length)} sources of facts`,
      list(urls.map((url) => link(url, escape(decodeURI(url).replace('https://', ''))))),
    ),
    errata.length === 0
      ? undefined
      : folded(
          `${String(errata.length)} errata: where a page of the provider is wrong or incomplete`,
          list(
            errata.map((number) => {
              const [heading = ''] = texts.child(String(number)).text().split('\n')
              return `${erratumLink(number)} ${inline(heading, new Map())}`
            }),
          ),
        ),
  )
}
