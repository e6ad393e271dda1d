import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { packages } from './versions.js'

const root = path.join(import.meta.dirname, '../..')
const runtimes = path.join(root, 'node_modules/.cache/runtimes')
const run = promisify(execFile)

/** Installs the runtimes, unless they are there, and returns their folder. */
export async function installRuntimes(): Promise<string> {
  const manifest = JSON.stringify({ private: true, dependencies: packages })
  const mark = path.join(runtimes, 'installed.json')
  if ((await readFile(mark, 'utf8').catch(() => '')) === manifest) return path.join(runtimes, 'node_modules')
  await rm(runtimes, { recursive: true, force: true })
  await mkdir(runtimes, { recursive: true })
  await writeFile(path.join(runtimes, 'package.json'), manifest)
  await install(runtimes)
  await writeFile(mark, manifest)
  return path.join(runtimes, 'node_modules')
}

/** Packs the package, installs it with its dependencies in a temporary project, and removes that after use. */
export async function withProject<Result>(use: (project: string) => Promise<Result>): Promise<Result> {
  const project = await mkdtemp(path.join(os.tmpdir(), 'runtimes-'))
  try {
    await run('npm', ['pack', '--pack-destination', project], { cwd: root })
    const [tarball = ''] = await readdir(project)
    await writeFile(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
    await install(project, `./${tarball}`)
    await cp(path.join(import.meta.dirname, 'project'), project, { recursive: true })
    await buildCommonJs(project)
    return await use(project)
  } finally {
    await rm(project, { recursive: true, force: true })
  }
}

/** The command as CommonJS, which requires the package. */
async function buildCommonJs(project: string): Promise<void> {
  await build({
    absWorkingDir: project,
    entryPoints: ['command.mjs'],
    outfile: path.join(project, 'command.cjs'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
  })
}

/** The emulator of the packed package. */
export function testingOf(project: string): typeof import('../../src/testing/index.js') {
  const require = createRequire(path.join(project, 'package.json'))
  // The types are those of the sources that it was built from.
  return require('cloud-media-clients/testing') as typeof import('../../src/testing/index.js')
}

/** Without install scripts: these would download more. */
async function install(folder: string, ...names: string[]): Promise<void> {
  await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...names], {
    cwd: folder,
  })
}
