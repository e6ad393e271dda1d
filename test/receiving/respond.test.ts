import { afterEach, describe, expect, it, vi } from 'vitest'
import { CallbackError, respondToCallback } from '../../src/callbacks.js'
import { ConnectionError } from '../../src/index.js'
import { rejection } from '../support/clients.js'

afterEach(() => {
  vi.useRealTimers()
})

const failure = { operation: 'getJobs', attempts: 1, mayHaveRun: false }

describe('respondToCallback', () => {
  it('responds 200 once the handler is done', async () => {
    const done: string[] = []
    const response = await respondToCallback(async () => {
      await Promise.resolve()
      done.push('stored')
    })
    expect([response, done]).toEqual([{ status: 200 }, ['stored']])
  })

  it.each([
    ['a forged callback', new CallbackError('verifyMfsEvent', 'wrong-signature', 'forged'), 400],
    ['a job that does not exist', new CallbackError('confirmCallback', 'job-not-found', 'missing'), 400],
    ['a certificate that could not be fetched', new CallbackError('x', 'certificate-unavailable', 'down'), 503],
    ['a certificate that has expired', new CallbackError('x', 'certificate-expired', 'old'), 503],
    ['a page instead of a certificate', new CallbackError('x', 'invalid-certificate', 'bad'), 503],
    ['a certificate with a weak key', new CallbackError('x', 'weak-key', 'bad'), 503],
    ['another algorithm', new CallbackError('x', 'unsupported-algorithm', 'bad'), 503],
    ['a false URL of a certificate', new CallbackError('x', 'invalid-certificate-url', 'bad'), 400],
    ['a body that this server parsed', new CallbackError('x', 'parsed-body', 'parsed'), 503],
    ['a body that this server read', new CallbackError('x', 'body-used', 'read'), 503],
    ['a clock of this server that is behind', new CallbackError('x', 'timestamp-too-new', 'clock'), 503],
    ['a replay', new CallbackError('x', 'timestamp-too-old', 'old'), 400],
    ['a body that is too large', new CallbackError('x', 'body-too-large', 'large'), 400],
    ['a subscription that could not be confirmed', new CallbackError('x', 'confirmation-failed', 'down'), 503],
    ['a body that broke off', new CallbackError('x', 'body-unreadable', 'reset'), 503],
    ['a read that failed', new ConnectionError('down', failure), 503],
    ['a database that is away', new Error('ECONNREFUSED'), 503],
    ['undefined', undefined, 503],
  ])('responds to %s with the status that causes a retry, or prevents it', async (_what, error, status) => {
    expect(await respondToCallback(() => Promise.reject(error as Error))).toEqual({ status, error })
  })

  it('accepts a handler that throws at once', async () => {
    const error = new Error('bug')
    const response = await respondToCallback(() => {
      throw error
    })
    expect(response).toEqual({ status: 503, error })
  })

  it.each([
    [undefined, 4_500],
    [100, 100],
  ])('responds 503 in time, and aborts (timeoutMs %s)', async (timeoutMs, after) => {
    vi.useFakeTimers()
    let signal: AbortSignal | undefined
    const response = respondToCallback(
      (given) => {
        signal = given
        return new Promise(() => undefined)
      },
      timeoutMs === undefined ? {} : { timeoutMs },
    )
    await vi.advanceTimersByTimeAsync(after - 1)
    expect(signal?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await response).toMatchObject({ status: 503, error: { name: 'TimeoutError' } })
    expect(signal?.aborted).toBe(true)
  })

  it('leaves no timer, and no unhandled rejection of a handler that fails late', async () => {
    vi.useFakeTimers()
    await respondToCallback(() => undefined)
    expect(vi.getTimerCount()).toBe(0)
    let fail: (error: Error) => void = () => undefined
    const response = respondToCallback(() => new Promise((_, reject) => (fail = reject)), { timeoutMs: 10 })
    await vi.advanceTimersByTimeAsync(10)
    fail(new Error('late'))
    expect((await response).status).toBe(503)
  })

  it('rejects an unknown option', async () => {
    const misspelled = { timeout: 10 } as object
    expect(await rejection(respondToCallback(() => undefined, misspelled))).toMatchObject({ option: 'timeout' })
  })

  it.each([0, -1, NaN, Infinity, 2 ** 31])('rejects timeoutMs %s', async (timeoutMs) => {
    expect(await rejection(respondToCallback(() => undefined, { timeoutMs }))).toMatchObject({
      name: 'ConfigurationError',
      option: 'timeoutMs',
    })
  })
})
