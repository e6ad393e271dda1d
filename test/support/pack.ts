import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The package as npm would publish it, built by its prepack script. */
    tarball: string
  }
}

/** Packs the package once for all test files: a build replaces dist/, which another one may be packing. */
export default function pack({ provide }: TestProject): () => void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'package-'))
  execFileSync('npm', ['pack', '--pack-destination', folder], { stdio: 'ignore' })
  const [file = ''] = readdirSync(folder)
  provide('tarball', path.join(folder, file))
  return () => {
    rmSync(folder, { recursive: true })
  }
}
