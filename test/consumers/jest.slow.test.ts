// A CommonJS project with Jest and ts-jest, which compiles and checks types. Most who come from JavaScript choose it, as
// it is in the guide of Jest and needs one line of configuration.
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'
import { consumerTests } from '../support/consumer-tests.js'

// MSW 2.11 and later have dependencies without CommonJS, which Jest can load from Node 24.9 on.
const consumer = await Consumer.create('commonjs', {
  '@jest/globals': '@jest/globals',
  '@types/node': '@types/node',
  jest: 'jest',
  msw: 'msw-2.7',
  'ts-jest': 'ts-jest',
  typescript: 'typescript',
})
afterAll(() => consumer.remove())

it('Jest runs the quick start, and tests with the emulator and MSW', async () => {
  const compilerOptions = { module: 'commonjs', target: 'es2023', strict: true, esModuleInterop: true, types: ['node'] }
  consumer.write('tsconfig.json', JSON.stringify({ compilerOptions }))
  consumer.write('jest.config.js', `module.exports = { preset: 'ts-jest' }`)
  const tests = consumerTests('@jest/globals')
  for (const [name, code] of tests) consumer.write(name, code)

  const jest = path.resolve('node_modules/jest/bin/jest.js')
  const printed = await consumer.output(process.execPath, [jest, '--ci', '--runInBand', '--silent'])
  expect(tests.size).toBeGreaterThanOrEqual(9)
  expect(printed).toContain(`Tests:       ${String(tests.size)} passed, ${String(tests.size)} total`)
})
