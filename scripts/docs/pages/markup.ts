// HTML for the parts of a page. No HTML here has an empty line: to Markdown, it is one block, which it leaves alone.

/** Addresses of the pages of operations and codes, by their names. */
export type Names = ReadonlyMap<string, string>

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])

/** Text in HTML, of which TypeDoc takes nothing for a tag or for code. */
export function escape(text: string): string {
  return text.replace(/[&<>"{}@`]/g, (character) => ENTITIES.get(character) ?? `&#${String(character.charCodeAt(0))};`)
}

export function code(text: string): string {
  return `<code>${escape(text)}</code>`
}

/** @param address such as `operations/unpublishAssets.html#request.asset_id`, or an absolute URL; `html` is its text */
export function link(address: string, html: string, className?: string): string {
  const href = address.startsWith('https://') ? address : `site:${address}`
  return `<a${className === undefined ? '' : ` class="${className}"`} href="${escape(href)}">${html}</a>`
}

/** A description of the specs on one line: its code and its links, and links to what it names. */
export function inline(text: string, names: Names): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .split(/(`[^`]+`|\[[^\]]+\]\([^)\s]+\))/)
    .map((part) => {
      const [, label, address] = /^\[(.+)\]\((\S+)\)$/.exec(part) ?? []
      if (label !== undefined && address !== undefined) return link(address, inline(label, new Map()))
      const [, literal] = /^`(.+)`$/.exec(part) ?? []
      return literal === undefined ? withLinks(part, names) : linkedCode(literal, names)
    })
    .join('')
}

function linkedCode(text: string, names: Names): string {
  const address = names.get(text)
  return address === undefined ? code(text) : link(address, code(text))
}

/** Links the names of operations in a text. */
function withLinks(text: string, names: Names): string {
  return text
    .split(/\b([a-z]+(?:[A-Z][a-z]+)+)\b/)
    .map((word) => (names.has(word) ? linkedCode(word, names) : escape(word)))
    .join('')
}

/** The paragraphs of a description. */
export function paragraphs(text: string): string[] {
  return text.trim().split(/\n{2,}/)
}

/** A description as HTML paragraphs. */
export function prose(text: string, names: Names): string {
  return paragraphs(text)
    .map((paragraph) => `<p>${inline(paragraph, names)}</p>`)
    .join('\n')
}

/** A description without its markup, on one line. */
export function plain(text: string): string {
  return text
    .replaceAll(/\[([^\]]+)\]\([^)\s]+\)/g, '$1')
    .replaceAll('`', '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The first sentence of a description, plain. */
export function firstSentence(text: string): string {
  return /^.*?[.:](?= |$)/.exec(plain(text))?.[0] ?? plain(text)
}

/** What a reader sees of Markdown and HTML, code included. */
export function textOf(markdown: string): string {
  return markdown
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\{@link(?:code|plain)? [^|}]*\| ?([^}]*)\}/g, '$1')
    .replaceAll(/\]\([^)]*\)/g, '] ')
    .replaceAll(/^```.*$/gm, ' ')
    .replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)))
    .replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => CHARACTERS.get(entity) ?? entity)
    .replaceAll(/[`*[\]|\s]+/g, ' ')
    .trim()
}

export function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[^]*?^```$/gm, ' ')
}

const CHARACTERS = new Map([...ENTITIES].map(([character, entity]) => [entity, character]))

export type Kind = 'ok' | 'warn' | 'bad' | 'plain'

export function chip(kind: Kind, html: string): string {
  return `<span class="chip ${kind}">${html}</span>`
}

/** The kind of a status: one that the caller, or one that the provider must look into. */
export function statusKind(status: number): Kind {
  return status < 300 ? 'ok' : status < 500 ? 'warn' : 'bad'
}

export function lead(html: string): string {
  return `<p class="lead">${html}</p>`
}

export function callout(kind: 'ok' | 'warn', html: string): string {
  return `<div class="callout ${kind}"><p>${html}</p></div>`
}

/** A box of facts: names and values in HTML. */
export function facts(rows: readonly (readonly [name: string, html: string])[]): string {
  const items = rows.map(([name, html]) => `<div><dt>${name}</dt><dd>${html}</dd></div>`)
  return ['<dl class="facts">', ...items, '</dl>'].join('\n')
}

/** Folded HTML or, between empty lines, Markdown. */
export function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n${content}\n</details>`
}

/** A block of code, between empty lines. */
export function fence(language: string, text: string): string {
  return `\n\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`
}

export interface Tab {
  readonly label: string
  /** Code, or other Markdown. */
  readonly markdown: string
}

/** @param number of the tabs on their page, from 1 */
export function tabs(list: readonly Tab[], number = 1): string {
  const name = `tabs-${String(number)}`
  const items = list.flatMap(({ label, markdown }, index) => {
    const id = `${name}-${String(index + 1)}`
    const checked = index === 0 ? ' checked' : ''
    return [
      `<input type="radio" name="${name}" id="${id}"${checked}><label for="${id}">${escape(label)}</label><div class="tab">`,
      markdown.trim() === '' ? '' : `\n${markdown.trim()}\n`,
      '</div>',
    ]
  })
  return ['<div class="tabs">', ...items, '</div>'].join('\n')
}

export interface Card {
  readonly path: string
  readonly title: string
  readonly summary: string
}

export function cards(list: readonly Card[]): string {
  const items = list.map(({ path, title, summary }) =>
    link(`${path}.html`, `<strong>${escape(title)}</strong><span>${escape(summary)}</span>`, 'card'),
  )
  return ['<div class="cards">', ...items, '</div>'].join('\n')
}

export function list(items: readonly string[]): string {
  return ['<ul>', ...items.map((item) => `<li>${item}</li>`), '</ul>'].join('\n')
}

/** Blocks of a page, with an empty line between them. */
export function blocks(...parts: readonly (string | undefined)[]): string {
  return `${parts
    .filter((part) => part !== undefined && part !== '')
    .map((part) => part?.trim())
    .join('\n\n')}\n`
}
