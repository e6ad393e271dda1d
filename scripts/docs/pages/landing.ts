import { readFile } from 'node:fs/promises'
import { readFigures, type Figures } from '../../bench/figures.js'
import type { Service } from '../../bench/parties.js'
import { SDKS } from '../../provider-sdks/install.js'
import { cards, fence, lead, tabs } from './markup.js'
import type { Page } from './page.js'

const SUMMARY =
  'Typed, signed TypeScript clients for audio jobs on Huawei Cloud VOD and Tencent Cloud CI, and an emulator to build against without an account.'

/** The pages that the landing page leads to. */
const NEXT = [
  'guides/quick-start-tencent',
  'guides/quick-start-huawei',
  'guides/testing',
  'guides/waiting-and-recovering',
  'guides/callbacks-and-events',
  'guides/errors-and-retries',
  'operations/index',
  'errors/index',
]

/** The page that the site opens with. */
export async function landingPage(pages: readonly Page[]): Promise<Page> {
  const markdown = `<div class="hero"><div>

# Cloud audio jobs, never retried on a guess

${lead(SUMMARY)}

\`\`\`bash
npm install cloud-media-clients
\`\`\`

<p class="buttons"><a class="button primary" href="site:guides/quick-start-tencent.html">Get started</a> <a class="button" href="site:operations/index.html">Operations</a> <a class="button" href="site:errors/index.html">Error codes</a></p>

</div><div>

${tabs([
  { label: 'On your machine', markdown: emulatorSnippet(pages) },
  {
    label: 'On the service',
    markdown: fence('ts', await readFile('specs/tencent-ci/code-samples/createNoiseReductionJob.ts', 'utf8')),
  },
])}

</div></div>

<div class="cards">
<div class="card"><strong>No retry creates a second job</strong><span>The client retries a submission only if the first attempt certainly did not run. If that is unknown, the error says so, and <code>findJob</code> finds the job.</span></div>
<div class="card"><strong>The spec is the product</strong><span>Types, validation, XML, error knowledge, emulator, and these pages are generated from one contract in OpenAPI and XML Schema.</span></div>
<div class="card"><strong>Works without an account</strong><span>The emulator verifies signatures, runs jobs to their end, and fails on demand. The providers' own SDKs can call it.</span></div>
</div>

## What happens to a lost response

<ol class="steps">
<li>The client has sent the request, and the connection breaks before the response.</li>
<li>The client retries an idempotent operation, such as <code>unpublishAssets</code>. It does not retry a submission, which creates a paid job.</li>
<li>You get an error with <code>mayHaveRun: true</code>, <code>startedAt</code>, and a <code>hint</code>.</li>
<li><code>ci.findJob(request, { since: error.startedAt })</code> returns the job, or undefined if there is none. For VOD, <a href="site:guides/waiting-and-recovering.html">list the new assets</a>.</li>
</ol>

## Beside the providers' SDKs

${table(await readFigures('scripts/docs/figures.json'))}

## Where to go

${cards([
  ...NEXT.map((path) => pageAt(pages, path)),
  { path: 'api', title: 'TypeScript reference', summary: 'Every export, type, and option.' },
])}
`
  return { path: 'index', title: 'cloud-media-clients', summary: SUMMARY, markdown }
}

/** The first of the quick start, so tests run it. */
function emulatorSnippet(pages: readonly Page[]): string {
  const { markdown } = pageAt(pages, 'guides/quick-start-tencent')
  const [snippet] = /^```ts\n[^]*?^```$/m.exec(markdown) ?? []
  if (snippet === undefined) throw new Error('guides/quick-start-tencent has no snippet')
  return snippet
}

function pageAt(pages: readonly Page[], path: string): Page {
  const page = pages.find((one) => one.path === path)
  if (page === undefined) throw new Error(`the landing page leads to ${path}, which is missing`)
  return page
}

const DIFFERENCES = [
  ['Requests sent for one submission if responses are lost', '1', '1', 'up to 4'],
  ['Error says whether the job may exist', 'yes', 'no', 'no'],
  ['Validates the fields of a request', 'yes', 'no', 'no'],
  ['Timeout by default', '30 s', 'none', 'none'],
  ['Waits for the result', 'yes', 'no', 'no'],
  ['Emulator for tests', 'yes', 'no', 'no'],
]

function table({ first, warm, date, node, amounts }: Figures): string {
  const rows = [
    ...DIFFERENCES,
    ['CPU of a process with one call to VOD', ...cells('huawei-vod', first, 'ms')],
    ['CPU of a process with one call to CI', ...cells('tencent-ci', first, 'ms')],
    ['CPU of a warm call to VOD', ...cells('huawei-vod', warm, 'µs')],
    ['CPU of a warm call to CI', ...cells('tencent-ci', warm, 'µs')],
  ]
  const sdks = SDKS.map(({ name, version }) => `\`${name}\` ${version}`)
  return `| | this library | Huawei SDK | COS SDK |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}

The SDKs are ${sdks.join(' and ')}. \`npm run bench\` measured the CPU times on ${date} with Node ${node}: medians of
${String(amounts.processes)} fresh processes, and of ${String(amounts.rounds * amounts.turns)} turns of warm calls, one after the other, over https to a server on the
same machine. Lower is better.`
}

/** Ours, Huawei's, and COS: each SDK is for one service. */
function cells(service: Service, figures: Figures['first'], unit: string): string[] {
  const { ours, sdk } = figures[service]
  const [own, other] = [`${String(ours)} ${unit}`, `${String(sdk)} ${unit}`]
  return service === 'huawei-vod' ? [own, other, ''] : [own, '', other]
}
