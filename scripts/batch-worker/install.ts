import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const root = path.join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Copies the application to a temporary folder, and installs it with the packed package. */
export async function installApplication(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'batch-worker-'))
  try {
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root })
    const [tarball = ''] = await readdir(folder)
    await cp(path.join(root, 'test/examples/batch-worker'), folder, { recursive: true })
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder })
    await run('npm', ['run', 'typecheck'], { cwd: folder })
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
