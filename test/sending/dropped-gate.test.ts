import { expect, it } from 'vitest'
import { huaweiClient } from '../support/clients.js'

it('a throttled call waits even if its gate was dropped for those of many other paths', async () => {
  const slept: number[] = []
  let requests = 0
  const fetch = async (request: Request): Promise<Response> => {
    if (!request.url.endsWith('/throttled')) return Response.json({})
    requests += 1
    if (requests > 1) return Response.json({})
    const others = Array.from({ length: 1_001 }, (_, index) => get(`/v1.0/p/other/${String(index)}`))
    await Promise.all(others)
    const headers = { 'retry-after': '10' }
    return Response.json({ error_code: 'APIGW.0308', error_msg: 'slow' }, { status: 429, headers })
  }
  const client = huaweiClient({ fetch, maxAttempts: 2, sleep: (ms) => Promise.resolve(slept.push(ms)) })
  // Paths that the spec lacks are the point.
  const raw = client.raw as unknown as { GET: (path: string) => Promise<unknown> }
  function get(path: string): Promise<unknown> {
    return raw.GET(path)
  }

  await get('/v1.0/p/throttled')
  expect([requests, slept]).toEqual([2, [10_000]])
})
