import { describe, expect, it, vi } from 'vitest'
import { ApiError, TimeoutError } from '../../src/index.js'
import { huaweiClient, NEW_YEAR, rejection } from '../support/clients.js'
import { extracted, huaweiError, stepFetch, type Step } from '../support/step-server.js'
import { createVirtualTime } from '../support/virtual-time.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }

const LONG_WINDOWS: [what: string, step: Step][] = [
  ['a Retry-After of a day', throttled({ 'retry-after': '86400' })],
  ['a Retry-After of 400 digits', throttled({ 'retry-after': '9'.repeat(400) })],
  ['a Retry-After in the year 9999', throttled({ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' })],
  ['a window of a day in the message', throttled({}, 'over ratelimit,limit:100,time:1 day')],
]

describe.each(LONG_WINDOWS)('after %s', (_, step) => {
  it('a call that cannot be admitted before its deadline fails at once, with the throttling error as cause', async () => {
    const { fetch, requests } = stepFetch(step, extracted)
    const client = huaweiClient({ fetch, totalTimeoutMs: 30_000 })
    const first = await rejection(client.createExtractAudioTask(EXTRACT))
    const startedAt = performance.now()
    const second = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(first).toBeInstanceOf(ApiError)
    expect(second).toBeInstanceOf(TimeoutError)
    expect(second).toMatchObject({ attempts: 0, mayHaveRun: false, cause: first })
    expect(second).toHaveProperty(
      'message',
      expect.stringContaining('throttled by the provider, not sent within totalTimeoutMs'),
    )
    expect(second).toHaveProperty('hint', expect.stringContaining('Call again later'))
    expect(requests).toHaveLength(1)
  })

  it('a call with time probes after a minute', async () => {
    const time = createVirtualTime(NEW_YEAR)
    const { fetch, requests } = stepFetch(step, extracted)
    const client = huaweiClient({ fetch, now: time.now, sleep: time.sleep })
    await rejection(client.createExtractAudioTask(EXTRACT))
    expect(await client.createExtractAudioTask(EXTRACT)).toMatchObject({ audio_asset_id: 'a2' })
    expect(requests).toHaveLength(2)
    expect(time.sleeps).toEqual([60_000])
  })
})

it('a call that may wait longer than a minute probes after a minute, and says so', async () => {
  const time = createVirtualTime(NEW_YEAR)
  const { fetch } = stepFetch(throttled({ 'retry-after': '90' }), extracted)
  const onAttempt = vi.fn()
  const client = huaweiClient({ fetch, now: time.now, sleep: time.sleep, maxAttempts: 2, onAttempt })
  await client.createExtractAudioTask(EXTRACT)
  expect(time.sleeps).toEqual([60_000])
  expect(onAttempt).toHaveBeenCalledWith(expect.objectContaining({ again: { reason: 'throttled', delayMs: 60_000 } }))
})

it('a call that waits fails as soon as a probe shows that its turn comes too late', async () => {
  const time = createVirtualTime(NEW_YEAR)
  const { fetch } = stepFetch(throttled({ 'retry-after': '20' }), throttled({ 'retry-after': '50' }), extracted)
  const client = huaweiClient({ fetch, now: time.now, sleep: time.sleep, totalTimeoutMs: 60_000 })
  await rejection(client.createExtractAudioTask(EXTRACT))
  const [probe, other] = await Promise.all([1, 2].map(() => rejection(client.createExtractAudioTask(EXTRACT))))
  expect(probe).toMatchObject({ name: 'ApiError', attempts: 1 })
  expect(other).toMatchObject({ name: 'TimeoutError', attempts: 0, cause: { name: 'ApiError' } })
  expect(time.now() - NEW_YEAR).toBe(20_000)
})

it('a call that waits for a probe to end names the throttling as well', async () => {
  const { fetch } = stepFetch(throttled({ 'retry-after': '0' }), () => new Promise(() => undefined))
  const client = huaweiClient({ fetch, totalTimeoutMs: 200, timeoutMs: 10_000 })
  await rejection(client.createExtractAudioTask(EXTRACT))
  const [probe, other] = await Promise.all([1, 2].map(() => rejection(client.createExtractAudioTask(EXTRACT))))
  expect(probe).toMatchObject({ name: 'TimeoutError', attempts: 1, mayHaveRun: true })
  expect(other).toMatchObject({ name: 'TimeoutError', attempts: 0, mayHaveRun: false, cause: { name: 'ApiError' } })
})

describe('a wall clock that steps', () => {
  const DAY_MS = 86_400_000

  it.each([-365 * DAY_MS, 365 * DAY_MS])('by %d ms ends no call', async (step) => {
    let wall = NEW_YEAR
    const refused: Step = () => {
      wall += step
      return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' }))
    }
    const { fetch } = stepFetch(refused, extracted)
    const client = huaweiClient({ fetch, now: () => wall, random: () => 0, maxAttempts: 2, totalTimeoutMs: 5_000 })
    expect((await client.createExtractAudioTask(EXTRACT).withResponse()).attempts).toBe(2)
  })

  it.each([-365 * DAY_MS, 365 * DAY_MS])('by %d ms changes no wait for a throttled operation', async (step) => {
    let wall = NEW_YEAR
    const { fetch, requests } = stepFetch(throttled({}), extracted)
    const client = huaweiClient({ fetch, now: () => wall, random: () => 0.4, totalTimeoutMs: 5_000 })
    await rejection(client.createExtractAudioTask(EXTRACT))
    wall += step
    const startedAt = performance.now()
    await client.createExtractAudioTask(EXTRACT)
    // Four tenths of the first backoff, less the time that the first call took.
    expect(performance.now() - startedAt).toBeGreaterThan(100)
    expect(requests).toHaveLength(2)
  })
})

function throttled(headers: Record<string, string>, message = 'over ratelimit'): Step {
  return huaweiError(429, 'APIGW.0308', message, headers)
}
