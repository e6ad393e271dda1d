// For workerd: a request with the setting, and a response with the result of each check as a line of JSON.
import { run } from './checking.mjs'
import { checks, clientsFor } from './scenario.mjs'

export default {
  async fetch(request) {
    let lines = ''
    for await (const result of run(checks, clientsFor(await request.json()))) lines += `${JSON.stringify(result)}\n`
    return new Response(lines)
  },
}
