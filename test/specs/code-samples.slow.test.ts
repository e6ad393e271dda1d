import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { codeSamples, emulatorWithJobs, withJobsOf } from './code-samples.js'

const withCurl = codeSamples.filter(({ lang }) => lang === 'Shell')

describe('the code samples', () => {
  beforeAll(() => {
    const missing = ['bash', 'curl', 'openssl'].filter((command) => spawnSync(command, ['version']).error !== undefined)
    if (missing.length > 0) throw new Error(`The samples with curl need ${missing.join(', ')}: install it.`)
  })

  it.each(withCurl)('run with curl, and print the success response: $id', async (sample) => {
    const emulator = await emulatorWithJobs(sample.id)
    const before = emulator.requests.length
    const { url, close } = await emulator.listen()
    const { huawei, tencent } = emulator.options
    const printed = await bash(withJobsOf(emulator, sample), {
      ENDPOINT: url,
      HUAWEICLOUD_SDK_PROJECT_ID: huawei.projectId,
      HUAWEICLOUD_TOKEN: huawei.tokens[0] ?? '',
      TENCENTCLOUD_SECRET_ID: tencent.credentials.secretId,
      TENCENTCLOUD_SECRET_KEY: tencent.credentials.secretKey,
    })
    await close()
    expect(emulator.requests.slice(before)).toMatchObject([{ operation: sample.id, status: sample.success }])
    const body = EXPECTED.get(sample.id)
    expect(printed).toMatch(body ?? /no expectation/)
  })

  it('fail with curl and print the error response, if the key is wrong', async () => {
    const sample = withCurl.find(({ id }) => id === 'getJobs')
    if (sample === undefined) throw new Error('getJobs has no sample')
    const emulator = await emulatorWithJobs(sample.id)
    const { url, close } = await emulator.listen()
    const environment = { ENDPOINT: url, TENCENTCLOUD_SECRET_ID: 'TESTID', TENCENTCLOUD_SECRET_KEY: 'WRONGEXAMPLE' }
    await expect(bash(sample.source, environment)).rejects.toMatchObject({
      code: 22,
      stdout: expect.stringContaining('<Code>InvalidAuthorization</Code>') as unknown,
    })
    await close()
  })
})

/** What shows in each response that the request was understood. */
const EXPECTED = new Map([
  ['createExtractAudioTask', /"audio_asset_id": ?"\w{32}"/],
  ['cancelExtractAudioTask', /^$/],
  ['listAssets', /"total": ?2/],
  ['unpublishAssets', /"status": ?"CREATED"[^]*"status": ?"CREATED"/],
  ['createVoiceSeparateJob', /<JobId>j\w{32}<[^]*<AuObject>out\/voice\.mp3</],
  ['createNoiseReductionJob', /<JobId>j\w{32}<[^]*<Object>out\/clean\.wav</],
  ['getJobs', /<JobId>[^]*<JobId>/],
  ['listJobs', /<JobId>[^]*<JobId>/],
  ['cancelJob', /^$/],
  ['listQueues', /<Category>Transcoding</],
  ['listAudioQueues', /<Category>Speeching</],
])

/** The output of a script; rejects with its exit code and its output if it fails. */
async function bash(script: string, environment: Readonly<Record<string, string>>): Promise<string> {
  const running = promisify(execFile)('bash', ['-s'], { env: { PATH: process.env['PATH'], ...environment } })
  running.child.stdin?.end(script)
  return (await running).stdout
}
