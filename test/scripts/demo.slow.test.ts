import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'

describe('the demo', () => {
  it('runs the four operations and the two refusals against its own emulator, and prints plain text', async () => {
    const { exitCode, output, sections } = await demo()
    expect(exitCode).toBe(0)
    expect(output).toMatch(/^[\n -~]+$/)
    expect(sections).toEqual([
      expect.stringMatching(/^Emulator at http:\/\/127\.0\.0\.1:\d+, with fake keys$/),
      expect.stringMatching(
        /^createExtractAudioTask\n.*extract_audio\n {2}status +202\n[^]* {2}audio_asset_id \w{32}$/,
      ),
      expect.stringMatching(
        /^unpublishAssets\n.*unpublish\n {2}status +200\n[^]* {2}assets +\w{32} CREATED, \w{32} NO/,
      ),
      expect.stringMatching(
        /^createVoiceSeparateJob\n.*\/jobs\n {2}status +200\n[^]* {2}JobId +j\w{32}\n {2}State +Subm/,
      ),
      expect.stringMatching(
        /^createNoiseReductionJob\n.*\/jobs\n {2}status +200\n[^]* {2}JobId +j\w{32}\n {2}State +Subm/,
      ),
      expect.stringMatching(/^A refused signature\n {2}error +ApiError: unpublishAssets: APIGW\.0301: [^]*\n {2}hint /),
      expect.stringMatching(/^A refused input\n {2}error +RequestValidationError: .*nothing was sent: .*AuObject/),
      'All as expected.',
    ])
    for (const section of sections.slice(1, 5)) expect(section).toMatch(/^ {2}request id +\S{8,}$/m)
  })

  it('runs against the server at --endpoint', async () => {
    const emulator = createEmulator()
    const { url, close } = await emulator.listen()
    const { exitCode, sections } = await demo('--endpoint', url)
    await close()
    expect(sections[0]).toBe(`Server at ${url}`)
    expect(sections.at(-1)).toBe('All as expected.')
    expect(exitCode).toBe(0)
    expect(emulator.requests.map(({ status }) => status)).toEqual([202, 200, 200, 200, 401])
  })

  it('fails and counts what went wrong if the server does not do its part', async () => {
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
    // The refused input never reaches a server.
    expect(sections.at(-1)).toBe('5 of 6 not as expected.')
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
