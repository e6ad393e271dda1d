// Declarations are checked, too: without skipLibCheck.
import path from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { Consumer } from '../support/consumer.js'
import { usage, usageOfMsw } from './usage.js'

const withNode = await Consumer.create('module', { '@types/node': '@types/node' })
const withDom = await Consumer.create('module', { msw: 'msw' })
afterAll(() => Promise.all([withNode.remove(), withDom.remove()]))

const resolutions = [
  { module: 'nodenext', moduleResolution: 'nodenext', extensions: ['mts', 'cts'] },
  { module: 'node16', moduleResolution: 'node16', extensions: ['mts', 'cts'] },
  { module: 'esnext', moduleResolution: 'bundler', extensions: ['ts'] },
]
const NODE = { lib: ['es2023'], types: ['node'] }
const DOM = { lib: ['es2023', 'dom'], types: [] }

describe('types hold, and misspelt fields do not compile', () => {
  it.each(
    ['typescript-5.4', 'typescript', 'typescript-7'].flatMap((compiler) =>
      resolutions.map((resolution) => ({ compiler, ...resolution })),
    ),
  )('without those of the DOM: $compiler, $moduleResolution', async ({ compiler, extensions, ...resolution }) => {
    await compile(withNode, compiler, extensions, { ...resolution, ...NODE }, { usage })
  })

  it.each(resolutions)('without those of Node: $moduleResolution', async ({ extensions, ...resolution }) => {
    await compile(withDom, 'typescript-7', extensions, { ...resolution, ...DOM }, { usage })
    // As a CommonJS module, the declarations of MSW 2.15 themselves do not compile with node16.
    await compile(withDom, 'typescript-7', extensions.slice(0, 1), { ...resolution, ...DOM }, { usageOfMsw })
  })

  it('without those of Node: typescript-5.4', async () => {
    const options = { module: 'esnext', moduleResolution: 'bundler', ...DOM }
    await compile(withDom, 'typescript-5.4', ['ts'], options, { usage })
  })
})

async function compile(
  consumer: Consumer,
  compiler: string,
  extensions: readonly string[],
  options: Readonly<Record<string, unknown>>,
  programs: Readonly<Record<string, string>>,
): Promise<void> {
  const files = Object.entries(programs).flatMap(([name, code]) =>
    extensions.map((extension) => consumer.write(`${name}.${extension}`, code)),
  )
  const compilerOptions = { ...options, target: 'es2022', strict: true, noEmit: true }
  const name = `tsconfig.${compiler}.${String(options['module'])}.json`
  const project = consumer.write(name, JSON.stringify({ compilerOptions, files }))
  await consumer.output(process.execPath, [path.resolve('node_modules', compiler, 'bin/tsc'), '--project', project])
}
