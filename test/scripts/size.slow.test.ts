import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadedFiles } from '../../scripts/size/bundle.js'
import type { createHuaweiVodClient } from '../../src/huawei-vod/index.js'
import type { createTencentCiClient } from '../../src/tencent-ci/index.js'
import { createEmulator } from '../../src/testing/index.js'

const run = promisify(execFile)
const { huawei, tencent } = createEmulator().options
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'size-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('npm run size', () => {
  it('accepts a package within every limit', async () => {
    const { rows, exitCode } = await sizeOf({ client: 14_000, lazy: 1000, signer: 2000, other: 2_300_000, packages: 6 })
    expect(rows).toHaveLength(12)
    expect(rows.filter(({ isOver }) => isOver)).toEqual([])
    expect(exitCode).toBe(0)
  })

  it('counts lazy parts in the row of everything alone', async () => {
    const { rows, exitCode } = await sizeOf({ client: 14_000, lazy: 20_000, signer: 2000, other: 0, packages: 1 })
    expect(rows.filter(({ isOver }) => isOver).map(({ name }) => name)).toEqual([
      'huawei-vod, everything in one file, lazy parts too',
      'tencent-ci, everything in one file, lazy parts too',
    ])
    expect(exitCode).toBe(1)
  })

  it('rejects a package beyond every limit', async () => {
    const { rows, exitCode } = await sizeOf({
      client: 24_000,
      lazy: 20_000,
      signer: 2500,
      other: 3_300_000,
      packages: 7,
    })
    expect(rows.filter(({ isOver }) => !isOver)).toEqual([])
    expect(exitCode).toBe(1)
  })
})

describe('what a page loads', () => {
  it('is sufficient for calls of VOD that succeed', async () => {
    // The module is bundled from the one of the type.
    const { createHuaweiVodClient: create } = (await loaded('huawei-vod', 'createHuaweiVodClient')) as {
      createHuaweiVodClient: typeof createHuaweiVodClient
    }
    const emulator = createEmulator()
    const vod = create({ ...huawei, region: 'cn-north-4', fetch: emulator.fetch })
    const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: '3e1cd21131a94525be55acf65888bf46' })
    await vod.listAssets({ asset_id: [audio_asset_id] })
    await vod.unpublishAssets({ asset_id: [audio_asset_id] })
    expect(emulator.requests).toHaveLength(3)
  })

  it('is sufficient for calls of CI that succeed', async () => {
    // The module is bundled from the one of the type.
    const { createTencentCiClient: create } = (await loaded('tencent-ci', 'createTencentCiClient')) as {
      createTencentCiClient: typeof createTencentCiClient
    }
    const emulator = createEmulator()
    const ci = create({ ...tencent, fetch: emulator.fetch })
    const { region: Region, bucket: Bucket } = tencent
    const { JobId } = await ci.createNoiseReductionJob({
      Input: { Object: 'in.mp3' },
      Operation: { Output: { Region, Bucket, Object: 'out.mp3' } },
    })
    await ci.getJobs({ jobIds: [JobId] })
    expect(emulator.requests).toHaveLength(2)
  })
})

interface Amounts {
  /** Gzipped bytes. */
  readonly client: number
  readonly lazy: number
  readonly signer: number
  /** Bytes of a file that nothing imports. */
  readonly other: number
  readonly packages: number
}

/** Runs the command on a package of the given size. */
async function sizeOf({ client, lazy, signer, other, packages }: Amounts) {
  const names = Array.from({ length: packages - 1 }, (_, index) => `dependency-${String(index)}`)
  const manifest = {
    name: 'cloud-media-clients',
    version: '0.0.0',
    exports: { './huawei-vod': './huawei-vod.mjs', './tencent-ci': './tencent-ci.mjs' },
    sideEffects: false,
    dependencies: Object.fromEntries(names.map((name) => [name, '0.0.0'])),
    // Those in the tarball need no network.
    bundleDependencies: names,
  }
  await write('package.json', JSON.stringify(manifest))
  await write('huawei-vod.mjs', entry('createHuaweiVodClient', 'signHuaweiRequest'))
  await write('tencent-ci.mjs', entry('createTencentCiClient', 'signTencentRequest'))
  await write('client.mjs', `export const create = () => ['${textOf(client)}', import('./lazy.mjs')]`)
  await write('lazy.mjs', `export const text = '${textOf(lazy)}'`)
  await write('signer.mjs', `export const sign = () => '${textOf(signer)}'`)
  await write('other.txt', 'x'.repeat(other))
  for (const name of names) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '0.0.0' }))
  }
  await run('npm', ['pack'], { cwd: folder })
  const tarball = path.join(folder, 'cloud-media-clients-0.0.0.tgz')
  const child = spawn('node_modules/.bin/tsx', ['scripts/size.ts', tarball], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = new Promise((resolve) => child.once('close', resolve))
  const [, ...lines] = (await text(child.stdout)).trimEnd().split('\n')
  const rows = lines.map((line) => ({ name: line.split(/ {2,}/)[0], isOver: line.endsWith('OVER') }))
  return { rows, exitCode: await exit }
}

function entry(creator: string, signer: string): string {
  return `export { create as ${creator} } from './client.mjs'\nexport { sign as ${signer} } from './signer.mjs'`
}

/** A text of about as many bytes after gzip. */
function textOf(bytes: number): string {
  // Three bytes become four characters, which gzip writes in three again.
  return randomBytes(bytes).toString('base64')
}

async function write(name: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
  await writeFile(path.join(folder, name), content)
}

/** Imports the files that a page loads, bundled from the sources; lazy parts are missing. */
async function loaded(entryPoint: string, name: string): Promise<unknown> {
  const code = `export { ${name} } from './src/${entryPoint}/index.js'`
  const files = await loadedFiles(code, process.cwd(), {
    tsconfigRaw: {},
    alias: { '#platform': path.resolve('src/transport/platform/web.ts') },
  })
  await write('package.json', JSON.stringify({ type: 'module' }))
  for (const file of files) await write(file.name, file.text)
  return import(pathToFileURL(path.join(folder, 'out/entry.js')).href)
}
