// Packs the package, and uses it in every runtime that it supports, against the emulator. Prints a table of all checks, and
// fails if one of them fails or is not performed. Requires the network for the runtimes, and Debian's chromium.
import os from 'node:os'
import { parseArgs } from 'node:util'
import { installRuntimes, withProject } from './runtimes/install.js'
import { runtimes } from './runtimes/list.js'
import { checksOf, failuresIn, resultsOf, type Outcome, type Results } from './runtimes/results.js'
import type { Runtime } from './runtimes/runtime.js'

const { values } = parseArgs({
  options: {
    // The name of a runtime; repeatable.
    without: { type: 'string', multiple: true, default: [] },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
})
const unknown = values.without.filter((name) => !runtimes.some((runtime) => runtime.name === name))
if (unknown.length > 0) {
  throw new Error(`--without ${unknown.join(', ')}: known are ${runtimes.map(({ name }) => name).join(', ')}`)
}

const start = performance.now()
const installing = installRuntimes()
// Reported below, once the package is packed.
installing.catch(() => undefined)
const failures = await withProject(async (project) => {
  const places = { packages: await installing, project, chromium: values.chromium }
  const results = await inParallel(
    runtimes.filter(({ name }) => !values.without.includes(name)),
    (runtime) => resultsOf(runtime, places),
  )
  console.log(table(await checksOf(project), results))
  return results.flatMap(failuresIn)
})
for (const name of values.without) console.log(`SKIPPED: ${name}, as --without says`)
for (const failure of failures) console.log(`FAILED: ${failure}`)
const seconds = Math.round((performance.now() - start) / 1000)
console.log(`${failures.length === 0 ? 'All checks passed' : 'Some checks failed'} in ${String(seconds)} s.`)
process.exitCode = failures.length === 0 ? 0 : 1

/** As many at a time as there are processors. */
async function inParallel(all: readonly Runtime[], use: (runtime: Runtime) => Promise<Results>): Promise<Results[]> {
  const results = new Map<Runtime, Results>()
  const waiting = [...all]
  const next = async (): Promise<void> => {
    for (let runtime = waiting.shift(); runtime !== undefined; runtime = waiting.shift()) {
      results.set(runtime, await use(runtime))
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, next))
  return all.flatMap((runtime) => results.get(runtime) ?? [])
}

/** A row per check, a column per runtime. A check that does not apply to a runtime has a dash. */
function table(checks: readonly string[], results: readonly Results[]): string {
  const rows = [
    ['', ...results.map(({ name }) => name)],
    ['', ...results.map(({ version }) => version)],
    ...checks.map((check) => [check, ...results.map(({ outcomes }) => cell(outcomes.get(check)))]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '–'
  return outcome === 'passed' ? '✓' : '✗'
}
