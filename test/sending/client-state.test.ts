import { expect, it } from 'vitest'
import { CloudMediaError } from '../../src/errors/errors.js'
import { ClientState } from '../../src/sending/client-state.js'
import type { Operation } from '../../src/sending/operation.js'
import type { Settings } from '../../src/sending/settings.js'

it('keeps the gates of throttled operations, and a bounded number of others', () => {
  // A gate reads nothing but the clock.
  const settings = { monotonicNow: () => 0, sleep: () => new Promise(() => undefined) } as unknown as Settings
  const state = new ClientState(settings)
  const gateOf = (name: string) => state.gateOf({ name } as Operation)
  const [throttled, open] = [gateOf('throttled'), gateOf('open')]
  const error = new CloudMediaError('SlowDown', { operation: 'test', attempts: 1, mayHaveRun: false })
  throttled.admitIfOpen()?.throttled(60_000, error)
  for (let count = 0; count < 2_000; count += 1) gateOf(`GET /v1/things/${String(count)}`)
  expect(gateOf('throttled')).toBe(throttled)
  expect(gateOf('open')).not.toBe(open)
})
