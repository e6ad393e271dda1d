// Writes generated/ from specs/. With --check it writes nothing: stale, missing, and left-over files are an error.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { bundleDocuments } from './generate/bundle.js'
import { generatedFiles } from './generate/files.js'
import { SpecError } from './generate/document-place.js'

const OUTPUT = 'generated'

const files = await generate()
const wanted = [...files.keys()].sort()
const present = (await listFiles(OUTPUT)).sort()
const leftOver = present.filter((name) => !files.has(name))
const stale: string[] = []
for (const name of wanted) {
  const current = present.includes(name) ? await readFile(path.join(OUTPUT, name), 'utf8') : undefined
  if (current !== files.get(name)) stale.push(name)
}

if (process.argv.includes('--check')) {
  for (const name of [...stale, ...leftOver]) console.error(`stale-generated-file: ${OUTPUT}/${name}`)
  if (stale.length + leftOver.length > 0) {
    console.error('generated/ is out of date: run npm run generate and commit the result')
    process.exitCode = 1
  } else console.log(`generated/ is up to date: ${String(wanted.length)} files`)
} else {
  for (const name of leftOver) await rm(path.join(OUTPUT, name))
  for (const name of stale) {
    await mkdir(path.dirname(path.join(OUTPUT, name)), { recursive: true })
    await writeFile(path.join(OUTPUT, name), files.get(name) ?? '')
  }
  console.log(`${String(wanted.length)} files, ${String(stale.length)} changed, ${String(leftOver.length)} removed`)
}

async function generate(): Promise<Map<string, string>> {
  try {
    return await generatedFiles(await bundleDocuments())
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
  } catch {
    return []
  }
}
