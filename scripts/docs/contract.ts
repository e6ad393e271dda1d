import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Document } from '../generate/read/provider.js'

// Under this policy, a page can load nothing that is not in it.
const POLICY = `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:`

/** Builds the raw contract: one self-contained page per document. */
export async function buildContract(out: string, documents: readonly Document[]): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'contract-'))
  try {
    await mkdir(path.join(out, 'contract'), { recursive: true })
    for (const { place } of documents) {
      const { name, content } = place.bundle
      const file = path.join(work, `${name}.json`)
      const page = path.join(out, 'contract', `${name}.html`)
      await writeFile(file, JSON.stringify(content))
      await promisify(execFile)('node_modules/.bin/redocly', ['build-docs', file, '--output', page, '--inlineBundle'], {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      })
      await writeFile(page, withPolicy(await readFile(page, 'utf8')))
    }
  } finally {
    await rm(work, { recursive: true })
  }
}

function withPolicy(html: string): string {
  return html.replace('<head>', `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">`)
}
