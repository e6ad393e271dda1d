import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { describe, expect, it, vi } from 'vitest'
import * as library from '../../src/index.js'
import { createHuaweiVodClient, createTencentCiClient } from '../../src/index.js'
import { createEmulator } from '../../src/testing/index.js'
import { version } from '../../src/version.js'
import { runEmulatorCommand, startEmulatorCommand, type RunningCommand } from '../support/emulator-command.js'

const NOISE = {
  Input: { Object: 'in.mp3' },
  Operation: { Output: { Region: 'ap-beijing', Bucket: 'examplebucket-1250000000', Object: 'out.mp3' } },
}
const ASSET = '3e1cd21131a94525be55acf65888bf46'

describe('the command, while it runs', () => {
  it('prints its URL and how to use it, then one line per request, and stops on SIGINT', async () => {
    const command = startEmulatorCommand('--port', '0')
    const introduction = await linesUntil(command, 'Requests:')
    const endpoint = / listens on (http:\/\/127\.0\.0\.1:\d+)$/.exec(introduction[0] ?? '')?.[1] ?? ''

    const environment = Object.fromEntries(
      introduction.flatMap((line) => {
        const [, name, value] = /^ {2}export (\w+)=(\S+)$/.exec(line) ?? []
        return name === undefined ? [] : [[name, value]]
      }),
    ) as Record<string, string>
    const vod = createHuaweiVodClient({
      endpoint,
      projectId: environment['HUAWEICLOUD_SDK_PROJECT_ID'] ?? '',
      credentials: {
        accessKeyId: environment['HUAWEICLOUD_SDK_AK'] ?? '',
        secretAccessKey: environment['HUAWEICLOUD_SDK_SK'] ?? '',
      },
    })
    await vod.createExtractAudioTask({ asset_id: ASSET })
    expect(await command.line()).toMatch(/^\S+Z POST \/v1\.0\/\w{32}\/asset\/extract_audio createExtractAudioTask 202$/)
    const ci = createTencentCiClient({
      endpoint,
      credentials: {
        secretId: environment['TENCENTCLOUD_SECRET_ID'] ?? '',
        secretKey: environment['TENCENTCLOUD_SECRET_KEY'] ?? '',
      },
    })
    await ci.createNoiseReductionJob(NOISE)
    expect(await command.line()).toMatch(/^\S+Z POST \/jobs createNoiseReductionJob 200$/)
    await fetch(`${endpoint}/jobs`, { method: 'POST' })
    expect(await command.line()).toMatch(/^\S+Z POST \/jobs 401 MissingAuthorization$/)

    const control = introduction.flatMap((line) => /^Control: +(\S+),/.exec(line)?.[1] ?? [])
    expect(control).toEqual([`${endpoint}/_emulator/state`])
    expect(await (await fetch(control[0] ?? '')).json()).toMatchObject({ jobs: [{ State: 'Success' }] })

    expect(await command.end('SIGINT')).toBe(0)
    expect(await command.line()).toBeUndefined()
  })

  it('prints lines to paste that work together', async () => {
    const command = startEmulatorCommand('--port', '0')
    const introduction = await linesUntil(command, 'Requests:')
    for (const line of introduction) {
      const [, name, value] = /^ {2}export (\w+)=(\S+)$/.exec(line) ?? []
      if (name !== undefined) vi.stubEnv(name, value)
    }
    const start = introduction.indexOf(`  } from 'cloud-media-clients'`)
    const code = introduction.slice(start + 1, introduction.indexOf('', start + 2)).join('\n')
    // The printed code is what is under test.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    await new Function(
      ...Object.keys(library),
      'asset',
      'noise',
      `${code}\nreturn Promise.all([vod.createExtractAudioTask({ asset_id: asset }), ci.createNoiseReductionJob(noise)])`,
    )(...Object.values(library), ASSET, NOISE)
    vi.unstubAllEnvs()
    expect(await command.end('SIGTERM')).toBe(0)
  })

  it('prints one JSON object per line with --json, the resolved options first, and stops on SIGTERM', async () => {
    const options = ['--project-id', 'p1', '--asset', 'a1', '--asset', 'a2', '--bucket', 'b-1', '--region', 'ap-tokyo']
    const times = ['--queue-duration-ms', '4', '--job-duration-ms', '5', '--asset-delay-ms', '6']
    const command = startEmulatorCommand('--port', '0', '--json', ...options, '--seed', 's', ...times)
    const { url, ...listening } = parsed(await command.line())
    expect(listening).toEqual({
      event: 'listening',
      huawei: {
        ...createEmulator().options.huawei,
        projectId: 'p1',
        assets: [{ asset_id: 'a1' }, { asset_id: 'a2' }],
      },
      tencent: { ...createEmulator().options.tencent, bucket: 'b-1', region: 'ap-tokyo' },
      seed: 's',
      queueDurationMs: 4,
      jobDurationMs: 5,
      assetDelayMs: 6,
      callbacks: { allow: [], retryDelaysMs: [100, 200, 400, 800, 1_600, 3_200] },
    })
    await fetch(`${String(url)}/unknown?secret=1`)
    expect(parsed(await command.line())).toEqual({
      event: 'request',
      time: expect.stringMatching(/Z$/) as unknown,
      method: 'GET',
      path: '/unknown',
      status: 404,
      code: 'InvalidUrl',
    })
    expect(await command.end('SIGTERM')).toBe(0)
  })

  it('calls back, and prints one line per callback without the path of its URL', async () => {
    const received: string[] = []
    const server = createServer((request, response) => {
      received.push(`${String(request.url)} ${String(request.headers['auth_timestamp'] !== undefined)}`)
      response.end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const receiver = `http://127.0.0.1:${String(port)}`
    const events = ['--event-url', `${receiver}/vod`, '--mfs-key', 'MFSKEYEXAMPLE']
    const command = startEmulatorCommand(
      '--port',
      '0',
      '--json',
      ...events,
      '--callback-allow',
      'http://receiver.example',
    )
    const first = (await command.line()) ?? ''
    expect(first).not.toContain('MFSKEYEXAMPLE')
    const { url, ...options } = parsed(first)
    expect(options).toMatchObject({
      huawei: { events: { url: `${receiver}/vod` } },
      callbacks: { allow: ['http://receiver.example'] },
    })
    const { huawei, tencent } = createEmulator().options
    const ci = createTencentCiClient({ ...tencent, endpoint: String(url) })
    const { JobId } = await ci.createNoiseReductionJob({ ...NOISE, CallBack: `${receiver}/ci/secret` })
    const denied = await ci.createNoiseReductionJob({ ...NOISE, CallBack: 'http://elsewhere.example/ci/secret' })
    const { projectId, credentials } = huawei
    const vod = createHuaweiVodClient({ endpoint: String(url), projectId, credentials })
    const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: ASSET })
    const lines: Record<string, unknown>[] = []
    while (lines.length < 6) lines.push(parsed(await command.line()))
    const time = expect.stringMatching(/Z$/) as unknown
    const callbacks = lines.filter(({ event }) => event === 'callback')
    const delivered = { event: 'callback', time, to: receiver, attempts: 1, status: 200, state: 'delivered' }
    expect(callbacks.map(({ id }) => id).sort()).toEqual([JobId, denied.JobId, audio_asset_id].sort())
    expect(callbacks.find(({ id }) => id === JobId)).toEqual({ ...delivered, kind: 'job', id: JobId })
    expect(callbacks.find(({ id }) => id === audio_asset_id)).toEqual({ ...delivered, kind: 'mfs', id: audio_asset_id })
    expect(callbacks.find(({ id }) => id === denied.JobId)).toEqual({
      event: 'callback',
      time,
      kind: 'job',
      id: denied.JobId,
      to: 'http://elsewhere.example',
      attempts: 0,
      error: 'http://elsewhere.example is not a loopback address or in callbacks.allow',
      state: 'not-allowed',
    })
    expect(received.sort()).toEqual(['/ci/secret false', '/vod true'])
    const state = await (await fetch(`${String(url)}/_emulator/state`)).text()
    expect(state).not.toContain('MFSKEYEXAMPLE')
    server.close()
    server.closeAllConnections()
    expect(await command.end('SIGTERM')).toBe(0)
  })

  it('sends events through SMN if it has a topic', async () => {
    const topic = 'urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod'
    const command = startEmulatorCommand(
      '--port',
      '0',
      '--json',
      '--event-url',
      'http://127.0.0.1:9',
      '--smn-topic-urn',
      topic,
    )
    const { url, huawei } = parsed(await command.line())
    expect(huawei).toMatchObject({ events: { topicUrn: topic } })
    const { projectId, credentials } = createEmulator().options.huawei
    const vod = createHuaweiVodClient({ endpoint: String(url), projectId, credentials })
    const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: ASSET })
    expect(parsed(await command.line())).toMatchObject({ event: 'request' })
    const failed = {
      event: 'callback',
      kind: 'smn',
      id: audio_asset_id,
      to: 'http://127.0.0.1:9',
      attempts: 1,
      state: 'failed',
    }
    expect(parsed(await command.line())).toMatchObject(failed)
    expect(await command.end('SIGTERM')).toBe(0)
  })

  it('stops at once, although a receiver does not respond', async () => {
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const command = startEmulatorCommand('--port', '0', '--json')
    const { url } = parsed(await command.line())
    const ci = createTencentCiClient({ ...createEmulator().options.tencent, endpoint: String(url) })
    const arrived = once(server, 'request')
    await ci.createNoiseReductionJob({ ...NOISE, CallBack: `http://127.0.0.1:${String(port)}/` })
    await arrived
    const before = performance.now()
    expect(await command.end('SIGTERM')).toBe(0)
    expect(performance.now() - before).toBeLessThan(2_000)
    server.close()
    server.closeAllConnections()
  })

  it('continues if its output is closed, as after "head -1"', async () => {
    const args = ['--import', 'tsx', 'src/testing/command.ts', '--port', '0', '--json']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const complaint = text(child.stderr)
    const [line] = (await once(createInterface(child.stdout), 'line')) as string[]
    child.stdout.destroy()
    const { url } = parsed(line)
    for (let count = 0; count < 5; count++) expect((await fetch(`${String(url)}/unknown`)).status).toBe(404)
    child.kill('SIGTERM')
    const [exitCode] = (await once(child, 'close')) as (number | null)[]
    expect([exitCode, await complaint]).toEqual([0, ''])
  })

  it('fails if the port is in use', async () => {
    const { url, close } = await createEmulator().listen()
    const { exitCode, complaint, output } = await runEmulatorCommand('--port', new URL(url).port)
    await close()
    expect(complaint).toBe(
      'cloud-media-emulator: the port is in use; choose another one with --port, or 0 for any free port\n',
    )
    expect(output).toBe('')
    expect(exitCode).toBe(1)
  })
})

