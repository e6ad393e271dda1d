import { execFile, execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { version } from '../src/version.js'
import { Consumer } from './support/consumer.js'
import { undocumented } from './support/doc-comments.js'

const NAME = 'cloud-media-clients'
const DEPENDENCIES = ['asn1js', 'openapi-fetch']
const PEERS = ['msw']
const ENTRIES = ['index', 'huawei-vod', 'tencent-ci', 'callbacks', 'testing', 'testing/msw']
const run = promisify(execFile)
const tarball = inject('tarball')
const packed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
const consumer = await Consumer.create('module', { msw: 'msw' })
const { installed } = consumer
afterAll(() => consumer.remove())

describe('the package', () => {
  it('has the build, its sources, the specs, and the documents, and no tests', () => {
    const kinds = [
      /^dist\/[\w/-]+\.[cm]js(?:\.map)?$/,
      /^dist\/[\w/-]+\.d\.(?:mts|cts|cts\.map)$/,
      /^src\/[\w/-]+\.ts$/,
      /^dist\/generated\/specs\/[\w-]+\.json$/,
      /^specs\/tencent-ci\/xsd\/[\w-]+\.xsd$/,
      /^dist\/specs\/workflows\/[\w-]+\.yaml$/,
      /^specs\/(?:ERRATA|README)\.md$/,
      /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
    ]
    const files = packed.map((file) => file.replace(/^package\//, ''))
    expect(files.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([])
    for (const kind of kinds) expect(files.some((file) => kind.test(file))).toBe(true)
  })

  it('depends on asn1js and openapi-fetch alone, and on msw as an optional peer', async () => {
    // The boundary to a JSON file; what is read of it is compared below.
    const manifest = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as Record<string, object>
    expect(Object.keys(manifest['dependencies'] ?? {})).toEqual(DEPENDENCIES)
    expect(Object.keys(manifest['peerDependencies'] ?? {})).toEqual(PEERS)
    expect(manifest['peerDependenciesMeta']).toEqual({ msw: { optional: true } })
    expect(manifest).not.toHaveProperty('optionalDependencies')
  })

  it('is accepted by publint, warnings included', () => run('node_modules/.bin/publint', ['--strict', tarball]))

  it('has a doc comment on every exported name and field, where editors find it', () => {
    for (const ending of ['d.mts', 'd.cts']) {
      const { names, bare } = undocumented(ENTRIES.map((entry) => path.join(installed, `dist/${entry}.${ending}`)))
      expect(names).toBeGreaterThan(400)
      expect(bare).toEqual([])
    }
  })

  it('resolves to its types from every entry point', () =>
    run('node_modules/.bin/attw', [tarball, '--profile', 'strict']))
})

describe('in plain Node', () => {
  it.each([
    { entry: NAME, name: 'createHuaweiVodClient' },
    { entry: NAME, name: 'createTencentCiClient' },
    { entry: `${NAME}/huawei-vod`, name: 'createHuaweiVodClient' },
    { entry: `${NAME}/tencent-ci`, name: 'createTencentCiClient' },
    { entry: `${NAME}/testing`, name: 'createEmulator' },
    { entry: `${NAME}/testing/msw`, name: 'emulatorHandlers' },
  ])('$entry gives $name, imported and required', async ({ entry, name }) => {
    const print = `console.log(typeof ${name})`
    expect(await consumer.node('import.mjs', `import { ${name} } from '${entry}'\n${print}`)).toBe('function')
    expect(await consumer.node('require.cjs', `const { ${name} } = require('${entry}')\n${print}`)).toBe('function')
  })

  it.each([
    { file: 'huawei-vod.json', operation: 'createExtractAudioTask' },
    { file: 'huawei-vod.json', operation: 'unpublishAssets' },
    { file: 'tencent-ci-voice-separate.json', operation: 'createVoiceSeparateJob' },
    { file: 'tencent-ci-noise-reduction.json', operation: 'createNoiseReductionJob' },
  ])('specs/$file describes $operation', async ({ file, operation }) => {
    const code = `import spec from '${NAME}/specs/${file}' with { type: 'json' }
      console.log(Object.values(spec.paths).flatMap((item) => Object.values(item)).map(({ operationId }) => operationId))`
    expect(await consumer.node('spec.mjs', code)).toContain(`'${operation}'`)
  })

  it.each([
    ...readdirSync('specs/tencent-ci/xsd').map((file) => [file, /<xs:schema/] as const),
    ...readdirSync('specs/workflows').map((file) => [`workflows/${file}`, /^arazzo: /] as const),
    ['ERRATA.md', /^### 1\. /m] as const,
    ['README.md', /^### x-error-codes$/m] as const,
  ])('specs/%s resolves to the file', async (file, content) => {
    const code = `import { readFileSync } from 'node:fs'
      console.log(readFileSync(new URL(import.meta.resolve('${NAME}/specs/${file}')), 'utf8'))`
    expect(await consumer.node('file.mjs', code)).toMatch(content)
  })

  it.each(readdirSync('specs/workflows'))('specs/workflows/%s leads to its sources', async (file) => {
    const workflows = path.join(installed, 'dist/specs/workflows', file)
    const urls = [...(await readFile(workflows, 'utf8')).matchAll(/^ {4}url: (\S+)$/gm)].map(([, url = '']) => url)
    expect(urls.length).toBeGreaterThan(0)
    for (const url of urls) expect(packed).toContain(path.posix.join('package/dist/specs/workflows', url))
  })

  it('calls an operation of each provider', async () => {
    const code = `import { createHuaweiVodClient } from '${NAME}/huawei-vod'
      import { createTencentCiClient } from '${NAME}/tencent-ci'
      import { createEmulator } from '${NAME}/testing'
      const emulator = createEmulator()
      const { huawei, tencent } = emulator.options
      const { url: endpoint, close } = await emulator.listen()
      const task = await createHuaweiVodClient({ ...huawei, endpoint })
        .createExtractAudioTask({ asset_id: '3e1cd21131a94525be55acf65888bf46' })
      const job = await createTencentCiClient({ ...tencent, endpoint }).createNoiseReductionJob({
        Input: { Object: 'in.mp3' },
        Operation: { Output: { Region: tencent.region, Bucket: tencent.bucket, Object: 'out.mp3' } },
      })
      await close()
      console.log(task.audio_asset_id, job.JobId, emulator.requests.length)`
    expect(await consumer.node('call.mjs', code)).toMatch(/^\w{32} j\w{32} 2$/)
  })

  it('responds for the production hosts through MSW', async () => {
    const code = `import { createHuaweiVodClient } from '${NAME}'
      import { createEmulator } from '${NAME}/testing'
      import { emulatorHandlers } from '${NAME}/testing/msw'
      import { setupServer } from 'msw/node'
      const emulator = createEmulator()
      const server = setupServer(...emulatorHandlers(emulator))
      server.listen({ onUnhandledRequest: 'error' })
      const vod = createHuaweiVodClient({ ...emulator.options.huawei, region: 'cn-north-4' })
      const { asset_info_array } = await vod.unpublishAssets({ asset_id: ['f488337c31c8e4622f1590735b134c65'] })
      server.close()
      console.log(asset_info_array.length)`
    expect(await consumer.node('msw.mjs', code)).toBe('1')
  })

  it('has the command, which requires no other dependency', async () => {
    // The boundary to a JSON file; a missing name fails below.
    const { bin } = JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')) as {
      bin: Record<string, string>
    }
    const command = path.join(installed, bin['cloud-media-emulator'] ?? '')
    expect((await readFile(command, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true)
    expect(await consumer.output(process.execPath, [command, '--version'])).toBe(version)
  })

  it('has one class of each error, whichever way it is loaded', async () => {
    const code = `import { createRequire } from 'node:module'
      import * as root from '${NAME}'
      import * as huawei from '${NAME}/huawei-vod'
      import * as tencent from '${NAME}/tencent-ci'
      const required = createRequire(import.meta.url)('${NAME}')
      const names = Object.keys(root).filter((name) => root[name].prototype instanceof Error)
      const others = [huawei, tencent, required]
      const vod = huawei.createHuaweiVodClient({ region: 'cn-north-4', projectId: 'p', credentials: { token: 't' } })
      const error = await vod.unpublishAssets({}).catch((error) => error)
      console.log(
        names.length,
        names.filter((name) => others.some((other) => name in other && other[name] !== root[name])).length,
        error instanceof required.RequestValidationError && error instanceof tencent.CloudMediaError,
      )`
    expect(await consumer.node('classes.mjs', code)).toMatch(/^[1-9]\d* 0 true$/)
  })
})

describe('loads at once only what an entry point needs', () => {
  it.each([
    { entry: 'index', packages: ['#platform'], files: ['core', 'huawei', 'signing', 'tencent'] },
    { entry: 'huawei-vod', packages: ['#platform'], files: ['core', 'huawei', 'signing'] },
    { entry: 'tencent-ci', packages: ['#platform'], files: ['core', 'signing', 'tencent'] },
    {
      entry: 'callbacks',
      packages: ['#platform'],
      files: ['core', 'huawei', 'huawei-smn-error', 'jobs-in', 'signing', 'tencent'],
    },
    { entry: 'testing/msw', packages: ['#platform', 'msw'], files: ['core', 'huawei', 'signing', 'tencent'] },
    { entry: 'platform-node', packages: [], files: [] },
    { entry: 'platform-web', packages: [], files: [] },
  ])('$entry loads $files and $packages', async ({ entry, packages, files }) => {
    expect(await importGraph(path.join(installed, 'dist', `${entry}.mjs`))).toEqual({ packages, files })
  })

  it('of Node, an import loads nothing, and a call over http neither TLS, Web Crypto, nor fetch', async () => {
    const code = `import { createHuaweiVodClient } from '${NAME}/huawei-vod'
      import '${NAME}/callbacks'
      const known = ['http', 'net', 'crypto', 'https', 'tls', 'internal/crypto/webcrypto', 'internal/deps/undici/undici']
      const loaded = () => known.filter((name) => process.moduleLoadList.includes('NativeModule ' + name)).join()
      const atImport = loaded()
      const server = process.getBuiltinModule('node:http').createServer((request, response) => {
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"audio_asset_id":"b"}')
      })
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
      const vod = createHuaweiVodClient({
        endpoint: 'http://127.0.0.1:' + server.address().port,
        projectId: 'p',
        credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
      })
      const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: 'a' })
      console.log(JSON.stringify([atImport, audio_asset_id, loaded()]))
      process.exit()`
    expect(JSON.parse(await consumer.node('loaded.mjs', code))).toEqual(['', 'b', 'http,net,crypto'])
  })
})

describe('bundled for', () => {
  it.each([
    { runtime: 'a browser', conditions: ['browser'], node: false },
    { runtime: 'a Worker', conditions: ['workerd'], node: false },
    { runtime: 'Node', conditions: ['node'], node: true },
  ])('$runtime it holds modules of Node: $node', async ({ conditions, node }) => {
    const entry = consumer.write('bundle.mjs', `export * from '${NAME}'`)
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions,
      external: ['node:*'],
    })
    const [file] = outputFiles
    expect(file?.text.includes('getBuiltinModule("node:')).toBe(node)
    expect(file?.text).toContain('createHuaweiVodClient')
  })
})

/** The packages and files that a built file imports, directly or not, but not by `import()`. */
async function importGraph(entry: string): Promise<{ packages: string[]; files: string[] }> {
  const packages = new Set<string>()
  const files = new Set([entry])
  for (const file of files) {
    for (const [, name = ''] of (await readFile(file, 'utf8')).matchAll(/^(?:import|export) (?:.* from )?"(.*)";$/gm)) {
      if (name.startsWith('.')) files.add(path.resolve(path.dirname(file), name))
      else packages.add(name)
    }
  }
  files.delete(entry)
  return { packages: [...packages].sort(), files: [...files].map((file) => path.basename(file, '.mjs')).sort() }
}
