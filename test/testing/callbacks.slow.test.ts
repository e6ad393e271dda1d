import { expect, it } from 'vitest'
import { signTencentRequest } from '../../src/tencent-ci/index.js'
import { createEmulator } from '../../src/testing/index.js'

const JOBS = 10_100

it(
  '10,100 jobs that end at the same time call back once each, and the last 10,000 are kept',
  { timeout: 180_000 },
  async () => {
    const calls = new Map<string, number>()
    async function receive(request: Request): Promise<Response> {
      const [, id = ''] = /<JobId>(\w+)</.exec(await request.text()) ?? []
      calls.set(id, (calls.get(id) ?? 0) + 1)
      return new Response()
    }
    const clock = { now: Date.now() }
    const emulator = createEmulator({ jobDurationMs: 1_000_000, now: () => clock.now, callbacks: { fetch: receive } })
    const url = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'
    // The signature does not cover the body, and one will do for all.
    const { headers } = await signTencentRequest({
      method: 'POST',
      url,
      credentials: emulator.options.tencent.credentials,
    })
    const body = `<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation><Output>
    <Region>ap-beijing</Region><Bucket>examplebucket-1250000000</Bucket><Object>out.mp3</Object></Output></Operation>
    <CallBack>http://127.0.0.1/ci</CallBack></Request>`
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
  },
)
