import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { Place } from '../../generate/document-place.js'
import type { Provider } from '../../generate/read/provider.js'
import type { Schema } from '../../generate/read/schema.js'
import { bodyText } from './examples.js'
import { fieldList, fieldsOf } from './fields.js'
import {
  blocks,
  cards,
  code,
  escape,
  facts,
  fence,
  folded,
  inline,
  lead,
  link,
  list,
  paragraphs,
  plain,
  prose,
  type Names,
} from './markup.js'
import type { Page, Section } from './page.js'
import { serviceOf } from './services.js'
import { addressesOf, namesFor } from './site-names.js'

const FOLDER = 'specs/workflows'

/** One page per workflow of the Arazzo documents. */
export function workflowsSection(providers: readonly Provider[]): Section {
  const names = namesFor(addressesOf(providers))
  const pages = readdirSync(FOLDER).flatMap((file) => {
    const document = readArazzo(path.posix.join(FOLDER, file))
    const provider = providers.find(({ name }) => `${name}.yaml` === file)
    if (provider === undefined) throw new Error(`${FOLDER}/${file} has the name of no provider`)
    return document
      .child('workflows')
      .items()
      .map((workflow) => workflowPage(workflow, document, provider, names))
  })
  const index: Page = {
    path: 'workflows/index',
    title: 'Workflows',
    summary: 'Sequences of requests as Arazzo documents, for tools that run them without this library.',
    markdown: blocks(cards(pages)),
  }
  return { index, pages }
}

function readArazzo(file: string): Place {
  const content: unknown = parse(readFileSync(file, 'utf8'))
  return Place.rootOf({ name: path.posix.basename(file, '.yaml'), root: file, content, xsds: new Map() })
}

function workflowPage(workflow: Place, document: Place, provider: Provider, names: Names): Page {
  const id = workflow.child('workflowId').text()
  const summary = workflow.child('summary').text()
  const description = workflow.child('description').text()
  const [first = '', ...rest] = paragraphs(description)
  const steps = workflow.child('steps').items()
  const operations = [...new Set(steps.map(operationOf))]
  return {
    path: `workflows/${id}`,
    title: id,
    summary: `${summary}.`,
    markdown: blocks(
      lead(inline(first, names)),
      facts([
        ['Service', escape(serviceOf(provider).title)],
        ['Document', code(path.posix.basename(document.bundle.root))],
        ['Operations', operations.map((name) => inline(`\`${name}\``, names)).join('<br>')],
      ]),
      prose(rest.join('\n\n'), names),
      '## Inputs',
      inputs(workflow, names),
      '## Steps',
      ...steps.map((step, index) => stepBlock(step, index + 1, document, names)),
      '## Outputs',
      outputs(workflow, 'output'),
      '## Run it',
      running(workflow, document, provider, names),
    ),
    search: [summary, plain(description)].join(' '),
  }
}

/** The operationId behind `$sourceDescriptions.huaweiVod.listAssets`. */
function operationOf(step: Place): string {
  return step.child('operationId').text().split('.').at(-1) ?? ''
}

function inputs(workflow: Place, names: Names): string {
  const place = workflow.child('inputs')
  const properties = Object.fromEntries(
    place
      .child('properties')
      .entries()
      .map(([name, property]) => [name, schemaOf(property)]),
  )
  const required = place
    .child('required')
    .items()
    .map((name) => name.text())
  const context = { schemas: {}, names, states: new Map<string, string>(), supplied: new Map<string, string>() }
  return blocks(
    prose(place.child('description').text(), names),
    fieldList(fieldsOf({ properties, required }, []), { ...context, direction: 'request' }),
  )
}

function schemaOf(property: Place): Schema {
  const values = property
    .child('enum')
    .items()
    .map((value) => value.text())
  return {
    type: property.child('type').text(),
    description: property.child('description').text(),
    ...(values.length > 0 && { enum: values }),
  }
}

