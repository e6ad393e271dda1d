// Builds docs-site/, or the folder at --out: one self-contained page per document, and an index page.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { bundleDocuments } from './generate/bundle.js'
import { isRecord, type Place } from './generate/document-place.js'
import { readProviders, type Document, type Provider } from './generate/read/provider.js'

// Redoc would fetch its logo from its own servers. Under this policy a page can load nothing that is not in it.
const POLICY = `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:`

const { out } = parseArgs({ options: { out: { type: 'string', default: 'docs-site' } } }).values
const work = await mkdtemp(path.join(os.tmpdir(), 'docs-'))
try {
  await mkdir(out, { recursive: true })
  const pages: Document[] = []
  for (const provider of readProviders(await bundleDocuments())) {
    for (const document of provider.documents) {
      describeExtensions(document, provider)
      const { name, content } = document.place.bundle
      const file = path.join(work, `${name}.json`)
      const page = path.join(out, `${name}.html`)
      await writeFile(file, JSON.stringify(content))
      await promisify(execFile)('node_modules/.bin/redocly', ['build-docs', file, '--output', page, '--inlineBundle'], {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      })
      await writeFile(page, withPolicy(await readFile(page, 'utf8')))
      pages.push(document)
    }
  }
  await writeFile(path.join(out, 'index.html'), withPolicy(indexPage(pages)))
  console.log(`${path.join(out, 'index.html')} and ${String(pages.length)} pages`)
} finally {
  await rm(work, { recursive: true })
}

function withPolicy(html: string): string {
  return html.replace('<head>', `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">`)
}

/** Redoc shows descriptions only, so this adds the extensions to them. */
function describeExtensions({ place, operations }: Document, { facts }: Provider): void {
  for (const { place: operation, retrySafety, ifInDoubt, permissions } of operations) {
    const retry =
      retrySafety === 'idempotent'
        ? 'The operation is idempotent, so the client also retries a request that may have run.'
        : 'The client retries only a request that certainly did not run.'
    const permitted = permissions.map((name) => `\`${name}\``).join(', ')
    append(
      operation,
      `\n\n**Retry safety:** ${retry}\n\n**If in doubt:** ${ifInDoubt}\n\n**Permissions:** ${permitted}`,
    )
  }
  const rows = Object.entries(facts.errorCodes).map(
    ([code, { status, meaning, hint, refusal }]) =>
      `| \`${code}\` | ${status.join(', ')} | ${meaning} | ${hint} | ${refusal ? 'no' : 'yes'} |`,
  )
  const head = [
    '\n\n# Error codes\n',
    '| code | status | meaning | what to do | may have run |',
    '|---|---|---|---|---|',
  ]
  append(place.child('info'), [...head, ...rows].join('\n'))
}

function append({ value }: Place, text: string): void {
  if (isRecord(value)) value['description'] = `${String(value['description'])}${text}`
}

function indexPage(pages: readonly Document[]): string {
  const items = pages.flatMap(({ place, operations }) =>
    operations.map(
      ({ method, path: route, id, summary }) =>
        `      <li><a href="${place.bundle.name}.html#operation/${id}">${id}</a>: ${escape(summary)} <code>${method} ${route}</code></li>`,
    ),
  )
  const documents = pages.map(
    ({ place }) => `<a href="${place.bundle.name}.html">${escape(place.child('info').child('title').text())}</a>`,
  )
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>cloud-media-clients: API reference</title>
    <style>
      body { font: 1rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
      code { background: #f2f2f2; padding: 0 0.25em }
    </style>
  </head>
  <body>
    <h1>cloud-media-clients: API reference</h1>
    <p>Generated from the specs, like the clients, their validation, and the emulator.</p>
    <ul>
${items.join('\n')}
    </ul>
    <p>Documents: ${documents.join(', ')}.</p>
  </body>
</html>
`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
