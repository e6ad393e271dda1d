import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'

const consumer = await Consumer.create('module')
afterAll(() => consumer.remove())
const dist = path.join(consumer.installed, 'dist')
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })

it('every file of code and of declarations has a map, unless it only refers to others, or is of the emulator', () => {
  const withoutMap = files.filter((file) => {
    if (!/\.(?:[cm]js|d\.cts)$/.test(file) || files.includes(`${file}.map`)) return false
    return /^\/\/#region src\/(?!testing\/)/m.test(readFileSync(path.join(dist, file), 'utf8'))
  })
  expect(withoutMap).toEqual([])
  expect(files.filter((file) => file.endsWith('.map')).length).toBeGreaterThan(20)
})

it('every map leads to sources in the package', () => {
  for (const file of files.filter((name) => name.endsWith('.map'))) {
    // The boundary to a JSON file.
    const { sources } = JSON.parse(readFileSync(path.join(dist, file), 'utf8')) as { sources: string[] }
    const missing = sources.filter((source) => !existsSync(path.join(dist, path.dirname(file), source)))
    expect([file, missing]).toEqual([file, []])
  }
})

it('a stack trace names recognizable files, and with the maps the sources', async () => {
  const script = consumer.write(
    'stack.mjs',
    `import { createTencentCiClient } from 'cloud-media-clients'
    const ci = createTencentCiClient({ credentials: { secretId: 'i', secretKey: 'k' }, region: 'r', bucket: 'b-1' })
    await ci.createNoiseReductionJob({}).catch((error) => console.log(error.stack))`,
  )
  expect(await consumer.output(process.execPath, [script])).toMatch(/cloud-media-clients\/dist\/core\.mjs:\d+/)
  const mapped = await consumer.output(process.execPath, ['--enable-source-maps', script])
  const [, file = '', line = ''] = /cloud-media-clients\/(src\/[\w/-]+\.ts):(\d+)/.exec(mapped) ?? []
  const source = readFileSync(path.join(consumer.installed, file), 'utf8').split('\n')[Number(line) - 1]
  expect(source).toContain('new RequestValidationError(')
})
