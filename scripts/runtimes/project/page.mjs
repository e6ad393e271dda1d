// For browsers: a global function that takes the setting, and returns the result of each check as a line of JSON.
import { run } from './checking.mjs'
import { checks, clientsFor } from './scenario.mjs'

globalThis.runScenario = async (setting) => {
  let lines = ''
  for await (const result of run(checks, clientsFor(setting))) lines += `${JSON.stringify(result)}\n`
  return lines
}
