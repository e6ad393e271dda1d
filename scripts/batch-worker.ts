// Installs the batch worker with the packed package, and lets it work through faults: processes that are killed and
// stopped, a Redis that is killed, and an emulator that fails. The emulator counts how often each file ran.
import { parseArgs } from 'node:util'
import { installApplication } from './batch-worker/install.js'
import { PROVIDERS } from './batch-worker/providers.js'
import { measureThroughput } from './batch-worker/throughput.js'
import { runTrial } from './batch-worker/trial.js'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    files: { type: 'string', default: '120' },
    kills: { type: 'string', default: '12' },
    /** Share of the requests that get each kind of fault. */
    faults: { type: 'string', default: '0.1' },
    /** Measures how fast so many files go through without faults, instead of a trial. */
    throughput: { type: 'string' },
    provider: { type: 'string', multiple: true, default: Object.keys(PROVIDERS) },
  },
})

let failures = 0
await installApplication(async (application) => {
  for (const name of values.provider) {
    const provider = PROVIDERS[name]
    if (provider === undefined) throw new Error(`--provider ${name}: known are ${Object.keys(PROVIDERS).join(', ')}`)
    if (values.throughput !== undefined) {
      await measureThroughput(application, provider, Number(values.throughput))
      continue
    }
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const report = await runTrial(application, provider, {
        seed,
        files: Number(values.files),
        kills: Number(values.kills),
        faultShare: Number(values.faults),
      })
      console.log(`${name}, seed ${String(seed)}: ${report.summary}`)
      for (const violation of report.violations) console.log(`FAILED: ${violation}`)
      failures += report.violations.length
    }
  }
})
if (values.throughput === undefined) {
  console.log(failures === 0 ? 'Every file ran once, or is in doubt.' : `${String(failures)} failures.`)
}
process.exitCode = failures === 0 ? 0 : 1
