// Installs the batch worker with the packed package, and lets it work. Parts, by name: `scenarios`, one for each promise of
// its README; `trials`, in which processes and Redis are killed while the emulator fails, and the emulator counts how often
// each file ran; `throughput`. Without names: the scenarios and short trials.
import { parseArgs } from 'node:util'
import { installApplication } from './batch-worker/install.js'
import { PROVIDERS } from './batch-worker/providers.js'
import { runScenarios } from './batch-worker/scenarios.js'
import { measureThroughput } from './batch-worker/throughput.js'
import { runTrial } from './batch-worker/trial.js'

const { values, positionals } = parseArgs({
  options: {
    /** The first and the last seed. */
    seeds: { type: 'string', default: '1-1' },
    files: { type: 'string', default: '40' },
    kills: { type: 'string', default: '6' },
    /** Share of the requests that get each kind of fault. */
    faults: { type: 'string', default: '0.04' },
    provider: { type: 'string', multiple: true, default: Object.keys(PROVIDERS) },
    /** Scenarios whose title has this. */
    scenario: { type: 'string', default: '' },
  },
  allowPositionals: true,
})
const parts = positionals.length === 0 ? ['scenarios', 'trials'] : positionals
const [first = 1, last = first] = values.seeds.split('-').map(Number)
const providers = values.provider.map((name) => {
  const provider = PROVIDERS[name]
  if (provider === undefined) throw new Error(`--provider ${name}: known are ${Object.keys(PROVIDERS).join(', ')}`)
  return { name, provider }
})
const files = Number(values.files)

let failures = 0
await installApplication(async (application) => {
  if (parts.includes('scenarios')) failures += await runScenarios(application, values.scenario)
  if (parts.includes('trials')) {
    for (const { name, provider } of providers) {
      for (let seed = first; seed <= last; seed++) {
        const input = { seed, files, kills: Number(values.kills), faultShare: Number(values.faults) }
        const { summary, violations } = await runTrial(application, provider, input)
        console.log(`${name}, seed ${String(seed)}: ${summary}`)
        for (const violation of violations) console.log(`FAILED: ${violation}`)
        failures += violations.length
      }
    }
    if (failures === 0) console.log('Every file ran once, or is in doubt.')
  }
  if (parts.includes('throughput')) {
    for (const { provider } of providers) await measureThroughput(application, provider, files)
  }
})
if (failures > 0) console.log(`${String(failures)} failures.`)
process.exitCode = failures === 0 ? 0 : 1
