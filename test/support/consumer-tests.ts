import { documents, snippetsIn } from './documents.js'

/** The snippets that need no package but this one and MSW. */
const DOCUMENTS = ['README', 'quick-start-tencent', 'quick-start-huawei', 'testing', 'callbacks-and-events']

/**
 * Files with one test each: the snippets of the README and of the guides that a new user reads first. MSW with the
 * emulator answers for the production hosts where the snippet does not start it.
 *
 * @param runner the module that exports `it`, `beforeAll`, and `afterAll`
 */
export function consumerTests(runner: string): ReadonlyMap<string, string> {
  const snippets = documents()
    .filter(({ name }) => DOCUMENTS.includes(name))
    .flatMap(snippetsIn)
    .filter(({ code }) => !/from '(?:express|hono)'/.test(code))
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
