import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { signTencentRequest } from '../../src/tencent-ci/index.js'
import { createEmulator } from '../../src/testing/index.js'
import { endServersAfterEach, listening } from '../support/wire-servers.js'

endServersAfterEach()

const JOBS = 10_100

it('10,100 jobs that end at the same time call back once each, over HTTP, and the last 10,000 are kept', async () => {
  const calls = new Map<string, number>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const [, id = ''] = /<JobId>(\w+)</.exec(body) ?? []
      calls.set(id, (calls.get(id) ?? 0) + 1)
      response.end()
    })
  })
  const callBack = `http://${await listening(server)}/ci`
  const clock = { now: Date.now() }
  const emulator = createEmulator({ jobDurationMs: 1_000_000, now: () => clock.now })
  const url = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'
  // The signature does not cover the body, and one will do for all.
  const { headers } = await signTencentRequest({
    method: 'POST',
    url,
    credentials: emulator.options.tencent.credentials,
  })
  const body = `<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation><Output>
    <Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><Object>out.mp3</Object></Output></Operation>
    <CallBack>${callBack}</CallBack></Request>`
  for (let count = 0; count < JOBS; count++) {
    const { status } = await emulator.fetch(url, { method: 'POST', headers, body })
    if (status !== 200) throw new Error(`status ${String(status)}`)
  }
  clock.now += 1_000_000
  await emulator.callbacksDone()
  expect(calls.size).toBe(JOBS)
  expect([...calls.values()].every((count) => count === 1)).toBe(true)
  expect(emulator.callbacks).toHaveLength(10_000)
  expect(emulator.callbacks.every(({ state }) => state === 'delivered')).toBe(true)
  const ids = emulator.jobs().map(({ JobId }) => JobId)
  expect(emulator.callbacks.at(-1)?.id).toBe(ids.at(-1))
  expect(emulator.callbacks.map(({ id }) => id)).not.toContain(ids[0])
})
