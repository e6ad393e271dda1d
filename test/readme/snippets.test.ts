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
  it('shows the life of a job, recovery, and how to test with the emulator in each way', () => {
    expect(snippets.length).toBeGreaterThanOrEqual(14)
    for (const name of [
      'createExtractAudioTask',
      'unpublishAssets',
      'createVoiceSeparateJob',
      'createNoiseReductionJob',
      'cancelExtractAudioTask',
      'cancelJob',
      'listQueues',
      'listAudioQueues',
      'eachJob',
      'eachAsset',
      'findJob',
      'emulatorHandlers',
      'confirmCallback',
      'verifyMfsEvent',
      'verifySmnMessage',
    ]) {
      expect(snippets.some(({ code }) => code.includes(name))).toBe(true)
    }
  })

  it.each(['createExtractAudioTask', 'createVoiceSeparateJob', 'createNoiseReductionJob'])(
    'shows %s, a progress line, and the result in one snippet',
    (name) => {
      const lives = snippets.filter(({ code }) => code.includes(`.${name}(`) && code.includes('onPoll'))
      expect(lives).toHaveLength(1)
      expect(lives[0]?.code).toMatch(/await \w+\.waitFor[^]*console\.log\('results?:'/)
    },
  )

  // TypeScript 5 takes ten times as long: readme.slow.test.ts.
  it('has snippets that compile', () => compile(folder, 'typescript-7'))

  it.each(snippets.map((snippet, index) => ({ ...snippet, index })))(
    'has a snippet that runs: $title, $index',
    async ({ title, code, file }) => {
      const log = vi.spyOn(console, 'log').mockClear()
      // The emulator stands in for the production hosts, unless the snippet shows just that.
      const server = setupServer(...emulatorHandlers(createEmulator()), iam)
      if (!code.includes('setupServer')) server.listen({ onUnhandledRequest: onlyLoopback })
      await import(file)
      server.close()
      const printed = log.mock.calls.map((values) => values.join(' ')).join('\n')
      expect(printed).toMatch(PRINTED.get(title) ?? /^/)
    },
  )
})

/** What snippets print whose success shows there, by their heading. */
const PRINTED = new Map([
  ['Remove noise', /^Success 100 %\nresult: out\/clean\.wav$/],
  ['Separate voice from background', /^Success 100 %\nresults: out\/voice\.mp3,out\/background\.mp3$/],
  ['Extract the audio of an asset', /^CREATED after 0 s\nresult: https:\S+\.mp3$/],
  ['If a wait fails', /^j\w{32} Running\nInvalidArgument the file has no audio Fix /],
  ['List and cancel', /^\w{32} CANCELLED\n/],
  ['Where a QueueId comes from', /^p\w{32} \S+ Speeching\np\w{32} \S+ Transcoding$/],
  ['If a response is lost', /^found: j\w{32}$/],
  ['Jobs of CI', /^j\w{32} Success$/],
  ['Events of VOD', /^audioExtractComplete a1 SUCCEED\n\w{32} audioExtractComplete$/],
  ['If the response to an extraction is lost', /^perhaps: \w{32} CREATED /],
])

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
