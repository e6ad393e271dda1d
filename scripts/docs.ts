// Builds docs-site/: one self-contained page a document, and an index page that leads to them.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { operationsOf, type OpenApi } from './generate/documents.js'

const SITE = 'docs-site'
const DOCUMENTS = ['huawei-vod', 'tencent-ci-voice-separate', 'tencent-ci-noise-reduction']

const work = await mkdtemp(path.join(os.tmpdir(), 'docs-'))
try {
  await rm(SITE, { recursive: true, force: true })
  await mkdir(SITE)
  const pages = []
  for (const name of DOCUMENTS) {
    // Generation has written it.
    const document = JSON.parse(await readFile(`generated/specs/${name}.json`, 'utf8')) as OpenApi
    tellExtensions(document)
    const file = path.join(work, `${name}.json`)
    await writeFile(file, JSON.stringify(document))
    await promisify(execFile)(
      'node_modules/.bin/redocly',
      ['build-docs', file, '--output', `${SITE}/${name}.html`, '--inlineBundle', '--disableGoogleFont'],
      { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
    )
    pages.push({ name, document })
  }
  await writeFile(`${SITE}/index.html`, indexPage(pages))
  console.log(`${SITE}/index.html and ${String(pages.length)} pages`)
} finally {
  await rm(work, { recursive: true })
}

/** Redoc shows descriptions, so what stands in extensions is told there. */
function tellExtensions(document: OpenApi): void {
  for (const { operation } of operationsOf(document)) {
    const retry =
      operation['x-retry-safety'] === 'idempotent'
        ? 'Running twice is harmless, so a failed request may be sent again.'
        : 'Sent again only when the first request certainly did not run.'
    operation.description += `\n\n**Retry safety:** ${retry}\n\n**Permissions:** ${operation['x-permissions'].map((name) => `\`${name}\``).join(', ')}`
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
