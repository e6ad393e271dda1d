import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { isRecord, SpecError, type Bundle } from './document-place.js'

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
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bundle-'))
  try {
    return await Promise.all((await listDocuments()).map((document) => bundleDocument(document, folder)))
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
  const xsds = new Map<string, string>()
  for (const file of new Set(xsdsIn(content).map(near))) {
    const text = await readIfThere(file)
    if (text !== undefined) xsds.set(file, text)
  }
  // References inside extensions are not standard, so this file is named like the XSDs.
  const codes = content['x-error-codes']
  if (typeof codes === 'string') {
    const text = await readIfThere(near(codes))
    if (text === undefined)
      throw new SpecError(`${root}: /x-error-codes: ${near(codes)} does not exist: correct the path`)
    content['x-error-codes'] = parse(text)
  }
  return { name, root, content, xsds }
}

function xsdsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) =>
    name === 'x-xsd' && typeof child === 'string' ? [child] : xsdsIn(child),
  )
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return undefined
  }
}
