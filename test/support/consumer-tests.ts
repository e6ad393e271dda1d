import { documents, snippetsIn } from './documents.js'

/** The headings of the snippets, which need no package but this one and MSW. */
const TITLES = [
  'Try it without an account',
  'Call the real service',
  'Testing with the emulator',
  'Over HTTP',
  'Behind MSW',
  'Callbacks of CI',
  'Events of VOD',
]

/**
 * Files with one test each: snippets of the README, the quick starts, and the guides on tests and callbacks. MSW with the
 * emulator answers for the production hosts where the snippet does not start it.
 *
 * @param runner the module that exports `it`, `beforeAll`, and `afterAll`
 */
export function consumerTests(runner: string): ReadonlyMap<string, string> {
  const snippets = documents()
    .flatMap(snippetsIn)
    .filter(({ title }) => TITLES.includes(title))
  return new Map(snippets.map(({ code }, index) => [`snippet-${String(index)}.test.ts`, testOf(code, runner)]))
}

/** A module of CommonJS has no `await` outside of functions, so a snippet goes into one, without its imports. */
function testOf(code: string, runner: string): string {
  const imports = [...code.matchAll(/^import [^]*?from '.*'$/gm)].map(([line]) => line)
  const body = imports.reduce((rest, line) => rest.replace(line, ''), code)
  const setup = code.includes('createEmulator') ? '' : SETUP
  return [
    `import { afterAll, beforeAll, it } from '${runner}'`,
    setup,
    ...imports,
    `Object.assign(process.env, ${JSON.stringify(ENVIRONMENT)})`,
    `it('runs', async () => {${body}})\n`,
  ].join('\n')
}

/** The keys of the emulator. */
const ENVIRONMENT = {
  HUAWEICLOUD_SDK_AK: 'AKEXAMPLE',
  HUAWEICLOUD_SDK_SK: 'SKEXAMPLE',
  HUAWEICLOUD_SDK_PROJECT_ID: '0123456789abcdef0123456789abcdef',
  TENCENTCLOUD_SECRET_ID: 'TESTID',
  TENCENTCLOUD_SECRET_KEY: 'TESTKEY',
}

const SETUP = `
import { createEmulator } from 'cloud-media-clients/testing'
import { emulatorHandlers } from 'cloud-media-clients/testing/msw'
import { setupServer } from 'msw/node'
const server = setupServer(...emulatorHandlers(createEmulator()))
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())
`
