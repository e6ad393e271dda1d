import { describe, expect, it } from 'vitest'
import { provider } from '../../generated/huawei-vod/provider.js'
import { throttleWindowMs } from '../../src/sending/read-answer.js'

function message(window: string): string {
  return `The throttling threshold has been reached: policy user over ratelimit,limit:100,${window}`
}

describe('the window in the throttle message', () => {
  it.each([
    ['time:1 minute', 60_000],
    ['time:30 second', 30_000],
    ['time:30 seconds', 30_000],
    ['time:2 minutes', 120_000],
    ['time:1 hour', 3_600_000],
    ['time:24 hours', 86_400_000],
    ['time:1 day', 86_400_000],
    ['TIME:1 MINUTE', 60_000],
    ['time: 1 Minute, try later', 60_000],
  ])('%j', (window, ms) => {
    expect(throttleWindowMs(message(window), provider)).toBe(ms)
  })

  it.each([
    '',
    'The throttling threshold has been reached',
    'time:1 minute',
    message('time:0 second'),
    message('time:2 days'),
    message('time:25 hours'),
    message(`time:${'9'.repeat(400)} seconds`),
    message('time:-1 minute'),
    message('time:1.5 minute'),
    message('time:1 minuteman'),
    message('time:1 month'),
    message('time:minute'),
  ])('%j has no window', (text) => {
    expect(throttleWindowMs(text, provider)).toBeUndefined()
  })
})
