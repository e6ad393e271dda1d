import { describe, expect, it } from 'vitest'
import { specOperations } from '../../../specs/operations.js'
import { listOf, objectOf, textOf, type JsonObject } from '../../../specs/bundled.js'
import { pageAt, partOf, sections, shows } from './spec-pages.js'

const schemas = new Map<string, JsonObject>(
  specOperations.flatMap(({ document }) =>
    Object.entries(objectOf(objectOf(document['components'])['schemas']))
      .map(([name, schema]) => [name, objectOf(schema)] as const)
      .filter(([, schema]) => schema['x-states'] !== undefined),
  ),
)
const PAGES = new Map([
  ['AssetStatus', 'states/assets'],
  ['JobState', 'states/jobs'],
])
const HEADINGS = new Map([
  ['running', 'Running'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
  ['cancelled', 'Canceled'],
  ['missing', 'Missing'],
])

describe('the pages on states', () => {
  it('are one per schema with x-states', () => {
    expect([...schemas.keys()].sort()).toEqual([...PAGES.keys()])
    expect(sections[2]?.pages.map(({ path }) => path)).toEqual([...PAGES.values()])
  })

  it.each([...schemas])('show each state of %s once, under its group, with its meaning', (name, schema) => {
    const page = pageAt(PAGES.get(name) ?? '')
    const [known = {}] = listOf(schema['anyOf']).map(objectOf)
    const meanings = objectOf(known['x-enumDescriptions'])
    const groups = Object.entries(objectOf(schema['x-states']))
    for (const [group, states] of groups) {
      const part = partOf(page, HEADINGS.get(group) ?? '')
      const rows = [...part.matchAll(/<div id="([^"]+)">/g)].map(([, id]) => id)
      expect(rows).toEqual(listOf(states))
      for (const state of rows) expect(shows(part, `${String(state)}${textOf(meanings[String(state)])}`)).toBe(true)
    }
    expect([...page.markdown.matchAll(/<div id="/g)]).toHaveLength(listOf(known['enum']).length)
    expect(shows(page.markdown, textOf(schema['description']))).toBe(true)
  })

  it('say what a wait does', () => {
    const jobs = pageAt('states/jobs')
    expect(shows(partOf(jobs, 'Running'), 'waitForJob reads the job again')).toBe(true)
    expect(shows(partOf(jobs, 'Failed'), 'waitForJob throws JobFailedError')).toBe(true)
    expect(shows(partOf(pageAt('states/assets'), 'Missing'), 'waitForAsset throws AssetNotFoundError')).toBe(true)
  })

  it('link the operations that return them', () => {
    const linked = (address: string): (string | undefined)[] =>
      [...pageAt(address).markdown.matchAll(/site:operations\/(\w+)\.html/g)].map(([, id]) => id)
    expect(linked('states/assets')).toEqual(['listAssets', 'unpublishAssets'])
    expect(linked('states/jobs')).toEqual(['createVoiceSeparateJob', 'createNoiseReductionJob', 'getJobs', 'listJobs'])
  })
})
