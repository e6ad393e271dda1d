import { describe, expect, it } from 'vitest'
import { backoffMs, retryAfterMs } from '../../src/sending/backoff.js'

describe('the backoff', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [6, 16_000],
    [7, 20_000],
    [2_000, 20_000],
  ])('after attempt %i is at most %i ms', (attempt, longest) => {
    expect(backoffMs(attempt, () => 0)).toBe(0)
    expect(backoffMs(attempt, () => 0.25)).toBe(longest / 4)
    expect(backoffMs(attempt, () => 1)).toBe(longest)
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1)

  it.each([
    ['0', 0],
    ['1', 1_000],
    [' 120\t', 120_000],
    ['007', 7_000],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90_000],
    [' Thu, 01 Jan 2026 00:01:30 GMT ', 90_000],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
  ])('%j', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })

  it('may be longer than any timer', () => {
    expect(retryAfterMs('2147484', now)).toBe(2_147_484_000)
    expect(retryAfterMs('9'.repeat(400), now)).toBe(Infinity)
    expect(retryAfterMs('Fri, 31 Dec 9999 23:59:59 GMT', now)).toBe(Date.UTC(9999, 11, 31, 23, 59, 59) - now)
  })

  it.each([
    null,
    '',
    ' ',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1 second',
    '1, 2',
    '١',
    'soon',
    'Invalid Date',
    '2026-01-01T00:01:30Z',
    'Thu, 01 Jan 2026 00:01:30',
    'Thu, 01 Jan 2026 00:01:30 +0000',
    'Thu, 1 Jan 2026 00:01:30 GMT',
    'Fri, 01 Jan 2026 00:01:30 GMT',
    'Sat, 31 Jan 2026 24:00:00 GMT',
    'Tue, 31 Feb 2026 00:00:00 GMT',
  ])('%j says nothing', (header) => {
    expect(retryAfterMs(header, now)).toBeUndefined()
  })
})
