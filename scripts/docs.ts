// Builds docs-site/, or the folder at --out: one self-contained page a document, and an index page that leads to them.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { operationsOf, type OpenApi } from './generate/documents.js'

const DOCUMENTS = ['huawei-vod', 'tencent-ci-voice-separate', 'tencent-ci-noise-reduction']
// Redoc would fetch its logo from its own servers. Under this policy a page can load nothing that is not in it.
const POLICY = `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:`

const { out } = parseArgs({ options: { out: { type: 'string', default: 'docs-site' } } }).values
const work = await mkdtemp(path.join(os.tmpdir(), 'docs-'))
try {
  await mkdir(out, { recursive: true })
  const pages = []
  for (const name of DOCUMENTS) {
    // Generation has written it.
    const document = JSON.parse(await readFile(`generated/specs/${name}.json`, 'utf8')) as OpenApi
    tellExtensions(document)
    const file = path.join(work, `${name}.json`)
    const page = path.join(out, `${name}.html`)
    await writeFile(file, JSON.stringify(document))
    await promisify(execFile)('node_modules/.bin/redocly', ['build-docs', file, '--output', page, '--inlineBundle'], {
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    })
    await writeFile(page, withPolicy(await readFile(page, 'utf8')))
    pages.push({ name, document })
  }
  await writeFile(path.join(out, 'index.html'), withPolicy(indexPage(pages)))
  console.log(`${path.join(out, 'index.html')} and ${String(pages.length)} pages`)
} finally {
  await rm(work, { recursive: true })
}

function withPolicy(html: string): string {
  return html.replace('<head>', `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">`)
}

/** Redoc shows descriptions, so what stands in extensions is told there. */
function tellExtensions(document: OpenApi): void {
  for (const { operation } of operationsOf(document)) {
    const retry =
      operation['x-retry-safety'] === 'idempotent'
        ? 'Running twice is harmless, so a failed request may be sent again.'
        : 'Sent again only when the first request certainly did not run.'
    operation.description += `\n\n**Retry safety:** ${retry}\n\n**If in doubt:** ${operation['x-if-in-doubt']}\n\n**Permissions:** ${operation['x-permissions'].map((name) => `\`${name}\``).join(', ')}`
  }
  const rows = Object.entries(document['x-error-codes']).map(
    ([code, { status, meaning, hint, refusal }]) =>
      `| \`${code}\` | ${status.join(', ')} | ${meaning} | ${hint} | ${refusal ? 'no' : 'yes'} |`,
  )
  document.info.description += [
    '\n\n# Error codes\n',
    '| code | status | meaning | what to do | may have run |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function indexPage(pages: readonly { name: string; document: OpenApi }[]): string {
  const items = pages.flatMap(({ name, document }) =>
    operationsOf(document).map(
      ({ method, path: route, operation }) =>
        `      <li><a href="${name}.html#operation/${operation.operationId}">${operation.operationId}</a>: ${escape(operation.summary)} <code>${method} ${route}</code></li>`,
    ),
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
    <p>Made from the specs that the clients, the validators and the emulator are generated from.</p>
    <ul>
${items.join('\n')}
    </ul>
    <p>Documents: ${pages.map(({ name, document }) => `<a href="${name}.html">${escape(document.info.title)}</a>`).join(', ')}.</p>
  </body>
</html>
`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
