// What someone has who adds the package to a CommonJS project with Jest and ts-jest, which compiles and checks types.
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'
import { asTest, readmeSnippets } from '../support/readme-snippets.js'

const consumer = await Consumer.create('commonjs', {
  '@jest/globals': '@jest/globals',
  '@types/node': '@types/node',
  jest: 'jest',
  msw: 'msw',
  'ts-jest': 'ts-jest',
  typescript: 'typescript',
})
afterAll(() => consumer.remove())

const QUICK_START = [
  'Remove noise',
  'Separate voice from background',
  'Extract the audio of an asset',
  'Unpublish assets',
  'Where a QueueId comes from',
]

it('Jest runs the quick start, and tests with the emulator and MSW', async () => {
  const compilerOptions = { module: 'commonjs', target: 'es2023', strict: true, esModuleInterop: true, types: ['node'] }
  consumer.write('tsconfig.json', JSON.stringify({ compilerOptions }))
  consumer.write('jest.config.js', `module.exports = { preset: 'ts-jest', testEnvironment: 'node' }`)
  for (const [index, snippet] of readmeSnippets().entries()) {
    const { imports, test } = asTest(snippet, index)
    consumer.write(`snippet-${String(index)}.test.ts`, `import { it } from '@jest/globals'\n${imports}\n${test}\n`)
  }
  console.log(await consumer.output(process.execPath, [path.resolve('node_modules/jest/bin/jest.js'), '--ci']))
  expect(QUICK_START).toEqual([])
})
