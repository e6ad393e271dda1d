// Prints the CPU microseconds of one submission in this process: `client`, as the batch worker makes it, or `node:http`,
// which repeats a signed request. Its settings are those of the batch worker, and the request comes by standard input.
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { huaweiVod } from '../../test/examples/batch-worker/src/huawei-vod.js'
import { readSettings } from '../../test/examples/batch-worker/src/settings.js'
import { tencentCi } from '../../test/examples/batch-worker/src/tencent-ci.js'
import type { RecordedRequest } from '../../src/testing/index.js'

const COUNT = 8_000
const AT_ONCE = 64

const [kind] = process.argv.slice(2)
// The boundary to the process that measures.
const { file, url, method, headers, body } = JSON.parse(await text(process.stdin)) as RecordedRequest & {
  readonly file: string
}
const settings = readSettings()
const { submit } = (settings.operation === 'createExtractAudioTask' ? huaweiVod : tencentCi)(settings, () => undefined)
const agent = new http.Agent({ keepAlive: true })

function repeat(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent }, (response) => {
      if (response.statusCode !== 200 && response.statusCode !== 202) reject(new Error(String(response.statusCode)))
      text(response).then(() => {
        resolve()
      }, reject)
    })
    request.on('error', reject).end(body)
  })
}

const call = kind === 'client' ? (): Promise<string> => submit(file, 'first/file') : repeat

async function load(count: number): Promise<void> {
  let left = count
  const one = async (): Promise<void> => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}

await load(COUNT / 4)
const before = process.cpuUsage()
await load(COUNT)
const { user, system } = process.cpuUsage(before)
console.log(((user + system) / COUNT).toFixed(0))
agent.destroy()
