import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createClient } from '../../src/client/client.js'
import type { CallPromise } from '../../src/client/call.js'
import { createSettings } from '../../src/client/options.js'
import { jsonBodies } from '../../src/huawei-vod/json-bodies.js'
import type { Provider } from '../../src/sending/provider.js'
import type { Authentication } from '../../src/signing/authentication.js'
import { rows } from '../client/rows.js'
import { huaweiClient, rejection } from '../support/clients.js'
import { extracted, stepFetch } from '../support/step-server.js'

type Methods = Readonly<Record<keyof typeof rows, (request?: object, options?: object) => CallPromise<unknown>>>

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }

/** A client whose signatures are made when the test says so, and how many requests reached its fetch. */
function slowSigner(options: object = {}): { client: Methods; sent: () => number; finishSigning: () => void } {
  let sent = 0
  let finishSigning = (): void => undefined
  const provider: Provider<{ token: string }> = {
    facts: {
      headers: { requestId: 'x-request-id', date: 'date' },
      optionHeaders: {},
      clockToleranceMs: 900_000,
      clockRefusal: 'never',
    },
    errorCodes: {},
    loadAdvice: () => Promise.resolve({ advice: {} }),
    credentialsKind: { copyOf: () => ({ token: 'TOKENEXAMPLE' }), rule: 'be anything', secretsOf: () => [] },
    sign: () =>
      new Promise<Authentication>((resolve) => {
        finishSigning = () => {
          resolve({ headers: {} })
        }
      }),
  }
  const fetch = (): Promise<Response> => {
    sent += 1
    return Promise.resolve(Response.json([]))
  }
  const settings = createSettings(
    { credentials: { token: 'TOKENEXAMPLE' }, fetch, ...options },
    provider,
    'https://api.example.com',
    { projectId: 'p1' },
  )
  const client = createClient<Methods>({ operations: rows, documents: [], bodies: jsonBodies }, settings)
  return {
    client,
    sent: () => sent,
    finishSigning: () => {
      finishSigning()
    },
  }
}

describe('while a signature is computed', () => {
  it('an abort ends the call, and nothing is sent later', async () => {
    const { client, sent, finishSigning } = slowSigner()
    const controller = new AbortController()
    const call = rejection(client.listThings({ id: ['a'] }, { signal: controller.signal }))
    await pause(20)
    controller.abort('user left')
    expect(await call).toMatchObject({ name: 'AbortError', attempts: 0, mayHaveRun: false, cause: 'user left' })
    finishSigning()
    await pause(20)
    expect(sent()).toBe(0)
  })

  it.each(['timeoutMs', 'totalTimeoutMs'])('%s ends the call, and nothing is sent later', async (option) => {
    const { client, sent, finishSigning } = slowSigner({ [option]: 40 })
    const error = await rejection(client.listThings({ id: ['a'] }))
    expect(error).toMatchObject({ name: 'TimeoutError', attempts: 0, mayHaveRun: false })
    expect(error).toHaveProperty('message', `listThings: no signature within ${option} (40 ms)`)
    finishSigning()
    await pause(20)
    expect(sent()).toBe(0)
  })

  it('a stop of the process beyond the timeout counts, though its timer has not fired', async () => {
    const { client, sent, finishSigning } = slowSigner({ timeoutMs: 40 })
    const call = rejection(client.listThings({ id: ['a'] }))
    await pause(20)
    const end = performance.now() + 40
    while (performance.now() < end);
    finishSigning()
    expect(await call).toMatchObject({ name: 'TimeoutError', attempts: 0, mayHaveRun: false })
    await pause(20)
    expect(sent()).toBe(0)
  })

  it('the time that it takes counts for the timeout of the attempt', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const fetch = (): Promise<Response> => new Promise(() => undefined)
    const { client, finishSigning } = slowSigner({ timeoutMs: 200, maxAttempts: 1, fetch })
    const ended = vi.fn()
    client.listThings({ id: ['a'] }).catch(ended)
    await vi.advanceTimersByTimeAsync(150)
    finishSigning()
    await vi.advanceTimersByTimeAsync(49)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ name: 'TimeoutError', attempts: 1 }))
  })
})

describe('nothing is sent after an abort', () => {
  it.each(Array.from({ length: 25 }, (_, count) => count))('%i microtasks after the call began', async (count) => {
    const { fetch, requests } = stepFetch(() => new Promise(() => undefined))
    const controller = new AbortController()
    const credentials = async (): Promise<{ token: string }> => Promise.resolve({ token: 'TOKENEXAMPLE' })
    const call = rejectionOrValue(
      huaweiClient({ fetch, credentials }).createExtractAudioTask(EXTRACT, { signal: controller.signal }),
    )
    for (let turn = 0; turn < count; turn++) await Promise.resolve()
    controller.abort()
    const before = requests.length
    expect(await call).toMatchObject({ name: 'AbortError', attempts: before, mayHaveRun: before === 1 })
    await pause(5)
    expect(requests).toHaveLength(before)
  })

  it('by the credentials function', async () => {
    const { fetch, requests } = stepFetch(extracted)
    const controller = new AbortController()
    const credentials = (): { token: string } => {
      controller.abort()
      return { token: 'TOKENEXAMPLE' }
    }
    const { signal } = controller
    const error = await rejection(huaweiClient({ fetch, credentials }).createExtractAudioTask(EXTRACT, { signal }))
    expect(error).toMatchObject({ name: 'AbortError', attempts: 0, mayHaveRun: false })
    expect(requests).toHaveLength(0)
  })
})

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function rejectionOrValue(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error)
}
