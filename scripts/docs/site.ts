import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Application } from 'typedoc'
import { stringify } from 'yaml'
import { blocks, escape, lead } from './pages/markup.js'
import type { Page, Section } from './pages/page.js'
import { improveSearch } from './search.js'
import { labelCells } from './tables.js'
import { plugin } from './plugin.js'

/** What the site shows beside the TypeScript reference. */
export interface Site {
  /** The folder that the site is written to. It is emptied first. */
  readonly out: string
  readonly landing: Page
  readonly sections: readonly Section[]
  /** All pages of the sections. */
  readonly pages: readonly Page[]
  /** The pages of the raw contract, for the sidebar. */
  readonly contract: readonly { readonly title: string; readonly url: string }[]
}

/** Writes the site, without the pages of the raw contract. */
export async function buildSite(site: Site): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'site-'))
  try {
    const readme = path.join(work, 'landing.md')
    await writeFile(readme, site.landing.markdown)
    const indexes = await Promise.all(site.sections.map((section) => writeSection(section, work)))
    const assets = 'scripts/docs/assets'
    const app = await Application.bootstrapWithPlugins({
      plugin: [plugin(site)],
      name: 'cloud-media-clients',
      out: site.out,
      readme,
      projectDocuments: indexes,
      entryPoints: ['src/index.ts', 'src/callbacks.ts', 'src/testing/index.ts', 'src/testing/msw.ts'],
      sortEntryPoints: false,
      // npm run typecheck does.
      skipErrorChecking: true,
      router: 'site',
      theme: 'site',
      customJs: `${assets}/site.js`,
      favicon: `${assets}/favicon.svg`,
      customCss: await joined([`${assets}/site.css`, `${assets}/pages.css`], path.join(work, 'site.css')),
      customFooterHtml: await footer(),
      navigationLinks: {
        Guides: 'site:guides/index.html',
        Operations: 'site:operations/index.html',
        Errors: 'site:errors/index.html',
        States: 'site:states/index.html',
        Reference: 'site:api.html',
      },
      markdownItLoader: labelCells,
      visibilityFilters: {},
      excludePrivate: true,
      excludeProtected: true,
      excludeExternals: true,
      sort: ['source-order'],
      // A reader of a module looks for its functions first.
      groupOrder: ['Modules', 'Functions', 'Classes', 'Interfaces', 'Type Aliases', 'Constructors', '*'],
      headings: { readme: false, document: true },
      // The default themes have too little contrast.
      lightHighlightTheme: 'github-light-high-contrast',
      darkHighlightTheme: 'github-dark-high-contrast',
      highlightLanguages: ['typescript', 'javascript', 'json', 'xml', 'http', 'bash', 'sh', 'python', 'yaml', 'text'],
      searchInComments: true,
      searchInDocuments: true,
      searchGroupBoosts: { Documents: 1.5 },
      useFirstParagraphOfCommentAsSummary: true,
      disableSources: true,
      includeHierarchySummary: false,
      treatWarningsAsErrors: true,
      treatValidationWarningsAsErrors: true,
      // Types whose name says enough.
      intentionallyNotExported: [
        'Environment',
        'FailureReason',
        'HeadersToSign',
        'HuaweiVodRaw',
        'Signed',
        'Sleep',
        'TencentCiRaw',
        'WaitFailure',
        '__object.known',
      ],
      hideGenerator: true,
    })
    const finishSearch = improveSearch(app.renderer, site.pages)
    const project = await app.convert()
    if (project === undefined) throw new Error('TypeDoc cannot read the entry points')
    app.validate(project)
    await app.generateOutputs(project)
    await finishSearch(site.out)
    if (app.logger.hasErrors()) throw new Error('TypeDoc found errors')
  } finally {
    await rm(work, { recursive: true })
  }
}

/** Writes the pages of a section for TypeDoc, and returns the file of its index page, which begins with its summary. */
async function writeSection({ index, pages }: Section, work: string): Promise<string> {
  for (const page of pages) await writePage(page, work, [])
  const summary = pages.length === 0 ? undefined : lead(escape(index.summary))
  return writePage(
    { ...index, markdown: blocks(summary, index.markdown) },
    work,
    pages.map((page) => path.join(work, `${page.path}.md`)),
  )
}

async function writePage({ path: address, title, markdown }: Page, work: string, children: string[]): Promise<string> {
  const file = path.join(work, `${address}.md`)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, `---\n${stringify({ title, path: address, children })}---\n${markdown}`)
  return file
}

/** TypeDoc takes one style sheet. */
async function joined(files: readonly string[], target: string): Promise<string> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  await writeFile(target, texts.join('\n'))
  return target
}

async function footer(): Promise<string> {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  return `cloud-media-clients ${version}, MIT. Reference, operations, errors, and states are generated from the code and the specs of this version.`
}
