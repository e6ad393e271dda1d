import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'

const readme = readFileSync('README.md', 'utf8')
const snippets = readme.split(/^#+ /m).flatMap((section) => {
  const title = section.slice(0, section.indexOf('\n'))
  return [...section.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => ({ title, code }))
})

// Inside the project, where packages resolve.
const folder = path.resolve('test/readme/.snippets')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
const tsconfig = path.join(folder, 'tsconfig.json')
writeFileSync(
  tsconfig,
  JSON.stringify({
    extends: path.resolve('tsconfig.json'),
    compilerOptions: {
      typeRoots: [path.resolve('node_modules/@types')],
    },
    include: ['*.ts'],
  }),
)
const files = snippets.map(({ code }, index) => {
  const file = path.join(folder, `snippet-${String(index)}.ts`)
  writeFileSync(file, code)
  return file
})
beforeAll(() => {
  vi.spyOn(console, 'log').mockReturnValue()
  const { huawei, tencent } = createEmulator().options
  vi.stubEnv('HUAWEICLOUD_SDK_AK', huawei.credentials.accessKeyId)
  vi.stubEnv('HUAWEICLOUD_SDK_SK', huawei.credentials.secretAccessKey)
  vi.stubEnv('HUAWEICLOUD_SDK_PROJECT_ID', huawei.projectId)
  vi.stubEnv('TENCENTCLOUD_SECRET_ID', tencent.credentials.secretId)
  vi.stubEnv('TENCENTCLOUD_SECRET_KEY', tencent.credentials.secretKey)
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

it('shows each operation, and how to test with the emulator in each way', () => {
  expect(snippets.length).toBeGreaterThanOrEqual(8)
  for (const name of [
    'createExtractAudioTask',
    'unpublishAssets',
    'createVoiceSeparateJob',
    'createNoiseReductionJob',
    'emulatorHandlers',
  ]) {
    expect(snippets.some(({ code }) => code.includes(name))).toBe(true)
  }
})

it('has snippets that compile', { timeout: 60_000 }, async () => {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '--project', tsconfig])
})

it.each(snippets.map((snippet, index) => ({ ...snippet, index })))(
  'has a snippet that runs: $title, $index',
  async ({ code, index }) => {
    // The emulator stands in for the production hosts, unless the snippet shows just that.
    const server = setupServer(...emulatorHandlers(createEmulator()), iam)
    if (!code.includes('setupServer')) server.listen({ onUnhandledRequest: onlyLoopback })
    await import(files[index] ?? '')
    server.close()
  },
)

/** As a page on user tokens shows it: the token in a header, its end in the body. */
const iam = http.post('https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens', () =>
  HttpResponse.json(
    { token: { expires_at: '2999-01-01T00:00:00.000000Z' } },
    { status: 201, headers: { 'X-Subject-Token': 'TOKENEXAMPLE' } },
  ),
)

function onlyLoopback(request: Request, print: { error: () => void }): void {
  if (new URL(request.url).hostname !== '127.0.0.1') print.error()
}
