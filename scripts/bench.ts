// Measures our clients beside the providers' SDKs, bare node:http, and the built-in fetch, against a server on this
// machine. With --before <dist>, also beside another build of ours.
import { readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { measure, type Amounts } from './bench/measure.js'
import { report } from './bench/report.js'
import { withProviderSdks } from './provider-sdks/install.js'

const root = path.join(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

const DEFAULTS: Amounts = { rounds: 5, calls: 1000, warmUp: 4000, memoryCalls: 10_000 }
const QUICK: Amounts = { rounds: 2, calls: 200, warmUp: 400, memoryCalls: 1000 }

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    calls: { type: 'string' },
    'warm-up': { type: 'string' },
    json: { type: 'string' },
    before: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const usual = values.quick ? QUICK : DEFAULTS
const amounts = {
  ...usual,
  rounds: positive('rounds', values.rounds) ?? usual.rounds,
  calls: positive('calls', values.calls) ?? usual.calls,
  warmUp: positive('warm-up', values['warm-up']) ?? usual.warmUp,
}

if (!(await isBuilt())) fail('dist is missing or older than src: run "npm run build" first')

const { rounds, calls, warmUp, memoryCalls } = amounts
console.log(
  `Node ${process.version}: medians of ${String(rounds)} rounds of ${String(calls)} calls, ` +
    `after ${String(warmUp)} that are not measured; memory once, over ${String(memoryCalls)} calls.\n`,
)
const samples = await withProviderSdks((folder) =>
  measure({ root, dist, folder, before: values.before && path.resolve(values.before) }, amounts, (step) => {
    console.error(step)
  }),
)
console.log(report(samples))
if (values.json !== undefined) {
  await writeFile(values.json, JSON.stringify({ node: process.version, ...amounts, samples }, null, 2))
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) fail(`--${name} must be a whole number above 0`)
  return value
}

async function isBuilt(): Promise<boolean> {
  const built = await stat(path.join(dist, 'index.mjs')).catch(() => undefined)
  const sources = await Promise.all(['src', 'generated'].map(newest))
  return built !== undefined && Math.max(...sources) <= built.mtimeMs
}

/** When the last file under a folder was written. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const times = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(path.join(parentPath, name))).mtimeMs),
  )
  return Math.max(...times)
}

function fail(message: string): never {
  console.error(message)
  process.exit(1)
}
