import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/testing/index.js'
import { version } from '../../src/version.js'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'
import { EXISTING, NOISE } from './emulated.js'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('the control of a listening emulator', () => {
  it('reports that it is running, and its version', async () => {
    const { url } = await listening()
    const response = await fetch(`${url}/_emulator/health`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await response.json()).toEqual({ status: 'ok', version })
  })

  it('reports the state: jobs, assets, and requests without their headers', async () => {
    const { url, emulator, tencent } = await listening()
    await tencent.createNoiseReductionJob(NOISE)
    const state = await called(`${url}/_emulator/state`)
    expect(state).toEqual({
      status: 200,
      body: {
        jobs: emulator.jobs(),
        assets: emulator.assets(),
        requests: [
          {
            method: 'POST',
            url: `${url}/jobs`,
            body: expect.stringContaining('<Tag>NoiseReduction</Tag>') as unknown,
            operation: 'createNoiseReductionJob',
            status: 200,
          },
        ],
        droppedRequests: 0,
        callbacks: [],
      },
    })
    const text = JSON.stringify(state)
    for (const secret of ['q-ak', 'TESTKEY', 'SKEXAMPLE', 'TOKENEXAMPLE']) expect(text).not.toContain(secret)
  })

  it('reports the callbacks without their headers, which sign them', async () => {
    const events = { url: 'http://127.0.0.1/vod', key: 'MFSKEYEXAMPLE' }
    const fetch = (): Response => new Response()
    const { url, emulator } = await listening(createEmulator({ huawei: { events }, callbacks: { fetch } }))
    await huaweiClient({ endpoint: url, now: Date.now }).createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    const [callback] = emulator.callbacks
    expect(callback?.headers).toHaveProperty('auth_sign')
    const { body } = await called(`${url}/_emulator/state`)
    const { kind, id, body: event, attempts, status, state } = callback ?? {}
    const shown = { kind, id, url: events.url, body: event, attempts, status, state }
    expect(body).toMatchObject({ callbacks: [shown] })
    for (const secret of ['MFSKEYEXAMPLE', 'auth_sign', String(callback?.headers['auth_sign'])]) {
      expect(JSON.stringify(body)).not.toContain(secret)
    }
  })

  it('injects faults', async () => {
    const { url, tencent } = await listening()
    const plan = {
      operation: 'createNoiseReductionJob',
      times: 2,
      with: { kind: 'error', code: 'InternalError', executes: true },
    }
    expect(await called(`${url}/_emulator/faults`, plan)).toEqual({ status: 204, body: undefined })
    for (let count = 0; count < 2; count++) {
      expect(await rejection(tencent.createNoiseReductionJob(NOISE))).toMatchObject({ code: 'InternalError' })
    }
    await tencent.createNoiseReductionJob(NOISE)
  })

  it('settles a job, and future submissions', async () => {
    const { url, emulator, tencent } = await listening()
    const { JobId } = await tencent.createNoiseReductionJob(NOISE)
    const now = { target: JobId, outcome: { State: 'Failed', Code: 'X', Message: 'gone' } }
    expect(await called(`${url}/_emulator/settle`, now)).toEqual({ status: 204, body: undefined })
    const later = { target: { operation: 'createNoiseReductionJob' }, outcome: { State: 'Pause' } }
    expect(await called(`${url}/_emulator/settle`, later)).toEqual({ status: 204, body: undefined })
    await tencent.createNoiseReductionJob(NOISE)
    expect(emulator.jobs()).toMatchObject([now.outcome, later.outcome])
  })

  it('resets', async () => {
    const { url, emulator, tencent } = await listening()
    await tencent.createNoiseReductionJob(NOISE)
    expect(await called(`${url}/_emulator/reset`, '')).toEqual({ status: 204, body: undefined })
    expect([emulator.jobs(), emulator.requests]).toEqual([[], []])
  })

  it('is not recorded or reported, and has no faults', async () => {
    const told: unknown[] = []
    const { url, emulator } = await listening(createEmulator({ onRequest: (request) => told.push(request) }))
    await called(`${url}/_emulator/health`)
    await called(`${url}/_emulator/dance`)
    await called(`${url}/_emulator/faults`, {})
    expect([emulator.requests, told]).toEqual([[], []])
  })

  it('is not at a path that only resembles its own', async () => {
    const { url } = await listening()
    for (const path of ['/_emulator', '/_emulatorx/health', '/x/_emulator/health', '/x/../_emulator/health']) {
      expect([path, await statusOf(url, path)]).toEqual([path, 404])
    }
    expect(await (await fetch(`${url}/_emulator`)).text()).toContain('<Code>InvalidUrl</Code>')
  })

  it('is not part of fetch, which responds for the hosts of the providers', async () => {
    const response = await createEmulator().fetch('http://127.0.0.1/_emulator/health')
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('InvalidUrl')])
  })
})

