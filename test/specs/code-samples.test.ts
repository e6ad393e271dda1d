import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { codeSamples, emulatorWithJobs, sampleFile, withJobsOf } from './code-samples.js'
import { specOperations } from './operations.js'

// Inside the project, where packages resolve.
const folder = path.resolve('test/specs/.snippets')
const inTypeScript = codeSamples.filter(({ lang }) => lang === 'TypeScript')

beforeAll(async () => {
  await mkdir(folder, { recursive: true })
  const { huawei, tencent } = createEmulator().options
  vi.stubEnv('HUAWEICLOUD_SDK_AK', huawei.credentials.accessKeyId)
  vi.stubEnv('HUAWEICLOUD_SDK_SK', huawei.credentials.secretAccessKey)
  vi.stubEnv('HUAWEICLOUD_SDK_PROJECT_ID', huawei.projectId)
  vi.stubEnv('TENCENTCLOUD_SECRET_ID', tencent.credentials.secretId)
  vi.stubEnv('TENCENTCLOUD_SECRET_KEY', tencent.credentials.secretKey)
})
afterAll(() => rm(folder, { recursive: true }))

describe('the code samples', () => {
  it.each(specOperations)('show $id in TypeScript and with curl, as in their files', ({ id, provider }) => {
    const sources = codeSamples.filter((sample) => sample.id === id).map(({ lang, source }) => ({ lang, source }))
    expect(sources).toEqual([
      { lang: 'TypeScript', source: sampleFile({ id, provider }, 'ts') },
      { lang: 'Shell', source: sampleFile({ id, provider }, 'sh') },
    ])
  })

  it('fit into 80 columns', () => {
    const long = codeSamples.flatMap(({ source }) => source.split('\n').filter((line) => line.length > 80))
    expect(long).toEqual([])
  })

  it.each(inTypeScript)('run in TypeScript, and print the result: $id', async (sample) => {
    const log = vi.spyOn(console, 'log').mockClear().mockReturnValue()
    const emulator = await emulatorWithJobs(sample.id)
    const before = emulator.requests.length
    const file = path.join(folder, `${sample.id}.ts`)
    await writeFile(file, withJobsOf(emulator, sample))
    const server = setupServer(...emulatorHandlers(emulator))
    server.listen({ onUnhandledRequest: 'error' })
    await import(file)
    server.close()
    expect(emulator.requests[before]).toMatchObject({ operation: sample.id, status: sample.success })
    expect(emulator.requests.slice(before).map(({ code }) => code)).not.toContainEqual(expect.any(String))
    const printed = log.mock.calls.map((values) => values.join(' ')).join('\n')
    expect(printed).toMatch(/\b[jp]?[0-9a-f]{32}\b/)
    expect(printed).not.toContain('undefined')
  })
})
