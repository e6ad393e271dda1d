// Writes the version of package.json to src/version.ts.
import { readFileSync, writeFileSync } from 'node:fs'
import { readManifest } from './manifest.js'

const FILE = 'src/version.ts'
const { version } = readManifest()
writeFileSync(FILE, readFileSync(FILE, 'utf8').replace(/'.*'/, `'${version}'`))
console.log(`${FILE}: ${version}`)
