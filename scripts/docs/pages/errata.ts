import { readFileSync } from 'node:fs'
import { blocks } from './markup.js'
import type { Section } from './page.js'

/** The errata as one page, each under an ID that links lead to. */
export function errataSection(markdown = readFileSync('specs/ERRATA.md', 'utf8')): Section {
  const text = markdown.replace(/^# .*\n/, '').replaceAll(/^(#{2,3}) (\d+)\. /gm, '<a id="erratum-$2"></a>\n\n$1 $2. ')
  return {
    index: {
      path: 'errata/index',
      title: 'Errata',
      summary: 'Where a page of a provider is wrong or incomplete, and what the specs do instead.',
      markdown: blocks(text),
    },
    pages: [],
  }
}
