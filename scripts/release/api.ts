// Writes test/public-api.md, the declarations that users see. With --check it writes nothing: a difference is an error.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { readManifest } from './manifest.js'

const REPORT = 'test/public-api.md'
// openapi-typescript derives these from the specs, whose own comparison is shorter.
const FROM_SPECS =
  /^\/\/ @public.*\n(?:export )?interface (?:paths|operations|components)(?:[$_]\d+)? \{$[^]*?^\}\n\n/gm

// A folder of its own, as dist/ may be in use. The name has no part node_modules, which would make all of it external.
const folder = mkdtempSync(path.join(os.tmpdir(), 'api-'))
try {
  build()
  const current = extract().replaceAll(FROM_SPECS, '')
  if (!process.argv.includes('--check')) {
    writeFileSync(REPORT, current)
    console.log(`${REPORT}: ${String(current.split('\n').length)} lines`)
  } else if (current === readFileSync(REPORT, 'utf8')) {
    console.log(`${REPORT} is up to date`)
  } else {
    writeFileSync(path.join(folder, 'current.md'), current)
    printDifference(path.join(folder, 'current.md'))
    console.error(`${REPORT} is out of date: run npm run api, look at the difference, and commit it`)
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}

function build(): void {
  execFileSync('node_modules/.bin/tsdown', ['--out-dir', path.join(folder, 'dist'), '--log-level', 'error'])
  // API Extractor would look for the sources, which are not here.
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.map')) rmSync(path.join(folder, file))
  }
  cpSync('package.json', path.join(folder, 'package.json'))
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'), 'junction')
}

/** One report for all entries: a namespace lists what an entry exports, and each declaration stands there once. */
function extract(): string {
  const start = path.join(folder, 'dist/all.d.mts')
  writeFileSync(
    start,
    entries()
      .map(({ name, file }) => `export * as ${name} from './${file}.mjs'\n`)
      .join(''),
  )
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: path.join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      newlineKind: 'lf',
      mainEntryPointFilePath: start,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
          files: [start],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: 'api',
        reportFolder: folder,
        reportTempFolder: folder,
      },
      // Tests of the package look at doc comments.
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  })
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error
    },
  })
  if (!succeeded) throw new Error('API Extractor cannot read the declarations')
  return readFileSync(path.join(folder, 'api.api.md'), 'utf8')
}

/** The entry points of package.json that have declarations. */
function entries(): { name: string; file: string }[] {
  return Object.values(readManifest().exports).flatMap((target) => {
    const file = /"\.\/dist\/([^"]+)\.d\.mts"/.exec(JSON.stringify(target))?.[1]
    return file === undefined
      ? []
      : [{ name: file.replace(/\W(\w)/g, (_, letter: string) => letter.toUpperCase()), file }]
  })
}

function printDifference(current: string): void {
  try {
    execFileSync('git', ['diff', '--no-index', '--no-color', REPORT, current], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
  } catch {
    // git reports a difference as a failure.
  }
}
