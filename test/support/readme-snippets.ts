import { readFileSync } from 'node:fs'

/** A piece of TypeScript in the README, and the heading above it. */
export interface Snippet {
  readonly title: string
  readonly code: string
}

/** The pieces of TypeScript in the README. */
export function readmeSnippets(): Snippet[] {
  const sections = readFileSync('README.md', 'utf8').split(/^#+ /m)
  return sections.flatMap((section) => {
    const title = section.slice(0, section.indexOf('\n'))
    return [...section.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => ({ title, code }))
  })
}

/** The body of a test that runs a snippet, and the imports above it. */
export function asTest({ title, code }: Snippet, index: number): { imports: string; test: string } {
  const imports = code.match(/^import [^;]*?from '.*'$/gm) ?? []
  const body = imports.reduce((rest, line) => rest.replace(line, ''), code)
  return { imports: imports.join('\n'), test: `it('${title}, ${String(index)}', async () => {${body}})` }
}
