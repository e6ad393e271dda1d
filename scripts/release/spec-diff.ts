// Compares the bundled documents with those of the last release. A change that breaks callers must come with a version
// that says so: the next one, or a changeset that asks for it. Arguments go to redocly.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isBreaking } from './breaking.js'
import { pendingBumps } from './changesets.js'
import { readManifest } from './manifest.js'

const DOCUMENTS = 'generated/specs'

const tag = lastRelease()
if (tag !== undefined) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spec-diff-'))
  try {
    compareWith(tag, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
} else if (git('rev-parse', '--is-shallow-repository') === 'true') {
  // Without its tags, a clone looks like a project without releases.
  console.error('a shallow clone lacks the last release: run git fetch --unshallow --tags')
  process.exitCode = 1
} else console.log('no release yet: nothing to compare with')

/** The tag of the last release before this commit. */
function lastRelease(): string | undefined {
  const tags = git('tag', '--list', 'v[0-9]*', '--merged', 'HEAD', '--sort=-version:refname')
  return tags === '' ? undefined : tags.split('\n')[0]
}

function compareWith(tag: string, folder: string): void {
  const { version } = readManifest()
  const mayBreak = isBreaking(tag.slice(1), version, pendingBumps())
  const failOn = mayBreak ? 'none' : 'major'
  console.log(
    `${tag} to ${version}: ${mayBreak ? 'breaking changes are announced' : 'no breaking change is announced'}`,
  )
  mkdirSync(path.join(folder, DOCUMENTS), { recursive: true })
  const earlier = git('ls-tree', '--name-only', tag, `${DOCUMENTS}/`).split('\n')
  const present = readdirSync(DOCUMENTS).map((file) => `${DOCUMENTS}/${file}`)
  for (const file of earlier) {
    const text = git('show', `${tag}:${file}`)
    if (!present.includes(file)) {
      console.error(`${file} was removed`)
      if (!mayBreak) process.exitCode = 1
    } else if (text !== readFileSync(file, 'utf8').trim()) {
      writeFileSync(path.join(folder, file), text)
      const args = ['diff', path.join(folder, file), file, `--fail-on=${failOn}`, ...process.argv.slice(2)]
      const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
      const { status } = spawnSync('node_modules/.bin/redocly', args, { stdio: 'inherit', env })
      if (status !== 0) process.exitCode = 1
    }
  }
  if (process.exitCode === 1) console.error('a breaking change needs a changeset that announces it: run npx changeset')
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 100 * 2 ** 20 }).trim()
}
