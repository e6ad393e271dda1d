import { format } from 'node:util'
import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'
import { emulatorHandlers } from '../../src/testing/msw.js'
import { documents } from '../support/documents.js'
import { specOperations } from '../specs/operations.js'
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

describe('the snippets of the README and the guides', () => {
  it('show every operation and every function that puts operations together', () => {
    const names = [...specOperations.map(({ id }) => id), ...FUNCTIONS]
    expect(names.filter((name) => !snippets.some(({ code }) => code.includes(name)))).toEqual([])
  })

  it('are in every document', () => {
    const named = documents().map(({ name }) => name)
    expect(named.filter((name) => !snippets.some(({ document }) => document === name))).toEqual([])
  })

  // TypeScript 5 takes ten times as long: snippets.slow.test.ts.
  it('compile', () => compile(folder, 'typescript-7'))

  it('are at most 80 columns wide', () => {
    const lines = snippets.flatMap(({ document, code }) => code.split('\n').map((line) => `${document}: ${line}`))
    expect(lines.filter((line) => line.length - line.indexOf(': ') - 2 > 80)).toEqual([])
  })

  it('show what they print', () => {
    const silent = snippets.filter(({ code, output }) => code.includes('console.log') !== (output !== ''))
    expect(silent.map(({ document, title }) => `${document}: ${title}`)).toEqual([])
  })

  it.each(snippets.map((snippet, index) => ({ ...snippet, index })))(
    'run: $document, $title, $index',
    async ({ code, output, file }) => {
      const log = vi.spyOn(console, 'log').mockClear()
      // The emulator stands in for the production hosts, unless the snippet shows just that.
      const server = setupServer(...emulatorHandlers(createEmulator()), iam)
      if (!code.includes('setupServer')) server.listen({ onUnhandledRequest: onlyLoopback })
      await import(file)
      server.close()
      expect(log.mock.calls.map((values) => format(...values)).join('\n')).toBe(output)
    },
  )
})

const FUNCTIONS = [
  'waitForJob',
  'waitForAsset',
  'eachJob',
  'eachAsset',
  'findJob',
  'emulatorHandlers',
  'confirmCallback',
  'parseJobCallback',
  'respondToCallback',
  'verifyMfsEvent',
  'verifySmnMessage',
  'confirmSubscription',
]

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
