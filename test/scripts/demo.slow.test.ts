import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'

describe('the demo', () => {
  it('runs jobs to their results, recovers a lost response, and prints plain text', async () => {
    const { exitCode, output, sections } = await demo()
    expect(exitCode).toBe(0)
    expect(output).toMatch(/^[\n -~]+$/)
    expect(sections).toEqual([
      expect.stringMatching(/^Emulator at http:\/\/127\.0\.0\.1:\d+, with fake keys$/),
      expect.stringMatching(
        /^createExtractAudioTask\n.*extract_audio\n {2}response +202 [^]* {2}wait +CREATED\n {2}result +https:/,
      ),
      expect.stringMatching(/^unpublishAssets\n.*unpublish\n {2}response +200 [^]* \w{32} CREATED\n.* \w{32} NOASSET$/),
      expect.stringMatching(
        /^createVoiceSeparateJob\n.*\/jobs\n {2}response +200 [^]*\n {2}queue +p\w{32}\n {2}wait +[^]* Success 100 %\n {2}result +output\/voice\.mp3, /,
      ),
      expect.stringMatching(
        /^createNoiseReductionJob\n.*\/jobs\n {2}response +200 [^]*\n {2}wait +[^]* Success 100 %\n {2}result +output\//,
      ),
      expect.stringMatching(
        /^A lost response\n {2}error +ConnectionError: createNoiseReductionJob: [^]*\n {2}hint +Before you submit again, call findJob [^]*\n {2}found +j\w{32}\n[^]* Success 100 %$/,
      ),
      expect.stringMatching(
        /^A failed job\n[^]*\n {2}error +JobFailedError: .* InvalidArgument: the file has no audio\n/,
      ),
      expect.stringMatching(
        /^A callback\n {2}callback +POST \/SECRETEXAMPLE\n {2}confirmed +j\w{32} Success\n {2}response +200\n {2}error +CallbackError: confirmCallback: the job forged does not exist$/,
      ),
      expect.stringMatching(/^A rejected signature\n {2}error +ApiError: listAssets: APIGW\.0301: [^]*\n {2}hint /),
      expect.stringMatching(/^A rejected request\n {2}error +RequestValidationError: .*nothing was sent: .*Object/),
      'All as expected.',
    ])
    // On a busy machine, a job may have finished before the first read.
    expect(output).toMatch(/\n {2}wait +(?:CREATING|Running \d+ %)\n/)
    for (const section of sections.slice(1, 5)) expect(section).toMatch(/^ {2}request id +\S{8,}$/m)
  })

  it('runs against the emulator at --endpoint', async () => {
    const emulator = createEmulator()
    const { url, close } = await emulator.listen()
    const { exitCode, sections } = await demo('--endpoint', url)
    await close()
    expect(sections[0]).toBe(`Emulator at ${url}, with fake keys`)
    expect(sections.at(-1)).toBe('All as expected.')
    expect(exitCode).toBe(0)
    expect(emulator.jobs().map(({ State }) => State)).toEqual(['Success', 'Success', 'Success', 'Failed', 'Success'])
    const afterLoss = emulator.jobs().find(({ Operation }) => Operation?.UserData === 'order-2')
    expect(sections[5]).toContain(`found          ${String(afterLoss?.JobId)}`)
    expect(emulator.requests.filter(({ fault }) => fault !== undefined)).toHaveLength(1)
  })

  it('fails and counts what went wrong', async () => {
    const emulator = createEmulator()
    for (const operation of [
      'createExtractAudioTask',
      'unpublishAssets',
      'createVoiceSeparateJob',
      'createNoiseReductionJob',
    ]) {
      emulator.fail({ operation, times: Infinity, with: { kind: 'html' } })
    }
    const { url, close } = await emulator.listen()
    const { exitCode, sections } = await demo('--endpoint', url)
    await close()
    // The rejected signature reads, and the rejected request never reaches a server.
    expect(sections.at(-1)).toBe('7 of 9 not as expected.')
    expect(exitCode).toBe(1)
  })
})

/** Runs the demo as `npm run demo` does, into a pipe. */
async function demo(...args: string[]): Promise<{ exitCode: unknown; output: string; sections: string[] }> {
  const child = spawn('node_modules/.bin/tsx', ['scripts/demo.ts', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = new Promise((resolve) => child.once('close', resolve))
  const output = await text(child.stdout)
  return { exitCode: await exit, output, sections: output.trimEnd().split('\n\n') }
}
