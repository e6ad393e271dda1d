// Measures our clients beside the providers' SDKs, bare node:http, and the built-in fetch, against a server on this
// machine. With --before <dist>, also beside another build of ours. With --only, some parts, separated by commas. With
// --json, also writes the figures that the docs show to a file.
import { readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import selfsigned from 'selfsigned'
import { writeFigures } from './bench/figures.js'
import { measure, PARTS, type Amounts } from './bench/measure.js'
import { report } from './bench/report.js'
import { withProviderSdks } from './provider-sdks/install.js'

const root = path.join(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

const DEFAULTS: Amounts = { processes: 15, rounds: 4, turns: 15, warmUp: 3000, memoryCalls: 10_000 }
const QUICK: Amounts = { processes: 3, rounds: 1, turns: 5, warmUp: 500, memoryCalls: 1000 }

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const amounts = values.quick ? QUICK : DEFAULTS
const wanted = values.only?.split(',') ?? PARTS
const parts = PARTS.filter((part) => wanted.includes(part))
if (parts.length < wanted.length) fail(`--only lists some of ${PARTS.join()}`)

if (!(await isBuilt())) fail('dist is missing or older than src: run "npm run build" first')

const { processes, rounds, turns, warmUp, memoryCalls } = amounts
console.log(
  `Node ${process.version}: first responses, imports, and cold calls from ${String(processes)} fresh processes, warm calls ` +
    `from ${String(rounds)} with ${String(turns)} turns each, after ${String(warmUp)} calls; memory once, over ` +
    `${String(memoryCalls)} calls.\n`,
)
const samples = await withProviderSdks(async (folder) =>
  measure(
    { root, dist, folder, before: values.before && path.resolve(values.before), ...(await createCertificate(folder)) },
    amounts,
    parts,
    (step) => {
      console.error(step)
    },
  ),
)
console.log(report(samples))
if (values.json !== undefined) await writeFigures(values.json, samples, amounts)

/** For the server, which every contestant trusts. */
async function createCertificate(folder: string): Promise<{ key: string; certificate: string }> {
  const files = { key: path.join(folder, 'key.pem'), certificate: path.join(folder, 'certificate.pem') }
  const { private: key, cert } = selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    days: 2,
    // Type 7 is an IP address (RFC 5280, 4.2.1.6).
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  await writeFile(files.key, key, { mode: 0o600 })
  await writeFile(files.certificate, cert)
  return files
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
