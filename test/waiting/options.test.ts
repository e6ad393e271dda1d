import { describe, expect, it } from 'vitest'
import { ConfigurationError, RequestValidationError } from '../../src/errors/errors.js'
import { readWaitOptions, type PollFacts, type WaitOptions } from '../../src/waiting/options.js'
import { startWait } from '../../src/waiting/start-wait.js'
import { rejection } from '../support/clients.js'
import { all, createWorld, type Thing } from './world.js'

const FACTS: PollFacts = { state: 'Running', progress: 5, elapsedMs: 1, reads: 2 }
const THING: Thing = { id: 'a' }

function pollOf(facts: PollFacts, thing: Thing): PollFacts & { thing: Thing } {
  return { ...facts, thing }
}

describe('the options of a wait', () => {
  it('have defaults', () => {
    const defaults = { timeoutMs: 1_800_000, pollIntervalMs: undefined, signal: undefined, onPoll: undefined }
    expect(readWaitOptions(undefined, pollOf)).toEqual(defaults)
    expect(readWaitOptions({}, pollOf)).toEqual(defaults)
  })

  it.each([
    [1, 500],
    [499, 500],
    [500, 500],
    [7_000, 7_000],
  ])('an interval of %i ms counts as %i ms', (pollIntervalMs, counts) => {
    expect(readWaitOptions({ pollIntervalMs }, pollOf).pollIntervalMs).toBe(counts)
  })

  it.each<[option: string, options: unknown]>([
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: NaN }],
    ['timeoutMs', { timeoutMs: '5' }],
    ['timeoutMs', { timeoutMs: Infinity }],
    ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ['pollIntervalMs', { pollIntervalMs: 0 }],
    ['pollIntervalMs', { pollIntervalMs: -1 }],
    ['pollIntervalMs', { pollIntervalMs: null }],
    ['signal', { signal: 'abort' }],
    ['onPoll', { onPoll: 'print' }],
    ['timeout', { timeout: 5 }],
    ['intervalMs', { intervalMs: 5 }],
    ['options', null],
  ])('reject a wrong %s: %j', (option, options) => {
    expect(() => readWaitOptions(options as WaitOptions<unknown>, pollOf)).toThrow(ConfigurationError)
    expect(() => readWaitOptions(options as WaitOptions<unknown>, pollOf)).toThrow(option)
  })

  it('hand onPoll one object, and ignore its errors', async () => {
    const polls: unknown[] = []
    const listeners = [
      (poll: unknown) => polls.push(poll),
      () => {
        throw new Error('thrown')
      },
      () => Promise.reject(new Error('rejected')),
    ]
    for (const onPoll of listeners) readWaitOptions({ onPoll }, pollOf).onPoll?.(FACTS, THING)
    await Promise.resolve()
    expect(polls).toEqual([{ ...FACTS, thing: THING }])
  })
})

describe('a wait', () => {
  const { requests, reads } = createWorld({ answer: ({ ids }) => all(ids, 'Success') })

  it('begins with an ID', async () => {
    expect(await startWait(reads, () => 'a', undefined, pollOf)).toEqual({ id: 'a', state: 'Success' })
    expect(requests).toHaveLength(1)
  })

  it.each<[what: string, readId: () => unknown]>([
    ['no ID', () => undefined],
    ['an empty one', () => ''],
    ['a number', () => 5],
    [
      'a getter that throws',
      () => {
        throw new Error('not to be read')
      },
    ],
  ])('does not begin with %s', async (_, readId) => {
    const { length } = requests
    const error = await rejection(startWait(reads, readId, undefined, pollOf))
    expect(error).toBeInstanceOf(RequestValidationError)
    expect(error).toMatchObject({ operation: 'waitForThing', attempts: 0, mayHaveRun: false })
    expect(String(error)).not.toContain('not to be read')
    expect(requests).toHaveLength(length)
  })

  it('rejects a wrong option', async () => {
    const error = await rejection(startWait(reads, () => 'a', { timeoutMs: -1 }, pollOf))
    expect(error).toMatchObject({ name: 'ConfigurationError', option: 'timeoutMs' })
  })

  it('rejects options that cannot be read', async () => {
    const options = Object.defineProperty({}, 'timeoutMs', {
      get: () => {
        throw new Error('not to be read')
      },
    })
    expect(await rejection(startWait(reads, () => 'a', options, pollOf))).toBeInstanceOf(RequestValidationError)
  })
})
