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

/**
 * Files with one test each: the quick start, tests with the emulator and MSW, and receivers. MSW with the emulator
 * answers for the production hosts where the snippet does not start it.
 *
 * @param runner the module that exports `it`, `beforeAll`, and `afterAll`
 */
export function testsOfReadme(runner: string): ReadonlyMap<string, string> {
  const titles = [
    'Remove noise',
    'Separate voice from background',
    'Extract the audio of an asset',
    'Unpublish assets',
    'Testing with the emulator',
    'Jobs of CI',
    'Events of VOD',
  ]
  const snippets = readmeSnippets().filter(({ title }) => titles.includes(title))
  return new Map(snippets.map(({ code }, index) => [`snippet-${String(index)}.test.ts`, testOf(code, runner)]))
}

/** A module of CommonJS has no `await` outside of functions, so a snippet goes into one, without its imports. */
function testOf(code: string, runner: string): string {
  const imports = [...code.matchAll(/^import [^]*?from '.*'$/gm)].map(([line]) => line)
  const body = imports.reduce((rest, line) => rest.replace(line, ''), code)
  const setup = code.includes('createEmulator') ? '' : SETUP
  return `import { afterAll, beforeAll, it } from '${runner}'\n${setup}${imports.join('\n')}\nit('runs', async () => {${body}})\n`
}

const SETUP = `
import { createEmulator } from 'cloud-media-clients/testing'
import { emulatorHandlers } from 'cloud-media-clients/testing/msw'
import { setupServer } from 'msw/node'
const server = setupServer(...emulatorHandlers(createEmulator()))
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())
`
