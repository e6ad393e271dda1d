import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { specOperations } from '../specs/operations.js'
import { errorCodes as huaweiCodes } from '../../generated/huawei-vod/error-codes.js'
import { errorCodes as tencentCodes } from '../../generated/tencent-ci/error-codes.js'
import { documents, type Document } from '../support/documents.js'

const all = documents()
const guides = all.filter(({ name }) => name !== 'README')
const readme = readFileSync('README.md', 'utf8')

describe('every link', () => {
  it.each(guides)('of $file to the site leads to an address and a heading that exist', ({ text }) => {
    const links = Array.from(text.matchAll(/\bsite:([^\s)"#]*)(?:#([^\s)"]*))?/g))
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter(([, page = '', id]) => !leadsSomewhere(page, id)).map(([link]) => link)).toEqual([])
  })

  it.each(guides)('of $file that is not to the site is complete, or to a heading of its own', (guide) => {
    const others = targetsOf(guide).filter((target) => !target.startsWith('site:'))
    expect(others.filter((target) => !isUrl(target) && !idsOf(guide).includes(target.slice(1)))).toEqual([])
  })

  it('of the README works from npm', () => {
    const [readmeItself] = all
    const targets = readmeItself === undefined ? [] : targetsOf(readmeItself)
    expect(targets.length).toBeGreaterThan(20)
    expect(targets.filter((target) => !worksFromNpm(target))).toEqual([])
  })
})

describe('the README', () => {
  it('has at most 200 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200)
  })

  it('links to every guide', () => {
    expect(guides.map(({ name }) => name).filter((name) => !readme.includes(`/guides/${name}.html`))).toEqual([])
  })

  it('shows commands that exist', () => {
    // The boundary to a JSON file.
    const { scripts, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<'scripts' | 'bin', object>
    // tsx runs the snippets of a reader.
    const commands = Array.from(readme.matchAll(/\bnpm run ([\w:-]+)|\bnpx (?!tsx\b)([\w-]+)/g))
    expect(commands.length).toBeGreaterThanOrEqual(5)
    expect(commands.filter(([, script, command]) => !((script ?? '') in scripts || (command ?? '') in bin))).toEqual([])
    for (const command of ['npm ci && npm run demo', 'npm ci && npm test']) expect(readme).toContain(`\n${command}\n`)
  })
})

describe('the guides', () => {
  it('have a title, a summary of one sentence, and an order of their own', () => {
    const heads = guides.map(headOf)
    expect(heads.map(({ order }) => order).sort((a, b) => a - b)).toEqual(guides.map((_, index) => index + 1))
    for (const { title, summary } of heads) {
      expect(title).toMatch(/^[A-Z].*[^.]$/)
      expect(summary).toMatch(/^[A-Z].*\.$/)
    }
  })

  it.each(guides)('$name ends with links to others, and has at most one alert', ({ text }) => {
    expect(text).toMatch(/\n## Next\n\n(?:- .*(?:\n {2}.*)*\n){2,3}$/)
    expect(text.match(/^> \[!/gm)?.length ?? 0).toBeLessThanOrEqual(1)
  })
})

/** The addresses of the site, without `.html`, that the specs and the guides lead to. */
function addresses(): ReadonlySet<string> {
  const sections = ['operations', 'errors', 'states', 'workflows', 'errata', 'guides']
  return new Set([
    ...sections.map((name) => `${name}/index`),
    ...guides.map(({ name }) => `guides/${name}`),
    ...specOperations.map(({ id }) => `operations/${id}`),
    ...[...Object.keys(huaweiCodes), ...Object.keys(tencentCodes), 'huawei-vod', 'tencent-ci'].map(
      (code) => `errors/${code}`,
    ),
    'states/assets',
    'states/jobs',
    ...readdirSync('specs/workflows')
      .flatMap(workflowsIn)
      .map((id) => `workflows/${id}`),
  ])
}

function workflowsIn(file: string): string[] {
  // YAML is JSON in another notation.
  const { workflows } = parse(readFileSync(path.join('specs/workflows', file), 'utf8')) as {
    workflows: { workflowId: string }[]
  }
  return workflows.map(({ workflowId }) => workflowId)
}

function leadsSomewhere(page: string, id: string | undefined): boolean {
  const address = page.replace(/\.html$/, '')
  if (!page.endsWith('.html') || !addresses().has(address)) return false
  const guide = guides.find(({ name }) => address === `guides/${name}`)
  return id === undefined || guide === undefined || idsOf(guide).includes(id)
}

function worksFromNpm(target: string): boolean {
  const [, page, id] = /^https:\/\/\w+\.github\.io\/cloud-media-clients\/(.*?)(?:#(.*))?$/.exec(target) ?? []
  if (page !== undefined) return page === '' || leadsSomewhere(page, id)
  const [, file] = /^https:\/\/github\.com\/\w+\/cloud-media-clients\/blob\/main\/(.+)$/.exec(target) ?? []
  if (file !== undefined) return existsSync(file)
  return target.startsWith('#') && all.some((one) => one.name === 'README' && idsOf(one).includes(target.slice(1)))
}

/** The targets of all links, outside of code. */
function targetsOf({ text }: Document): string[] {
  const prose = text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
  return Array.from(
    prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm),
    ([, inline = '', defined]) => defined ?? inline,
  )
}

/** The IDs of the headings, as GitHub and the site form them. */
function idsOf({ text }: Document): string[] {
  return Array.from(text.matchAll(/^#{2,} (.+)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

function isUrl(target: string): boolean {
  return URL.canParse(target) && target.startsWith('https://')
}

function headOf({ text }: Document): { readonly title: string; readonly summary: string; readonly order: number } {
  const [, head = ''] = /^---\n([^]*?)\n---\n/.exec(text) ?? []
  // YAML is JSON in another notation.
  return parse(head) as ReturnType<typeof headOf>
}
