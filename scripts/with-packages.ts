import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

/** Installs packages that are not dependencies of ours in a temporary folder, and removes it after use. */
export async function withPackages<Result>(
  versions: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'packages-'))
  try {
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: versions }))
    await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
