import { execFileSync } from 'node:child_process'
import http from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { signTencentRequest } from '../../src/tencent-ci/index.js'
import { startEmulatorCommand } from '../support/emulator-command.js'

const REQUESTS = 10_000
const CONCURRENCY = 200
const BODY = `<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation><Output>
  <Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><Object>out.mp3</Object></Output></Operation></Request>`

it('the emulator gives 10,000 jobs to 10,000 concurrent submissions, in less than 100 MB more', async () => {
  const command = startEmulatorCommand('--port', '0', '--json')
  const { url } = JSON.parse((await command.line()) ?? '') as { url: string }
  // Read, or the command would wait for room in the pipe.
  const logged = countLines(command.line)
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  // The signature does not cover the body, and one will do for all.
  const { headers } = await signTencentRequest({
    method: 'POST',
    url: `${url}/jobs`,
    credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
  })
  const submitAll = (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => submit(`${url}/jobs`, headers, agent)))
  // Opens the connections, and lets the code be compiled: neither grows with the number of jobs.
  const first = await submitAll(CONCURRENCY)
  const before = residentMegabytes(command.pid)
  const ids = await submitAll(REQUESTS)
  const growth = residentMegabytes(command.pid) - before
  agent.destroy()
  expect(await command.end('SIGTERM')).toBe(0)

  expect(new Set([...first, ...ids]).size).toBe(first.length + REQUESTS)
  expect(await logged).toBe(first.length + REQUESTS)
  expect(growth).toBeLessThan(100)
})

async function submit(url: string, headers: Readonly<Record<string, string>>, agent: http.Agent): Promise<string> {
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.request(url, { method: 'POST', agent, headers }, resolve).once('error', reject).end(BODY)
  })
  const document = await text(answer)
  const [, id] = /<JobId>(j[0-9a-f]{32})<\/JobId>/.exec(document) ?? []
  if (id === undefined) throw new Error(`no job in ${document}`)
  return id
}

async function countLines(line: () => Promise<string | undefined>): Promise<number> {
  let count = 0
  while ((await line()) !== undefined) count += 1
  return count
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
