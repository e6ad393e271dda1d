import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { compile, useSnippets } from './snippets.js'

const { folder, snippets } = useSnippets('fast')

beforeAll(() => {
  vi.spyOn(console, 'log').mockReturnValue()
  const { huawei, tencent } = createEmulator().options
  vi.stubEnv('HUAWEICLOUD_SDK_AK', huawei.credentials.accessKeyId)
  vi.stubEnv('HUAWEICLOUD_SDK_SK', huawei.credentials.secretAccessKey)
  vi.stubEnv('HUAWEICLOUD_SDK_PROJECT_ID', huawei.projectId)
  vi.stubEnv('TENCENTCLOUD_SECRET_ID', tencent.credentials.secretId)
  vi.stubEnv('TENCENTCLOUD_SECRET_KEY', tencent.credentials.secretKey)
})

describe('README', () => {
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

  // TypeScript 5 takes ten times as long: readme.slow.test.ts.
  it('has snippets that compile', () => compile(folder, 'typescript-7'))

  it.each(snippets.map((snippet, index) => ({ ...snippet, index })))(
    'has a snippet that runs: $title, $index',
    async ({ code, file }) => {
      // The emulator stands in for the production hosts, unless the snippet shows just that.
      const server = setupServer(...emulatorHandlers(createEmulator()), iam)
      if (!code.includes('setupServer')) server.listen({ onUnhandledRequest: onlyLoopback })
      await import(file)
      server.close()
    },
  )
})

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