function stepBlock(step: Place, number: number, document: Place, names: Names): string {
  const id = step.child('stepId').text()
  const payload = step.child('requestBody').child('payload')
  const failures = step.child('onFailure').items()
  return blocks(
    `<a id="step.${escape(id)}"></a>`,
    `### Step ${String(number)}, ${escape(id)}`,
    `<p>${inline(step.child('description').text(), names)} Operation: ${inline(`\`${operationOf(step)}\``, names)}.</p>`,
    parameters(step),
    payload.exists
      ? folded('Request body', fence(typeof payload.value === 'string' ? 'xml' : 'json', bodyText(payload.value)))
      : undefined,
    `<p>It succeeds if all of these hold:</p>\n${list(step.child('successCriteria').items().map(criterion))}`,
    failures.length === 0
      ? '<p>It is not retried: if it does not succeed, the workflow fails.</p>'
      : `<p>If it does not succeed, the first of these that applies:</p>\n${list(failures.map((failure) => reaction(actionOf(failure, document))))}`,
    outputs(step, `step.${id}`),
  )
}

function parameters(step: Place): string | undefined {
  const given = step.child('parameters').items()
  if (given.length === 0) return undefined
  const items = given.map((item) => `${code(item.child('name').text())}: ${code(String(item.child('value').value))}`)
  return `<p>Parameters:</p>\n${list(items)}`
}

function criterion(place: Place): string {
  const condition = place.child('condition').text()
  const context = place.child('context').optionalText()
  return context === undefined ? code(condition) : `${code(context)} matches ${code(condition)}`
}

/** A failure action, or the shared one that it refers to. */
function actionOf(failure: Place, document: Place): Place {
  const reference = failure.child('reference').optionalText()
  if (reference === undefined) return failure
  return reference
    .split('.')
    .slice(1)
    .reduce((place, name) => place.child(name), document.child('components'))
}

function reaction(action: Place): string {
  const criteria = action.child('criteria').items().map(criterion).join(' and ')
  if (action.child('type').text() === 'end') return `The workflow fails if ${criteria}.`
  const [after, limit] = [action.child('retryAfter').number(), action.child('retryLimit').number()]
  return `The step is retried every ${String(after)} seconds, up to ${String(limit)} times, if ${criteria}.`
}

/** @param prefix of the IDs */
function outputs(place: Place, prefix: string): string | undefined {
  const found = place.child('outputs')
  const items = found.names().map((name) => {
    const id = `${prefix}.${name}`
    return `<div id="${escape(id)}"><dt>${code(name)}</dt><dd><p>${code(found.child(name).text())}</p></dd></div>`
  })
  if (items.length === 0) return undefined
  const title = prefix === 'output' ? '' : '<p>Outputs:</p>\n'
  return `${title}${['<dl class="fields">', ...items, '</dl>'].join('\n')}`
}

/** Tools cannot sign: only a workflow that sends a token has a command. */
function running(workflow: Place, document: Place, { name }: Provider, names: Names): string {
  const given = workflow.child('inputs').child('properties').names()
  const [source] = document.child('sourceDescriptions').items()
  const server = source?.child('name').text() ?? ''
  if (!given.includes('token')) {
    return blocks(
      `<p>No command can run it, as tools for workflows do not sign. ${link('guides/waiting-and-recovering.html', 'Waiting and recovering')} does the same with this library, which signs.</p>`,
      prose(paragraphs(document.child('info').child('description').text()).slice(1).join('\n\n'), names),
    )
  }
  const values = Object.fromEntries(given.map((input) => [input, `<${input}>`]))
  const specs = 'node_modules/cloud-media-clients/dist/specs/workflows'
  return blocks(
    '<p>Against the emulator, with your values in place of those in angle brackets:</p>',
    fence(
      'sh',
      [
        'npx cloud-media-emulator &',
        'npx @redocly/cli respect \\',
        `  ${specs}/${name}.yaml \\`,
        `  --workflow ${workflow.child('workflowId').text()} \\`,
        `  --server ${server}=http://127.0.0.1:4010 \\`,
        `  --input '${JSON.stringify(values, null, 2)}'`,
      ].join('\n'),
    ),
    `<p>${link('guides/testing.html', 'Testing')} has the credentials of the emulator.</p>`,
  )
}
