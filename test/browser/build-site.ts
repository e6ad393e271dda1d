import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the site. */
    site: string
  }
}

/** Builds the site for the tests, and removes it after them. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'site-'))
  await promisify(execFile)('node_modules/.bin/tsx', ['scripts/docs.ts', '--out', folder])
  provide('site', folder)
  return () => rm(folder, { recursive: true })
}
