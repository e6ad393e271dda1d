import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { isRecord, type Place } from '../generate/document-place.js'
import type { Document, Provider } from '../generate/read/provider.js'
import { waitForAll } from '../wait-for-all.js'

// Under this policy, a page can load nothing that is not in it.
const POLICY = `default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'`

/** Builds the raw contract: one self-contained page per document. Changes the documents. */
export async function buildContract(out: string, providers: readonly Provider[]): Promise<void> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'contract-'))
  try {
    await mkdir(path.join(out, 'contract'), { recursive: true })
    await waitForAll(
      providers.flatMap((provider) => provider.documents.map((document) => buildPage(out, work, document, provider))),
    )
  } finally {
    await rm(work, { recursive: true })
  }
}

async function buildPage(out: string, work: string, document: Document, provider: Provider): Promise<void> {
  describeExtensions(document, provider)
  adaptSchemas(document.place.value)
  const { name, content } = document.place.bundle
  const file = path.join(work, `${name}.json`)
  const page = path.join(out, 'contract', `${name}.html`)
  await writeFile(file, JSON.stringify(content))
  await promisify(execFile)('node_modules/.bin/redocly', ['build-docs', file, '--output', page, '--inlineBundle'], {
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  })
  await writeFile(page, finish(await readFile(page, 'utf8')))
}

/** Redoc shows descriptions only, so this adds the extensions to them, and links to the pages that tell more. */
function describeExtensions({ place, operations }: Document, { facts }: Provider): void {
  for (const { id, place: operation, retrySafety, ifInDoubt, permissions } of operations) {
    const retry =
      retrySafety === 'idempotent'
        ? 'The operation is idempotent, so the client also retries a request that may have run.'
        : 'The client retries only a request that certainly did not run.'
    const permitted = permissions.map((name) => `\`${name}\``).join(', ')
    append(
      operation,
      `\n\n**Retry safety:** ${retry}\n\n**If in doubt:** ${ifInDoubt}\n\n**Permissions:** ${permitted}` +
        `\n\n[Code samples, fields, and errors of ${id}](../operations/${id}.html)`,
    )
  }
  // A list: the columns of a table would be too narrow for a code.
  const codes = Object.entries(facts.errorCodes).map(
    ([code, { status, meaning, refusal }]) =>
      `- [${code}](../errors/${code}.html), ${status.join(', ')}, ${refusal ? 'did not run' : 'may have run'}: ${meaning}`,
  )
  append(place.child('info'), `\n\n# Error codes\n\n${codes.join('\n')}`)
}

function append({ value }: Place, text: string): void {
  if (isRecord(value)) value['description'] = `${String(value['description'])}${text}`
}

/**
 * Redoc shows the branches of a condition as tabs, `if` with `then` first, which the specs use for the exception. So this
 * swaps them: otherwise, a field that only the exception requires would look required. And it gives the known values a
 * type, which Redoc would show as any.
 */
function adaptSchemas(value: unknown): void {
  if (Array.isArray(value)) value.forEach(adaptSchemas)
  if (!isRecord(value)) return
  Object.values(value).forEach(adaptSchemas)
  if (Array.isArray(value['enum'])) value['type'] ??= typeof value['enum'][0]
  const { if: condition, then, else: otherwise } = value
  if (!isRecord(condition) || !isRecord(then) || !isRecord(otherwise)) return
  value['if'] = { title: `Unless ${String(condition['title'])}`, description: otherwise['description'] }
  value['then'] = {}
  value['else'] = { ...then, title: condition['title'] }
}

// Redoc follows the colors of the system. Its own have too little contrast.
const STYLE = `
  html:not(.dark):not(.dark) {
    --link-color-primary: #1f50c0; --search-trigger-color: #4a5160; --code-block-tokens-comment-color: #5d6577;
    --code-block-tokens-string-color: #1f50c0; --code-block-tokens-operator-color: #8a4a06; --code-block-tokens-function-color: #8a4a06
  }
  html.dark.dark { --search-trigger-color: #c5cad6; --code-block-tokens-comment-color: #aab2c3; --code-block-tokens-keyword-color: #ff8cc3 }
  html:not(.dark) :is(.tag-get, .tag-post, .tag-put) * { color: #1f50c0 }
  .schema-name.schema-name { color: inherit !important }
  .site-bar { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; padding: 0.75rem 1.25rem; border-bottom: 1px solid #8886; font: 0.9rem/1.5 system-ui, sans-serif }
  .site-bar a { color: #1f50c0 }
  .dark .site-bar a { color: #a9bbff }`
// Redoc shows it in its credits.
const LOGO = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="60" height="16"><style>@media(prefers-color-scheme:dark){text{fill:#fff}}</style><text y="12" font-family="sans-serif" font-size="12">Redocly</text></svg>')}`
const BAR = `<nav class="site-bar" aria-label="Site"><a href="../index.html">cloud-media-clients</a><a href="../operations/index.html">Operations</a><a href="../errors/index.html">Error codes</a></nav>`

/** Adds the policy and the way back, and removes what Redoc would load from its own servers. */
function finish(html: string): string {
  return (
    replaceOnce(
      html,
      '<head>',
      `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">\n  <style>${STYLE}</style>`,
    )
      .replace(/<body[^>]*>/, (body) => `${body}\n  ${BAR}`)
      // Redoc renders links for a server of its own, and React keeps them.
      .replaceAll('href="/', 'href="#/')
      .replaceAll(/https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(?:-full)?\.svg/g, LOGO)
  )
}

function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`a page of Redoc has no ${from}`)
  return text.replace(from, () => to)
}