describe('the command, in one line, rejects', () => {
  it.each([
    ['an unknown option', ['--porr', '1'], '--porr is not an option; did you mean --port?'],
    [
      'a word that is no option',
      ['4010'],
      "Unexpected argument '4010'. This command does not take positional arguments",
    ],
    ['an option without its value', ['--port'], "Option '--port <value>' argument missing"],
    ['a port that is no number', ['--port', 'http'], '--port must be a whole number from 0 to 65535'],
    ['a port that is too high', ['--port', '65536'], '--port must be a whole number from 0 to 65535'],
    ['a negative duration', ['--job-duration-ms=-1'], '--job-duration-ms must be a whole number from 0'],
    [
      'a key without the URL of the events',
      ['--mfs-key', 'k'],
      '--event-url must be an http or https URL without credentials',
    ],
    [
      'both ways of an event',
      ['--event-url', 'http://127.0.0.1/', '--mfs-key', 'k', '--smn-topic-urn', 'urn:smn:cn-north-4:0123:vod'],
      '--mfs-key must not be set together with topicUrn: the key signs events of MFS, not messages of SMN',
    ],
    [
      'a callback address with a path',
      ['--callback-allow', 'http://receiver.example/ci'],
      '--callback-allow must be origins, such as http://receiver:3000',
    ],
    [
      'a project id that would change the path',
      ['--project-id', 'a/b'],
      '--project-id must be letters, digits, hyphens, and underscores, as it is part of the path',
    ],
    [
      'a bucket without its APPID',
      ['--bucket', 'examplebucket'],
      '--bucket must be the name, a hyphen, and the APPID, such as examplebucket-1250000000',
    ],
    [
      'a region that cannot be in a host',
      ['--region', 'ap/beijing'],
      '--region must be up to 63 lowercase letters, digits, and hyphens, as it is part of the host name',
    ],
  ])('%s', async (_, args, reason) => {
    const { exitCode, output, complaint } = await runEmulatorCommand(...args)
    expect({ exitCode, output, complaint }).toEqual({
      exitCode: 1,
      output: '',
      complaint: `cloud-media-emulator: ${reason}\n`,
    })
  })
})

