import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { listOf, objectOf, textOf, type Json, type JsonObject } from '../../../specs/bundled.js'
import { pageAt, partOf, sections, shows } from './spec-pages.js'

// YAML is JSON in another notation.
const documents = readdirSync('specs/workflows').map((file) =>
  objectOf(parse(readFileSync(`specs/workflows/${file}`, 'utf8')) as Json),
)
const workflows = documents.flatMap((document) =>
  listOf(document['workflows'])
    .map(objectOf)
    .map((workflow) => ({ id: textOf(workflow['workflowId']), workflow, document })),
)

describe('the pages on workflows', () => {
  it('are one per workflow', () => {
    expect(sections[3]?.pages.map(({ title }) => title)).toEqual(workflows.map(({ id }) => id))
    expect(workflows.length).toBeGreaterThan(0)
  })

  it.each(workflows)('$id shows its description and its inputs', ({ id, workflow, document }) => {
    const page = pageAt(`workflows/${id}`)
    for (const text of textOf(workflow['description']).split(/\n\n+/)) expect(shows(page.markdown, text)).toBe(true)
    const { required, properties } = objectOf(workflow['inputs'])
    const shown = [...partOf(page, 'Inputs').matchAll(/<div id="request\.(\w+)"><dt>(.*?)<\/dt>/g)]
    expect(shown.map(([, name]) => name)).toEqual(Object.keys(objectOf(properties)))
    expect(shown.filter(([, , head]) => head?.includes('class="required"')).map(([, name]) => name)).toEqual(
      Object.keys(objectOf(properties)).filter((name) => listOf(required).includes(name)),
    )
    for (const [name, written] of Object.entries(objectOf(properties))) {
      const { description, enum: values } = { ...shared(document, 'inputs', name), ...objectOf(written) }
      expect(shows(partOf(page, 'Inputs'), textOf(description))).toBe(true)
      for (const value of listOf(values)) expect(shows(partOf(page, 'Inputs'), textOf(value))).toBe(true)
    }
  })

  it.each(workflows)('$id shows its steps, what is retried, and the outputs', ({ id, workflow, document }) => {
    const page = pageAt(`workflows/${id}`)
    const steps = listOf(workflow['steps']).map(objectOf)
    const headings = [...page.markdown.matchAll(/^### Step (\d+), (\w+)$/gm)].map(([, number, name]) => [number, name])
    expect(headings).toEqual(steps.map((step, index) => [String(index + 1), step['stepId']]))
    const parts = page.markdown.split(/^### Step /m).slice(1)
    for (const [index, step] of steps.entries()) {
      const part = parts[index] ?? ''
      expect(part).toContain(`site:operations/${textOf(step['operationId']).split('.').at(-1) ?? ''}.html`)
      expect(shows(part, textOf(step['description']))).toBe(true)
      for (const { condition, context } of listOf(step['successCriteria']).map(objectOf)) {
        expect(shows(part, textOf(condition))).toBe(true)
        expect(shows(part, textOf(context))).toBe(true)
      }
      const failures = listOf(step['onFailure']).map(objectOf)
      for (const failure of failures) {
        const reference = textOf(failure['reference']).split('.').at(-1) ?? ''
        const { retryAfter, retryLimit, criteria } = { ...shared(document, 'failureActions', reference), ...failure }
        if (retryAfter !== undefined) {
          const retried = `retried every ${String(Number(retryAfter))} seconds, up to ${String(Number(retryLimit))} times`
          expect(shows(part, retried)).toBe(true)
        }
        for (const { condition } of listOf(criteria).map(objectOf)) expect(shows(part, textOf(condition))).toBe(true)
      }
      expect(part.includes('It is not retried')).toBe(failures.length === 0)
      for (const name of Object.keys(objectOf(step['outputs']))) {
        expect(part).toContain(`id="step.${textOf(step['stepId'])}.${name}"`)
      }
    }
    const outputs = [...partOf(page, 'Outputs').matchAll(/<div id="output\.(\w+)">/g)].map(([, name]) => name)
    expect(outputs).toEqual(Object.keys(objectOf(workflow['outputs'])))
  })

  it.each(workflows)('$id has a command with all inputs, or says why not', ({ id, workflow }) => {
    const part = partOf(pageAt(`workflows/${id}`), 'Run it')
    const names = Object.keys(objectOf(objectOf(workflow['inputs'])['properties']))
    if (names.includes('token')) {
      const [, input = ''] = /--input '([^']*)'/.exec(part) ?? []
      expect(Object.keys(JSON.parse(input) as JsonObject)).toEqual(names)
      expect(part).toContain(`--workflow ${id} `)
    } else expect(shows(part, 'your tool must sign')).toBe(true)
  })
})

/** What is shared under a name in the components. */
function shared(document: JsonObject, kind: string, name: string): JsonObject {
  return objectOf(objectOf(objectOf(document['components'])[kind])[name])
}
