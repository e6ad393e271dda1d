import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { inject, beforeAll, describe, expect, it } from 'vitest'

/** The pages that must be there, and their operations, by the generated documents. */
const PAGES = readdirSync('generated/specs').map((file) => {
  const { paths } = JSON.parse(readFileSync(path.join('generated/specs', file), 'utf8')) as {
    paths: Record<string, Record<string, { operationId?: string }>>
  }
  const operations = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap(({ operationId }) => operationId ?? []),
  )
  return { page: file.replace('.json', '.html'), operations }
})
const contract = new Map<string, string>()

beforeAll(async () => {
  const folder = path.join(inject('site'), 'contract')
  for (const file of await readdir(folder)) contract.set(file, await readFile(path.join(folder, file), 'utf8'))
})

describe('the raw contract', () => {
  it('is one page per document', () => {
    expect([...contract.keys()].sort()).toEqual(PAGES.map(({ page }) => page).sort())
  })

  it.each(PAGES)('has the operations, their retry safety, and the error codes: $page', ({ page, operations }) => {
    const html = contract.get(page)
    expect(operations.length).toBeGreaterThan(0)
    for (const operation of operations) {
      expect(html).toContain(`"operationId":"${operation}"`)
      expect(html).toContain(`(../operations/${operation}.html)`)
    }
    expect(html).toContain('**Retry safety:**')
    expect(html).toContain('# Error codes')
  })

  it.each(PAGES)('leads back to the site: $page', ({ page }) => {
    expect(contract.get(page)).toContain('<a href="../index.html">')
    expect(contract.get(page)).not.toContain('href="/')
  })

  it.each(['tencent-ci-noise-reduction.html', 'tencent-ci-voice-separate.html'])(
    'shows the case without a condition first: %s',
    (page) => {
      const html = contract.get(page)
      expect(html).toMatch(
        /"if":\{"title":"Unless CallBackType is TDMQ"[^}]*\},"then":\{\},"else":\{"title":"CallBackType is TDMQ"/,
      )
      expect(html).not.toContain('"if":{"title":"CallBackType is TDMQ"')
    },
  )

  describe.each(PAGES)('in $page', ({ page }) => {
    it('has no tag that loads something', () => {
      const loading = tags(page).filter(
        ({ name, attributes }) =>
          name !== 'a' && /\s(?:src|srcset|href|data|poster)=(?!["']?(?:#|data:))/.test(attributes),
      )
      expect(loading).toEqual([])
    })

    it('has no style that loads something', () => {
      const styles = [...(contract.get(page) ?? '').matchAll(/<style[^>]*>([^]*?)<\/style>/g)].map(
        ([, css = '']) => css,
      )
      expect(styles.join('\n')).not.toMatch(/@import|url\((?!["']?(?:#|data:))/)
    })

    // What a script would load is in no tag, so the page itself has to forbid it.
    it('forbids scripts to load anything, before the first of them', () => {
      const [first] = tags(page).filter(({ name }) => ['meta', 'script', 'style', 'link'].includes(name))
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(first?.attributes ?? '')?.[1] ?? ''
      expect(policy).toMatch(/^default-src 'none';/)
      expect(policy).not.toMatch(/https?:|\*|'self'|connect-src/)
    })
  })
})

/** The tags of a page, without what only looks like one inside scripts and styles. */
function tags(page: string): { name: string; attributes: string }[] {
  const html = (contract.get(page) ?? '').replace(/(<(script|style)\b[^>]*>)[^]*?<\/\2>/g, '$1')
  return [...html.matchAll(/<([a-z][\w-]*)((?:\s[^>]*)?)>/gi)].map(([, name = '', attributes = '']) => ({
    name: name.toLowerCase(),
    attributes,
  }))
}