describe('the command', () => {
  it('prints its version with --version', async () => {
    expect(await runEmulatorCommand('--version')).toEqual({ exitCode: 0, output: `${version}\n`, complaint: '' })
  })

  it('prints every option and its default with --help', async () => {
    const { exitCode, output } = await runEmulatorCommand('--help')
    expect(exitCode).toBe(0)
    const { huawei, tencent } = createEmulator().options
    for (const value of [huawei.projectId, tencent.bucket, tencent.region, '4010', '127.0.0.1']) {
      expect(output).toContain(`(default: ${value}`)
    }
    const source = readFileSync('src/testing/command.ts', 'utf8')
    const options = /^const OPTIONS = \{([^]*?)^\}/m.exec(source)?.[1] ?? ''
    const names = [...options.matchAll(/^ {2}'?([\w-]+)'?:/gm)].map(([, name = '']) => name)
    expect(names).toHaveLength(17)
    for (const name of names) expect(output).toContain(`--${name} `)
  })
})

async function linesUntil(command: RunningCommand, last: string): Promise<string[]> {
  const lines: string[] = []
  while (lines.at(-1) !== last) {
    const line = await command.line()
    if (line === undefined) throw new Error(`ended after ${lines.join('\n')}`)
    lines.push(line)
  }
  return lines
}

function parsed(line: string | undefined): Record<string, unknown> {
  // The boundary to what the command prints; it is compared as a whole.
  return JSON.parse(line ?? '') as Record<string, unknown>
}
