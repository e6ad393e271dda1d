import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { waitForAll } from '../wait-for-all.js'
import { isRecord, SpecError, type Bundle } from './document-place.js'
import { readErrata } from './read/errata.js'
import { includesOf } from './read/xsd.js'

/** The documents of redocly.yaml. */
async function listDocuments(): Promise<{ name: string; root: string }[]> {
  const config: unknown = parse(await readFile('redocly.yaml', 'utf8'))
  const apis = isRecord(config) ? config['apis'] : undefined
  if (!isRecord(apis)) throw new SpecError('redocly.yaml: /apis: is missing: list the documents')
  return Object.entries(apis).map(([name, api]) => {
    const root = isRecord(api) ? api['root'] : undefined
    if (typeof root !== 'string') throw new SpecError(`redocly.yaml: /apis/${name}/root: is missing: name the file`)
    return { name, root: path.posix.normalize(root) }
  })
}

/** All documents, each with its files folded in. */
export async function bundleDocuments(): Promise<Bundle[]> {
  const documents = await listDocuments()
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bundle-'))
  try {
    return await waitForAll(documents.map((document) => bundleDocument(document, folder)))
  } finally {
    await rm(folder, { recursive: true })
  }
}

// One process per document: given several, redocly names the outputs by the roots, of which two can be openapi.yaml.
async function bundleDocument({ name, root }: { name: string; root: string }, folder: string): Promise<Bundle> {
  const output = path.join(folder, `${name}.json`)
  await promisify(execFile)('node_modules/.bin/redocly', ['bundle', name, '--output', output], {
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
  const content: unknown = JSON.parse(await readFile(output, 'utf8'))
  if (!isRecord(content)) throw new SpecError(`${root}: /: must be an object: write an OpenAPI document`)
  const near = (file: string): string => path.posix.join(path.posix.dirname(root), file)
  // References inside extensions are not standard, so these files are named like the XSDs.
  const readNamed = async (extension: string): Promise<string | undefined> => {
    const file = content[extension]
    if (typeof file !== 'string') return undefined
    const text = await readIfThere(near(file))
    if (text === undefined)
      throw new SpecError(`${root}: /${extension}: ${near(file)} does not exist: correct the path`)
    return text
  }
  const [codes, errata] = [await readNamed('x-error-codes'), await readNamed('x-errata-texts')]
  if (codes !== undefined) content['x-error-codes'] = parse(codes)
  if (errata !== undefined) content['x-errata-texts'] = citedErrata(content, readErrata(errata), root)
  const xsds = valuesOf('x-xsd', content).filter((file) => typeof file === 'string')
  return { name, root, content, xsds: await readXsds(xsds.map(near)) }
}

/** The files by their paths, and those that they include. A file that does not exist is missing. */
async function readXsds(files: readonly string[], known = new Map<string, string>()): Promise<Map<string, string>> {
  for (const file of files) {
    if (known.has(file)) continue
    const text = await readIfThere(file)
    if (text === undefined) continue
    known.set(file, text)
    await readXsds(includesOf(text, file), known)
  }
  return known
}

/** The texts of the errata that a document cites, by number. */
function citedErrata(content: unknown, errata: ReadonlyMap<number, string>, root: string): Record<string, string> {
  const cited = [...new Set(valuesOf('x-errata', content).flat())].map(Number).sort((a, b) => a - b)
  return Object.fromEntries(
    cited.map((number) => {
      const text = errata.get(number)
      if (text === undefined) throw new SpecError(`${root}: x-errata: ${String(number)} is not in ERRATA.md: add it`)
      return [number, text]
    }),
  )
}

/** The values of an extension, wherever it stands. */
function valuesOf(extension: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) =>
    name === extension ? [child] : valuesOf(extension, child),
  )
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return undefined
  }
}
