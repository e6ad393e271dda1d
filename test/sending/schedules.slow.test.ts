import { expect, it } from 'vitest'
import { runSchedules } from './schedules.js'

it('10,000 random schedules run each submission at most once, and every call that may be retried succeeds', async () => {
  const { mustSucceed, mustSucceedIdempotent, concurrent, ranTwice, uncertain } = await runSchedules(10_000)
  // Otherwise the schedules are not what this test is about.
  expect(mustSucceed).toBeGreaterThan(1_000)
  expect(mustSucceedIdempotent).toBeGreaterThan(300)
  expect(concurrent).toBeGreaterThan(1_000)
  expect(ranTwice).toBeGreaterThan(100)
  expect(uncertain).toBeGreaterThan(1_000)
})