describe('the guide on testing', () => {
  it('shows each request of the control', async () => {
    const { url } = await listening()
    const { body } = await called(`${url}/_emulator/dance`)
    const known = [...JSON.stringify(body).matchAll(/(?<=known are .*)(GET|POST) \/_emulator\/\w+/g)].map(
      ([name]) => name,
    )
    expect(known).toHaveLength(5)
    const guide = readFileSync('scripts/docs/guides/testing.md', 'utf8')
    for (const name of known) expect(guide).toContain(`| \`${name}\``)
  })
})

describe('the control of a listening emulator rejects', () => {
  it.each([
    [
      'an unknown action',
      'GET',
      'dance',
      undefined,
      404,
      'GET /_emulator/dance does not exist; known are GET /_emulat',
    ],
    ['another method', 'GET', 'reset', undefined, 404, 'GET /_emulator/reset does not exist'],
    ['another method', 'DELETE', 'state', undefined, 404, 'DELETE /_emulator/state does not exist'],
    ['what is no JSON', 'POST', 'faults', '{', 400, 'the body must be JSON'],
    ['no plan', 'POST', 'faults', '', 400, 'fail: the plan must be an object'],
    ['a plan that is none', 'POST', 'faults', 'null', 400, 'fail: the plan must be an object'],
    ['no operation', 'POST', 'faults', '{}', 400, 'fail: operation must be the name of an operation'],
    [
      'a misspelled operation',
      'POST',
      'faults',
      fault('reset', 'unpublishAsset'),
      400,
      'did you mean unpublishAssets?',
    ],
    ['no fault', 'POST', 'faults', '{"operation":"unpublishAssets"}', 400, 'fail: with must be an object'],
    ['a misspelled fault', 'POST', 'faults', fault('rest'), 400, 'rest is not a fault; did you mean reset?'],
    [
      'a misspelled field',
      'POST',
      'faults',
      fault('reset', undefined, { exectes: true }),
      400,
      'did you mean executes?',
    ],
    [
      'a field of another fault',
      'POST',
      'faults',
      fault('truncated', undefined, { status: 500 }),
      400,
      'status is not',
    ],
    ['a code of another type', 'POST', 'faults', fault('error', undefined, { code: 5 }), 400, 'code must be text'],
    [
      'a message of another type',
      'POST',
      'faults',
      fault('throttle', undefined, { message: 5 }),
      400,
      'message must be',
    ],
    [
      'a flag of another type',
      'POST',
      'faults',
      fault('reset', undefined, { executes: 1 }),
      400,
      'must be true or false',
    ],
    ['times of another type', 'POST', 'faults', '{"operation":"listAssets","times":"2"}', 400, 'times must be'],
    ['no target', 'POST', 'settle', '[]', 400, 'settle: the body must be an object with target and outcome'],
    ['a field beside', 'POST', 'settle', '{"target":"j1","times":2}', 400, 'settle: times is not a known field'],
    ['no outcome', 'POST', 'settle', '{"target":"j1"}', 400, 'settle: the outcome must be an object'],
    ['no job', 'POST', 'settle', '{"target":"j1","outcome":{"State":"Failed"}}', 400, 'settle: there is no job j1'],
  ])('%s: %s %s', async (_, method, action, body, status, message) => {
    const { url } = await listening()
    const response = await fetch(`${url}/_emulator/${action}`, { method, ...(body !== undefined && { body }) })
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/json'])
    expect(await response.json()).toEqual({ error: expect.stringContaining(message) as unknown })
  })

  it('a body above 12 MB', async () => {
    const { url } = await listening()
    const response = await called(`${url}/_emulator/faults`, 'x'.repeat(12 * 2 ** 20 + 1))
    expect(response).toEqual({ status: 400, body: { error: 'the body must be JSON' } })
  })

  it.each(['GET state', 'POST reset', 'OPTIONS reset'])('a web page: %s', async (call) => {
    const { url, emulator } = await listening()
    await huaweiClient({ endpoint: url, now: Date.now }).unpublishAssets({ asset_id: [EXISTING] })
    const [method = '', action = ''] = call.split(' ')
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const response = await fetch(`${url}/_emulator/${action}`, { method, headers })
    expect([response.status, await response.json()]).toEqual([403, { error: 'a web page cannot control the emulator' }])
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(emulator.requests).toHaveLength(1)
  })
})

/** The body of a fault plan. */
function fault(kind: string, operation = 'unpublishAssets', fields: object = {}): string {
  return JSON.stringify({ operation, with: { kind, ...fields } })
}

/** An emulator that listens until the test ends, and a client of it. */
async function listening(emulator: Emulator = createEmulator()) {
  const { url, close } = await emulator.listen()
  closers.push(close)
  return { url, emulator, tencent: tencentClient({ endpoint: url, now: Date.now }) }
}

/** Status and JSON of a response; with a body the request is a POST. */
async function called(url: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const init = body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(url, { ...init })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

/** For a path as it is; fetch would resolve its dot segments. */
async function statusOf(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { path }, (response) => {
      resolve(response.resume().statusCode)
    })
      .on('error', reject)
      .end()
  })
}
