import { expect, it } from 'vitest'
import { TimeoutError } from '../../src/index.js'
import { useAnswers } from '../support/answering.js'
import { huaweiClient, rejection } from '../support/clients.js'

const server = useAnswers()

it('a credentials function that never settles is forgotten at the deadline, and the error names it', async () => {
  const sent = server.answer({ status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' })
  let isStuck = true
  let asked = 0
  const credentials = (): Promise<{ token: string }> => {
    asked += 1
    return isStuck ? new Promise(() => undefined) : Promise.resolve({ token: 'TOKENEXAMPLE' })
  }
  const client = huaweiClient({ credentials, totalTimeoutMs: 1_000, now: Date.now })
  const errors = await Promise.all([1, 2].map(() => rejection(client.unpublishAssets({ asset_id: ['a'] }))))
  for (const error of errors) {
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({
      message: 'unpublishAssets: the credentials function did not settle within totalTimeoutMs (1000 ms)',
      attempts: 0,
      mayHaveRun: false,
    })
  }
  isStuck = false
  await client.unpublishAssets({ asset_id: ['a'] })
  expect([asked, sent.length]).toEqual([2, 1])
})

it('the abort of one call does not end the renewal for another call', async () => {
  server.answer({ status: 200, contentType: 'application/json', body: '{"asset_info_array":[]}' })
  let settle: (value: { token: string }) => void = () => undefined
  let asked = 0
  const credentials = (): Promise<{ token: string }> => {
    asked += 1
    return new Promise((resolve) => {
      settle = resolve
    })
  }
  const client = huaweiClient({ credentials })
  const controller = new AbortController()
  const aborted = rejection(client.unpublishAssets({ asset_id: ['a'] }, { signal: controller.signal }))
  const other = client.unpublishAssets({ asset_id: ['b'] })
  controller.abort()
  expect(await aborted).toMatchObject({ name: 'AbortError', attempts: 0 })
  settle({ token: 'TOKENEXAMPLE' })
  await other
  expect(asked).toBe(1)
})
