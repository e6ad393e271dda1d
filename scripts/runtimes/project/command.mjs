// For runtimes with a command line: prints the result of each check as a line of JSON.
import { run } from './checking.mjs'
import * as proxies from './proxies.mjs'
import * as scenario from './scenario.mjs'

const runs = {
  scenario: (setting) => run(scenario.checks, scenario.clientsFor(setting)),
  proxies: (setting) => run(proxies.checks, proxies.clientsFor(setting)),
}

// A function, as there is also a build as CommonJS.
async function main() {
  const [, , name, setting] = process.argv
  for await (const result of runs[name](JSON.parse(setting))) console.log(JSON.stringify(result))
}

void main()
