import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClient } from '../../src/client/client.js'
import { createSettings } from '../../src/client/options.js'
import { jsonBodies } from '../../src/huawei-vod/json-bodies.js'
import type { AttemptEvent } from '../../src/index.js'
import type { Advice, Provider } from '../../src/sending/provider.js'
import { rows } from '../client/rows.js'
import { rejection } from '../support/clients.js'

const events: AttemptEvent[] = []

/** The error of a call that gets an error response without a message. */
function errorWith(loadAdvice: () => Promise<Advice>): Promise<unknown> {
  events.length = 0
  const provider: Provider<{ token: string }> = {
    facts: {
      headers: { requestId: 'x-request-id', date: 'date' },
      optionHeaders: {},
      clockToleranceMs: 900_000,
      clockRefusal: 'never',
    },
    errorCodes: { Full: { status: [400], refusal: true } },
    loadAdvice,
    credentialsKind: { copyOf: () => ({ token: 'TOKENEXAMPLE' }), rule: 'be anything', secretsOf: () => [] },
    sign: () => ({ headers: {} }),
  }
  const options = {
    credentials: { token: 'TOKENEXAMPLE' },
    fetch: () => Promise.resolve(Response.json({ error_code: 'Full' }, { status: 400 })),
    onAttempt: (event: AttemptEvent) => events.push(event),
  }
  const settings = createSettings(options, provider, 'https://api.example.com', { projectId: 'p1' })
  const client = createClient<Record<'listThings', (request: object) => Promise<unknown>>>(
    { operations: rows, documents: [], bodies: jsonBodies },
    settings,
  )
  return rejection(client.listThings({ id: ['a'] }))
}

describe('the advice on an error response', () => {
  it('gives the error its meaning and its hint', async () => {
    const advice = { Full: { meaning: 'The queue is full.', hint: 'Wait.' } }
    const error = await errorWith(() => Promise.resolve({ advice }))
    expect(error).toMatchObject({ code: 'Full', hint: 'Wait.', mayHaveRun: false })
    expect(String(error)).toContain('Full: The queue is full.')
  })

  it('is left out if it cannot be loaded', async () => {
    const error = await errorWith(() => Promise.reject(new TypeError('offline')))
    expect(error).toMatchObject({ name: 'ApiError', code: 'Full', hint: undefined, mayHaveRun: false })
    expect(String(error)).toContain('Full: the provider sent no message')
  })

  it('is left out after a second, which is no part of the attempt', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const ended = vi.fn()
    void errorWith(() => new Promise(() => undefined)).then(ended)
    await vi.advanceTimersByTimeAsync(999)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ name: 'ApiError', code: 'Full' }))
    expect(events.map(({ durationMs }) => durationMs)).toEqual([0])
  })
})
