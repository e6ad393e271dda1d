import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { isRecord } from '../generate/document-place.js'
import { cards } from './pages/markup.js'
import type { Page, Section } from './pages/page.js'

const FOLDER = 'scripts/docs/guides'

/** The guides, which are written by hand, one file per guide, in the order that their front matter gives. */
export async function readGuides(): Promise<Section> {
  const files = await readdir(FOLDER)
  const guides = await Promise.all(files.filter((file) => file.endsWith('.md')).map(readGuide))
  const pages = guides.sort((a, b) => a.order - b.order).map(({ page }) => page)
  const summary =
    'Guides from the first call to production: credentials, waits, callbacks, errors, tests, and runtimes.'
  return {
    index: {
      path: 'guides/index',
      title: 'Guides',
      summary,
      markdown: cards(pages),
    },
    pages,
  }
}

async function readGuide(file: string): Promise<{ order: number; page: Page }> {
  const text = await readFile(path.join(FOLDER, file), 'utf8')
  const [, front = '', markdown = ''] = /^---\n([^]*?)\n---\n([^]*)$/.exec(text) ?? []
  const facts: unknown = parse(front)
  if (!isRecord(facts)) throw new Error(`${file}: has no front matter: write title, summary, and order`)
  const { title, summary, order } = facts
  if (typeof title !== 'string' || typeof summary !== 'string' || typeof order !== 'number') {
    throw new Error(`${file}: title and summary must be texts, and order a number`)
  }
  return { order, page: { path: `guides/${file.slice(0, -'.md'.length)}`, title, summary, markdown } }
}
