import { expect, it } from 'vitest'
import { runSchedules } from './schedules.js'

const SCHEDULES = 300

it('300 random schedules run each submission at most once, and every call that may be retried succeeds', async () => {
  const { mustSucceed, mustSucceedIdempotent, concurrent, ranTwice, uncertain } = await runSchedules(SCHEDULES)
  // Otherwise the schedules are not what this test is about.
  expect(mustSucceed).toBeGreaterThan(SCHEDULES / 10)
  expect(mustSucceedIdempotent).toBeGreaterThan(SCHEDULES / 50)
  expect(concurrent).toBeGreaterThan(SCHEDULES / 10)
  expect(ranTwice).toBeGreaterThan(SCHEDULES / 150)
  expect(uncertain).toBeGreaterThan(SCHEDULES / 10)
})
