// An ES module project with TypeScript and the test runner of Node.
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'
import { consumerTests } from '../support/consumer-tests.js'

const consumer = await Consumer.create('module', { '@types/node': '@types/node', msw: 'msw' })
afterAll(() => consumer.remove())

it("Node's test runner runs the quick start, and tests with the emulator and MSW", async () => {
  const tests = consumerTests('./runner.js')
  consumer.write('runner.ts', `export { after as afterAll, before as beforeAll, it } from 'node:test'\n`)
  for (const [name, code] of tests) consumer.write(name, code)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    strict: true,
    types: ['node'],
  }
  consumer.write('tsconfig.json', JSON.stringify({ compilerOptions }))
  await consumer.output(process.execPath, [path.resolve('node_modules/typescript-7/bin/tsc')])

  const files = [...tests.keys()].map((name) => name.replace(/ts$/, 'js'))
  const printed = await consumer.output(process.execPath, ['--test', '--test-reporter=tap', ...files])
  expect(tests.size).toBeGreaterThanOrEqual(9)
  expect(printed).toContain(`# pass ${String(tests.size)}\n# fail 0\n`)
})
