import { readdir, readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { errorCodes as huaweiCodes } from '../../generated/huawei-vod/error-codes.js'
import { operations as huaweiOperations } from '../../generated/huawei-vod/operations.js'
import { errorCodes as tencentCodes } from '../../generated/tencent-ci/error-codes.js'
import { operations as tencentOperations } from '../../generated/tencent-ci/operations.js'
import * as library from '../../src/index.js'
import { inParallel, useBrowser, visit } from './browser.js'
import { onDisk } from './site.js'

const OPERATIONS = [...Object.keys(huaweiOperations), ...Object.keys(tencentOperations)]
const CODES = [...Object.keys(huaweiCodes), ...Object.keys(tencentCodes)]
const ERRORS = Object.keys(library).filter((name) => name.endsWith('Error'))

const { open } = useBrowser()

describe('the search', () => {
  it.each([
    { what: 'operation', words: OPERATIONS, atLeast: 11, page: (word: string) => `operations/${word}.html` },
    { what: 'error code', words: CODES, atLeast: 100, page: (word: string) => `errors/${word}.html` },
    { what: 'error class', words: ERRORS, atLeast: 10, page: (word: string) => `api/cloud-media-clients/${word}.html` },
  ])('shows the page of each $what first', async ({ words, atLeast, page }) => {
    expect(words.length).toBeGreaterThanOrEqual(atLeast)
    const firsts = await hitsOf(words)
    for (const word of words) expect(firsts.get(word)?.[0]).toBe(page(word))
  })

  it('finds mayHaveRun, and what a caller does about a timeout', async () => {
    const hits = await hitsOf(['mayHaveRun', 'recover timeout'])
    expect(hits.get('mayHaveRun')).toContain('guides/errors-and-retries.html')
    expect(hits.get('recover timeout')).toContain('guides/waiting-and-recovering.html')
  })

  it.each([
    { words: 'rate limit', page: 'guides/limits.html' },
    { words: 'how many per minute', page: 'guides/limits.html' },
    { words: 'too many requests', page: 'guides/limits.html' },
    { words: 'file size', page: 'guides/limits.html' },
    { words: 'own template', page: 'guides/quick-start-tencent.html' },
    { words: 'billing', page: 'guides/quick-start-tencent.html' },
    { words: 'mock', page: 'guides/testing.html' },
    { words: 'vitest', page: 'guides/testing.html' },
    { words: 'webhook', page: 'guides/callbacks-and-events.html' },
    { words: 'migrate', page: 'guides/moving-from-cos-sdk.html' },
    { words: 'top-level await', page: 'guides/runtimes.html' },
    { words: 'pay twice', page: 'guides/waiting-and-recovering.html' },
  ])('finds a guide by the words of a reader: $words', async ({ words, page }) => {
    expect((await hitsOf([words])).get(words)).toContain(page)
  })

  it('finds the operations of each permission, with its colons', async () => {
    const permissions = await permissionsByOperation()
    expect(permissions.size).toBe(OPERATIONS.length)
    const hits = await hitsOf([...new Set([...permissions.values()].flat())])
    for (const [operation, names] of permissions) {
      const [first = ''] = names
      expect(hits.get(first), `${first} of ${operation}`).toContain(`operations/${operation}.html`)
    }
  })

  it.each([
    { state: 'Submitted', page: 'states/jobs.html#Submitted' },
    { state: 'Pause', page: 'states/jobs.html#Pause' },
    { state: 'PUBLISHED', page: 'states/assets.html#PUBLISHED' },
    { state: 'CREATING', page: 'states/assets.html#CREATING' },
  ])('finds the state $state', async ({ state, page }) => {
    expect((await hitsOf([state])).get(state)).toContain(page)
  })

  it('leads to a field on the pages that have it', async () => {
    const hits = (await hitsOf(['userdata'])).get('userdata')
    expect(hits).toContain('operations/createNoiseReductionJob.html#request.Operation.UserData')
  })

  it('requires every word', async () => {
    const hits = await hitsOf(['noise zebra'])
    expect(hits.get('noise zebra')).toEqual([])
  })
})

/** The pages of the hits of each query. */
async function hitsOf(queries: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const hits = new Map<string, string[]>()
  await inParallel(queries, openWithSearch, async (page, query) => {
    const found = await page.evaluate<string[]>(`new Promise((resolve) => {
      const results = document.getElementById('tsd-search-results')
      const input = document.getElementById('tsd-search-input')
      const done = () => {
        observer.disconnect()
        resolve([...results.querySelectorAll('a')].map(({ href }) => href))
      }
      const observer = new MutationObserver(done)
      observer.observe(results, { childList: true })
      observer.observe(document.getElementById('tsd-search-status'), { childList: true })
      input.value = ${JSON.stringify(query)}
      input.dispatchEvent(new Event('input'))
    })`)
    hits.set(
      query,
      found.map((href) => href.slice(onDisk('').length)),
    )
  })
  return hits
}

async function openWithSearch(): Promise<Page> {
  const page = await open()
  await visit(page, onDisk('guides/index.html'))
  await page.click('#tsd-search-trigger')
  // It holds a message until the index is there.
  await page.locator('#tsd-search-status:empty').waitFor({ state: 'attached' })
  return page
}

async function permissionsByOperation(): Promise<ReadonlyMap<string, string[]>> {
  const folder = 'generated/specs'
  const permissions = new Map<string, string[]>()
  for (const file of await readdir(folder)) {
    // The bundles have these names.
    const { paths } = JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as {
      paths: Record<string, Record<string, { operationId?: string; 'x-permissions'?: string[] }>>
    }
    for (const methods of Object.values(paths)) {
      for (const { operationId, 'x-permissions': names } of Object.values(methods)) {
        if (operationId !== undefined && names !== undefined) permissions.set(operationId, names)
      }
    }
  }
  return permissions
}
