import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const GUIDES = 'scripts/docs/guides'

/** A text for users: the README, or a guide of the site. */
export interface Document {
  /** `README`, or the name of a guide, such as `testing`. */
  readonly name: string
  readonly file: string
  readonly text: string
}

/** A piece of TypeScript in a document. */
export interface Snippet {
  /** Name of the document. */
  readonly document: string
  /** The heading above it. */
  readonly title: string
  readonly code: string
  /** What the document shows after it as its output, without the last line break; empty if it shows none. */
  readonly output: string
}

/** The README and all guides. */
export function documents(): Document[] {
  const guides = readdirSync(GUIDES).filter((name) => name.endsWith('.md'))
  const files = ['README.md', ...guides.map((name) => path.posix.join(GUIDES, name))]
  return files.map((file) => ({ name: path.basename(file, '.md'), file, text: readFileSync(file, 'utf8') }))
}

/** The pieces of TypeScript in a document. */
export function snippetsIn({ name, text }: Document): Snippet[] {
  const headed = text.replace(/^---\ntitle: (.*)\n[^]*?\n---\n/, '# $1\n')
  return headed.split(/^#+ /m).flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'))
    const fences = section.matchAll(/^```ts\n([^]*?)^```(?:\n\n```text\n([^]*?)\n```)?/gm)
    return Array.from(fences, ([, code = '', output = '']) => ({ document: name, title, code, output }))
  })
}
