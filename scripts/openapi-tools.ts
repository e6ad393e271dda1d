// Runs OpenAPI tools of others on every bundle: a linter, and generators of TypeScript clients, whose output must compile
// and have the fields of the spec. Fails on a report that is not known to be false.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { parse } from 'yaml'
import { expectedTypes, type Schemas } from './openapi-tools/expected-types.js'
import { withPackages } from './with-packages.js'

interface Tool {
  readonly package: string
  /** The newest that supports Node 20. */
  readonly version: string
  readonly bin: string
  /** A generator writes index.ts, and the files that it imports, into the folder `output`. */
  readonly args: (bundle: string, output: string) => readonly string[]
  readonly isGenerator: boolean
  /** Matches the lines of a run without a report. Every other line is a report. */
  readonly usual: RegExp
  readonly knownFalse: readonly { readonly report: RegExp; readonly because: string }[]
}

const tools: readonly Tool[] = [
  {
    package: '@stoplight/spectral-cli',
    version: '6.16.3',
    bin: 'spectral',
    args: (bundle) => ['lint', bundle, '--ruleset', 'ruleset.yaml', '--format', 'stylish'],
    isGenerator: false,
    usual: /^\/|^No results |\d+ problems? \(/,
    knownFalse: [
      {
        report: / oas3-valid-media-example "value" property type must be object .*\.application\/xml\./,
        because: 'an example that JSON cannot express is a string (OpenAPI 3.1.1, Example Object)',
      },
      {
        report: / info-contact /,
        because: 'OpenAPI does not require a contact',
      },
    ],
  },
  {
    package: '@hey-api/openapi-ts',
    version: '0.95.0',
    bin: 'openapi-ts',
    args: (bundle, output) => ['--input', bundle, '--output', output, '--no-log-file'],
    isGenerator: true,
    usual: /^@hey-api\/openapi-ts v|Generating from 1 input:$|\[1\] \/|Your output is in /,
    knownFalse: [],
  },
  {
    package: 'orval',
    version: '7.13.2',
    bin: 'orval',
    args: (bundle, output) => ['--input', bundle, '--output', `${output}/index.ts`, '--client', 'fetch'],
    isGenerator: true,
    // The reports of a failed validation follow its line.
    usual: /- A swagger client generator |has been converted into|Swagger schema validation failed\.$/,
    knownFalse: [
      {
        report: /^#\/servers\/\d+\/variables\/\w+ must NOT have unevaluated properties$/,
        because: 'its JSON Schema of OpenAPI 3.1 is the draft of 2021-04-15, which misspells "description"',
      },
    ],
  },
  {
    package: 'swagger-typescript-api',
    version: '13.13.0',
    bin: 'swagger-typescript-api',
    args: (bundle, output) => [
      ...['generate', '--path', bundle, '--output', output, '--name', 'index.ts'],
      ...['--enum-style', 'union', '--silent'],
    ],
    isGenerator: true,
    usual: /^$/,
    knownFalse: [],
  },
]

const PACKAGES = {
  ...Object.fromEntries(tools.map((tool) => [tool.package, tool.version])),
  typescript: '5.9.3',
}
const OUTPUT = 'output'
const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: [],
  },
  include: [OUTPUT],
}

const { apis } = parse(await readFile('redocly.yaml', 'utf8')) as { apis: object }
const failures: string[] = []
await withPackages(PACKAGES, async (folder) => {
  await writeFile(path.join(folder, 'ruleset.yaml'), 'extends: spectral:oas\n')
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  for (const tool of tools) {
    const unseen = new Set(tool.knownFalse)
    for (const bundle of Object.keys(apis)) {
      const reports = await reportsOf(tool, path.resolve('generated/specs', `${bundle}.json`), folder)
      const wrong = reports.filter((report) => {
        const known = tool.knownFalse.filter((each) => each.report.test(report))
        for (const each of known) unseen.delete(each)
        return known.length === 0
      })
      const falseOnes = reports.length - wrong.length
      const outcome = `${wrong.length === 0 ? 'passed' : 'FAILED'}, ${String(falseOnes)} false reports`
      console.log(`${tool.package} ${tool.version}`.padEnd(34), bundle.padEnd(27), outcome)
      failures.push(...wrong.map((report) => `${tool.package} ${bundle}: ${report}`))
    }
    for (const { report } of unseen) failures.push(`${tool.package}: no report matches ${String(report)}: remove it`)
  }
})
for (const failure of failures) console.log(`FAILED: ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

/** The reports of a tool on a bundle, and those of the compiler on what the tool generates. */
async function reportsOf(tool: Tool, bundle: string, folder: string): Promise<string[]> {
  const output = path.join(folder, OUTPUT)
  await rm(output, { recursive: true, force: true })
  const reports = await run(folder, tool.bin, tool.args(bundle, OUTPUT), tool.usual)
  if (!tool.isGenerator) return reports

  const index = path.join(output, 'index.ts')
  if (!existsSync(index)) return [...reports, 'generated nothing']
  await writeFile(index, (await readFile(index, 'utf8')).replace('// @ts-nocheck', ''))
  const { components } = JSON.parse(await readFile(bundle, 'utf8')) as { components: { schemas: Schemas } }
  await writeFile(path.join(output, 'expected-types.ts'), expectedTypes(components.schemas))
  return [...reports, ...(await run(folder, 'tsc', ['--project', '.', '--pretty', 'false'], /^$/))]
}

/** The lines that a command prints, without the usual ones. If it fails without any, the error. */
function run(folder: string, command: string, args: readonly string[], usual: RegExp): Promise<string[]> {
  const file = path.join(folder, 'node_modules/.bin', command)
  // Without a terminal and with CI, all of them print plain lines.
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', DO_NOT_TRACK: '1' }
  return new Promise((resolve) => {
    execFile(file, args, { cwd: folder, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const lines = stripVTControlCharacters(`${stdout}\n${stderr}`).split('\n')
      const texts = lines.map((line) => line.trim().replaceAll(/\s+/g, ' '))
      const reports = texts.filter((line) => line !== '' && !usual.test(line))
      if (error !== null && (reports.length === 0 || error.killed === true)) reports.push(error.message)
      resolve(reports)
    })
  })
}
