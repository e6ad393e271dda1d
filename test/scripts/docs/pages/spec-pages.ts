import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '../../../../scripts/docs/pages/page.js'
import { specSections } from '../../../../scripts/docs/pages/sections.js'
import { readProviders, type Provider } from '../../../../scripts/generate/read/provider.js'
import { objectOf, readBundled, type JsonObject } from '../../../specs/bundled.js'
import { redoclyDocuments } from '../../../specs/operations.js'

const XSDS = new Map(
  readdirSync('specs/tencent-ci/xsd').map((name) => {
    const file = path.posix.join('specs/tencent-ci/xsd', name)
    return [file, readFileSync(file, 'utf8')]
  }),
)

/** The providers, from the bundles in generated/, which takes no process. */
const providers: readonly Provider[] = readProviders(
  redoclyDocuments().map(({ name, root }) => ({
    name,
    root: path.posix.normalize(root),
    content: readBundled(name),
    xsds: XSDS,
  })),
)

export const sections = specSections(providers)
export const pages: readonly Page[] = sections.flatMap((section) => [section.index, ...section.pages])

/** Fails if there is no such page. */
export function pageAt(address: string): Page {
  const page = pages.find(({ path: own }) => own === address)
  if (page === undefined) throw new Error(`there is no page ${address}`)
  return page
}

/** The error codes of each provider. */
export const errorCodes: readonly { provider: string; name: string; known: JsonObject }[] = [
  ...new Map(
    redoclyDocuments().flatMap(({ name: document, root }) => {
      const provider = path.basename(path.dirname(root))
      const codes = Object.entries(objectOf(readBundled(document)['x-error-codes']))
      return codes.map(([name, known]) => [name, { provider, name, known: objectOf(known) }] as const)
    }),
  ).values(),
]

/** What a reader sees of a page or a part of it: no tags, no markup of links and code. */
export function visibleText(markdown: string): string {
  return markdown
    .replaceAll(/<[a-z/][^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)))
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
}

/** Whether a reader finds a description of the specs: spaces beside code and links do not count. */
export function shows(markdown: string, description: string): boolean {
  const plain = description.replaceAll(/\[([^\]]+)\]\([^)\s]+\)/g, '$1').replaceAll('`', '')
  return squeezed(visibleText(markdown)).includes(squeezed(plain))
}

function squeezed(text: string): string {
  return text.replaceAll(/\s/g, '')
}

/** The part of a page under a heading. */
export function partOf({ markdown, path: address }: Page, heading: string): string {
  const part = markdown.split(/^## /m).find((text) => text.startsWith(`${heading}\n`))
  if (part === undefined) throw new Error(`${address} has no part ${heading}`)
  return part
}
