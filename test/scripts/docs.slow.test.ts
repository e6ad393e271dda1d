import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PAGES = [
  {
    page: 'huawei-vod.html',
    operations: ['createExtractAudioTask', 'cancelExtractAudioTask', 'unpublishAssets', 'listAssets'],
  },
  { page: 'tencent-ci-voice-separate.html', operations: ['createVoiceSeparateJob'] },
  { page: 'tencent-ci-noise-reduction.html', operations: ['createNoiseReductionJob'] },
  { page: 'tencent-ci-jobs.html', operations: ['getJobs', 'listJobs', 'listQueues', 'listAudioQueues'] },
  { page: 'tencent-ci-cancel-job.html', operations: ['cancelJob'] },
]
const FILES = ['index.html', ...PAGES.map(({ page }) => page)]
const site = new Map<string, string>()
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'docs-test-'))
  await promisify(execFile)('node_modules/.bin/tsx', ['scripts/docs.ts', '--out', folder])
  for (const file of await readdir(folder)) site.set(file, await readFile(path.join(folder, file), 'utf8'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the docs', () => {
  it('are an index and one page per document', () => {
    expect([...site.keys()].sort()).toEqual([...FILES].sort())
  })

  it.each(PAGES)('document the operations, their retry safety and the error codes: $page', ({ page, operations }) => {
    const html = site.get(page)
    for (const operation of operations) expect(html).toContain(`"operationId":"${operation}"`)
    expect(html).toContain('**Retry safety:**')
    expect(html).toContain('# Error codes')
  })

  describe.each(FILES)('in %s', (file) => {
    it('have no tag that loads something', () => {
      const loading = tags(file).filter(
        ({ name, attributes }) =>
          name !== 'a' && /\s(?:src|srcset|href|data|poster)=(?!["']?(?:#|data:))/.test(attributes),
      )
      expect(loading).toEqual([])
    })

    it('have no style that loads something', () => {
      const styles = [...(site.get(file) ?? '').matchAll(/<style[^>]*>([^]*?)<\/style>/g)].map(([, css = '']) => css)
      expect(styles.join('\n')).not.toMatch(/@import|url\((?!["']?(?:#|data:))/)
    })

    // What a script would load is in no tag, so the page itself has to forbid it.
    it('forbid scripts to load anything, before the first of them', () => {
      const [first] = tags(file).filter(({ name }) => ['meta', 'script', 'style', 'link'].includes(name))
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(first?.attributes ?? '')?.[1] ?? ''
      expect(policy).toMatch(/^default-src 'none';/)
      expect(policy).not.toMatch(/https?:|\*|'self'|connect-src/)
    })
  })

  it('lead from the index to every operation', () => {
    const links = [...(site.get('index.html') ?? '').matchAll(/href="([^"#]*)(?:#([^"]*))?"/g)].map(
      ([, page = '', anchor]) => ({ page, anchor }),
    )
    // The pages make their anchors as they are shown: operation/ and the id of an operation of their document.
    for (const { page, anchor } of links) {
      const anchors = PAGES.find((known) => known.page === page)?.operations.map(
        (operation) => `operation/${operation}`,
      )
      expect([undefined, ...(anchors ?? [])]).toContain(anchor)
      expect([...site.keys()]).toContain(page)
    }
    expect(links.flatMap(({ anchor }) => anchor ?? []).sort()).toEqual(
      PAGES.flatMap(({ operations }) => operations.map((operation) => `operation/${operation}`)).sort(),
    )
  })
})

/** The tags of a page, without what only looks like one inside scripts and styles. */
function tags(file: string): { name: string; attributes: string }[] {
  const html = (site.get(file) ?? '').replace(/(<(script|style)\b[^>]*>)[^]*?<\/\2>/g, '$1')
  return [...html.matchAll(/<([a-z][\w-]*)((?:\s[^>]*)?)>/gi)].map(([, name = '', attributes = '']) => ({
    name: name.toLowerCase(),
    attributes,
  }))
}
