// Rejects a release that is not ready. npm runs it before it publishes a folder, the release workflow before it packs.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { pendingChangesets } from './changesets.js'
import { readManifest } from './manifest.js'
import { problemsOf } from './problems.js'

const { tag, repository } = parseArgs({ options: { tag: { type: 'string' }, repository: { type: 'string' } } }).values
const manifest = readManifest()
const changelog = readFileSync('CHANGELOG.md', 'utf8')
const readme = readFileSync('README.md', 'utf8')
const problems = problemsOf({ manifest, changelog, readme, changesets: pendingChangesets(), tag, repository })
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${manifest.name} ${manifest.version} is ready`)
