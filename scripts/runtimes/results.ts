import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { testingOf } from './install.js'
import { withProxySetting } from './proxy-setting.js'
import { IncompleteRun, type Behavior, type Places, type Runtime } from './runtime.js'
import { withSetting } from './setting.js'

/** The results of one runtime. */
export interface Results {
  readonly name: string
  readonly version: string
  /** By check. A check that is not in here does not apply. */
  readonly outcomes: ReadonlyMap<string, Outcome>
}

export type Outcome = 'passed' | { readonly failure: string }

/** What a run printed, and why it failed. */
interface End {
  readonly lines: string
  readonly failure?: string
}

const SENT_ONCE = 'requests per submission'
const END = 'end of the run'

/** The names of all checks. */
export async function checksOf(project: string): Promise<string[]> {
  return [...(await checksIn(project, 'scenario')), SENT_ONCE, ...(await checksIn(project, 'proxies')), END]
}

/** Performs the checks in one runtime. Every check that applies has an outcome, whatever happens. */
export async function resultsOf(runtime: Runtime, places: Places): Promise<Results> {
  const { project } = places
  const { name, behavior, run, runProxies } = runtime
  const testing = testingOf(project)
  const scenario = await withSetting(testing, behavior, async (setting, requests) => {
    const end = await endOf(run(places, setting))
    return { ...end, isSentOnce: judged(numberOfRequests(requests(), behavior)) }
  })
  const outcomes = new Map(outcomesIn(scenario, await checksIn(project, 'scenario')))
  outcomes.set(SENT_ONCE, scenario.isSentOnce)
  let { failure } = scenario
  if (runProxies !== undefined) {
    const proxies = await withProxySetting(testing.createEmulator, project, (setting) =>
      endOf(runProxies(places, setting)),
    )
    for (const [check, outcome] of outcomesIn(proxies, await checksIn(project, 'proxies'))) outcomes.set(check, outcome)
    failure ??= proxies.failure
  }
  outcomes.set(END, judged(failure))
  return { name, version: await runtime.version(places).catch(() => 'not found'), outcomes }
}

/** The names of the checks in a file of the project. */
async function checksIn(project: string, file: 'scenario' | 'proxies'): Promise<string[]> {
  const { checks } = (await import(pathToFileURL(path.join(project, `${file}.mjs`)).href)) as { checks: object }
  return Object.keys(checks)
}

async function endOf(run: Promise<string>): Promise<End> {
  try {
    return { lines: await run }
  } catch (error) {
    return {
      lines: error instanceof IncompleteRun ? error.lines : '',
      failure: error instanceof Error ? error.message : String(error),
    }
  }
}

function outcomesIn({ lines }: End, checks: readonly string[]): [string, Outcome][] {
  const results = lines.split('\n').filter((line) => line.startsWith('{'))
  // The lines are those of project/checking.mjs.
  const parsed = results.map((line) => JSON.parse(line) as { check: string; failure?: string })
  const failures = new Map(parsed.map((result) => [result.check, result.failure]))
  return checks.map((check) => [check, judged(failures.has(check) ? failures.get(check) : 'no result')])
}

/** What is wrong with the number of requests that the submissions of the scenario caused; undefined if nothing is. */
function numberOfRequests(requests: readonly string[], { isSentAgain }: Behavior): string | undefined {
  // The first is aborted and times out, the second loses its response.
  const expected = { createVoiceSeparateJob: 2, createNoiseReductionJob: isSentAgain ? 2 : 1 }
  const complaints = Object.entries(expected).flatMap(([operation, count]) => {
    const seen = requests.filter((name) => name === operation).length
    return seen === count ? [] : [`${operation}: ${String(seen)} instead of ${String(count)}`]
  })
  return complaints.length === 0 ? undefined : complaints.join(', ')
}

/** A line per failure, with the checks that failed so. */
export function failuresIn({ name, outcomes }: Results): string[] {
  const checks = new Map<string, string[]>()
  for (const [check, outcome] of outcomes) {
    if (outcome !== 'passed') checks.set(outcome.failure, [...(checks.get(outcome.failure) ?? []), check])
  }
  return Array.from(checks, ([failure, failed]) => `${name}: ${failed.join(', ')}: ${failure.trim()}`)
}

function judged(failure: string | undefined): Outcome {
  return failure === undefined ? 'passed' : { failure }
}
