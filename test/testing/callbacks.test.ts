import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Outcome, RecordedCallback } from '../../src/testing/index.js'
import { verifySmnMessage } from '../../src/callbacks.js'
import { rejection } from '../support/clients.js'
import { calledBack, type CalledBack } from './called-back.js'
import { EXISTING, NOISE, OTHER, VOICE } from './emulated.js'

afterEach(() => {
  vi.useRealTimers()
})

const CALLBACK = { ...NOISE, CallBack: 'http://127.0.0.1/ci/secret' }

describe('the emulator calls back when a job ends', () => {
  it('at once by default, after the response', async () => {
    const { emulator, requests, tencent } = calledBack()
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    expect(emulator.callbacks).toEqual([])
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([
      {
        kind: 'job',
        id: JobId,
        url: CALLBACK.CallBack,
        headers: { 'content-type': 'application/xml' },
        body: expect.stringContaining(`<JobId>${JobId}</JobId><State>Success</State>`) as unknown,
        attempts: 1,
        status: 200,
        error: undefined,
        state: 'delivered',
      },
    ])
    expect(requests).toMatchObject([{ method: 'POST', url: CALLBACK.CallBack, body: emulator.callbacks[0]?.body }])
    expect(requests[0]?.headers.get('content-type')).toBe('application/xml')
  })

  it.each([
    ['XML', /^<Response><EventName>TaskFinish<\/EventName><JobsDetail>/],
    ['JSON', /^\{"EventName":"TaskFinish","JobsDetail":\{/],
  ] as const)('in the format %s', async (CallBackFormat, beginning) => {
    const { emulator, tencent } = calledBack()
    await tencent.createNoiseReductionJob({ ...CALLBACK, CallBackFormat })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([{ body: expect.stringMatching(beginning) as unknown }])
  })

  it('with what the job has then', async () => {
    const { emulator, clock, tencent } = calledBack({ queueDurationMs: 1_000, jobDurationMs: 1_000 })
    await tencent.createVoiceSeparateJob({ ...CALLBACK, QueueId: VOICE.QueueId, CallBackFormat: 'JSON' })
    clock.now += 1_999
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
    clock.now += 1
    await emulator.callbacksDone()
    expect(JSON.parse(emulator.callbacks[0]?.body ?? '')).toEqual({
      EventName: 'TaskFinish',
      JobsDetail: emulator.jobs(),
    })
  })

  it('with its error if it fails', async () => {
    const { emulator, tencent } = calledBack()
    emulator.settle({ source: 'in.mp3' }, { State: 'Failed', Code: 'InvalidContent', Message: 'not audio' })
    await tencent.createNoiseReductionJob(CALLBACK)
    await emulator.callbacksDone()
    const error = '<Code>InvalidContent</Code><Message>not audio</Message>'
    expect(emulator.callbacks).toMatchObject([{ body: expect.stringContaining(error) as unknown }])
  })

  it.each(['Success', 'Failed'])('as soon as settle sets %s', async (State) => {
    const { emulator, tencent } = calledBack({ jobDurationMs: Infinity })
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    emulator.settle(JobId, { State: 'Pause' })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
    emulator.settle(JobId, { State })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([{ body: expect.stringContaining(`<State>${State}<`) as unknown }])
  })

  it('once, whatever happens to it later', async () => {
    const { emulator, clock, tencent } = calledBack()
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    for (const State of ['Success', 'Running', 'Failed', 'Success']) {
      emulator.settle(JobId, { State })
      clock.now += 1_000
      await tencent.getJobs({ jobIds: [JobId] })
      await emulator.callbacksDone()
    }
    expect(emulator.callbacks).toMatchObject([{ body: expect.stringContaining('<State>Success<') as unknown }])
  })

  it('with what settle sets before the first read', async () => {
    const { emulator, tencent } = calledBack()
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    emulator.settle(JobId, { State: 'Failed' })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([{ body: expect.stringContaining('<State>Failed<') as unknown }])
  })

  it.each<[string, (all: CalledBack, other: string) => unknown]>([
    ['request', ({ tencent }) => tencent.listQueues()],
    [
      'settle of another job',
      ({ emulator }, other) => {
        emulator.settle(other, { State: 'Running' })
      },
    ],
  ])('which the next %s notices', async (_, act) => {
    const all = calledBack({ jobDurationMs: 1_000 })
    const { emulator, clock, tencent } = all
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    const other = await tencent.createNoiseReductionJob(NOISE)
    clock.now += 1_000
    await act(all, other.JobId)
    // Nobody looks any longer.
    clock.now = NaN
    await vi.waitFor(() => {
      expect(emulator.callbacks).toMatchObject([{ id: JobId, state: 'delivered' }])
    })
  })

  it('in the order in which the jobs end', async () => {
    const { emulator, clock, tencent } = calledBack({ jobDurationMs: 1_000 })
    const first = await tencent.createNoiseReductionJob(CALLBACK)
    clock.now += 500
    const second = await tencent.createNoiseReductionJob(CALLBACK)
    emulator.settle(first.JobId, { State: 'Running' })
    clock.now += 400
    const third = await tencent.createNoiseReductionJob(CALLBACK)
    emulator.settle(first.JobId, { State: 'Success' })
    clock.now += 2_000
    await emulator.callbacksDone()
    expect(emulator.callbacks.map(({ id }) => id)).toEqual([first.JobId, second.JobId, third.JobId])
  })
})

describe('the emulator does not call back', () => {
  it.each([
    ['without a URL', {}],
    ['with no', { CallBack: 'no' }],
    ['through TDMQ', { CallBack: CALLBACK.CallBack, CallBackType: 'TDMQ', CallBackMqConfig: { MqName: 'q' } }],
  ] as const)('%s', async (_, fields) => {
    const { emulator, tencent } = calledBack()
    await tencent.createNoiseReductionJob({ ...NOISE, ...fields })
    await tencent.createVoiceSeparateJob({ ...VOICE, ...fields })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })

  it.each(['Submitted', 'Pause', 'Cancel', 'Running', 'Odd'])('for the state %s', async (State) => {
    const { emulator, clock, tencent } = calledBack()
    emulator.settle({ source: 'in.mp3' }, { State })
    await tencent.createNoiseReductionJob(CALLBACK)
    clock.now += 3_600_000
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })

  it('for a job that was canceled', async () => {
    const { emulator, clock, tencent } = calledBack({ queueDurationMs: 1_000 })
    const { JobId } = await tencent.createNoiseReductionJob(CALLBACK)
    await tencent.cancelJob({ jobId: JobId })
    clock.now += 3_600_000
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })

  it('for a submission that was rejected', async () => {
    const { emulator, tencent } = calledBack()
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'error', code: 'InternalError' } })
    await rejection(tencent.createNoiseReductionJob(CALLBACK))
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })
})

describe('VOD sends an event through MFS when an extraction ends', () => {
  const events = { url: 'http://receiver.example/vod', key: 'mfs-key' }

  it('that succeeds', async () => {
    const all = calledBack({ jobDurationMs: 1_000, huawei: { events } })
    const { emulator, clock, huawei } = all
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
    clock.now += 1_000
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([
      {
        kind: 'mfs',
        id: audio_asset_id,
        url: events.url,
        headers: { 'content-type': 'application/json', auth_timestamp: String(clock.now) },
        state: 'delivered',
      },
    ])
    const { base_info } = emulator.assets()[2] ?? {}
    expect(eventIn(emulator.callbacks[0])).toEqual({
      event_type: 'audioExtractComplete',
      audio_extract_info: {
        status: 'SUCCEED',
        title: 'Avatar test test',
        url: base_info?.video_url,
        asset_id: audio_asset_id,
        meta_data: base_info?.meta_data,
      },
    })
    expect(base_info?.video_url).toMatch(/^https:/)
  })

  it.each([
    [{ status: 'SERVER_ERROR', description: 'no audio stream' }, 'no audio stream'],
    [{ status: 'SERVER_ERROR' }, 'Internal system error.'],
  ])('that fails: %o', async (outcome, error_msg) => {
    const { emulator, huawei } = calledBack({ huawei: { events } })
    emulator.settle({ source: EXISTING }, outcome)
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    expect(emulator.callbacks.map(eventIn)).toEqual([
      {
        event_type: 'audioExtractComplete',
        audio_extract_info: { status: 'FAILED', asset_id: audio_asset_id, error_code: 'VOD.10051', error_msg },
      },
    ])
  })

  it('without a signature if there is no key', async () => {
    const { emulator, huawei } = calledBack({ huawei: { events: { url: events.url } } })
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([{ kind: 'mfs', state: 'delivered' }])
    expect(emulator.callbacks[0]?.headers).toEqual({ 'content-type': 'application/json' })
  })

  it('once, whatever becomes of the audio later', async () => {
    const { emulator, huawei } = calledBack({ huawei: { events } })
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    for (const status of ['PUBLISHED', 'CREATING', 'DELETED', 'CREATED']) {
      emulator.settle(audio_asset_id, { status })
      await huawei.unpublishAssets({ asset_id: [audio_asset_id] })
      await emulator.callbacksDone()
    }
    expect(emulator.callbacks).toHaveLength(1)
  })

  it.each<Outcome>([{ status: 'CANCELLED' }, { status: 'NOASSET' }, { status: 'CREATING' }, { status: 'ODD' }])(
    'but not for %o',
    async (outcome) => {
      const { emulator, clock, huawei } = calledBack({ huawei: { events } })
      emulator.settle({ source: EXISTING }, outcome)
      await huawei.createExtractAudioTask({ asset_id: EXISTING })
      clock.now += 3_600_000
      await emulator.callbacksDone()
      expect(emulator.callbacks).toEqual([])
    },
  )

  it('but not for other assets, nor after a cancellation', async () => {
    const { emulator, clock, huawei } = calledBack({ queueDurationMs: 1_000, huawei: { events } })
    await huawei.unpublishAssets({ asset_id: [EXISTING] })
    emulator.settle(OTHER, { status: 'SERVER_ERROR' })
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await huawei.cancelExtractAudioTask({ asset_id: EXISTING })
    clock.now += 3_600_000
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })

  it('but not without a URL', async () => {
    const { emulator, huawei } = calledBack()
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toEqual([])
  })
})

describe('VOD sends an event through SMN when an extraction ends', () => {
  const topicUrn = 'urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod'
  const events = { url: 'http://receiver.example/smn', topicUrn }

  it.each([undefined, 'VOD'])('signed with the certificate of the emulator, with the subject %s', async (subject) => {
    const { emulator, clock, huawei } = calledBack({
      huawei: { events: { ...events, ...(subject !== undefined && { subject }) } },
    })
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    expect(emulator.callbacks).toMatchObject([
      {
        kind: 'smn',
        id: audio_asset_id,
        url: events.url,
        headers: { 'x-smn-message-type': 'Notification', 'x-smn-topic-urn': topicUrn },
        state: 'delivered',
      },
    ])
    const { headers = {}, body = '' } = emulator.callbacks[0] ?? {}
    const { fetchCertificate } = emulator
    const message = await verifySmnMessage({ headers, body }, { topicUrn, fetchCertificate, now: () => clock.now })
    expect(message).toEqual({
      type: 'Notification',
      message: expect.any(String) as unknown,
      message_id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      ...(subject !== undefined && { subject }),
      timestamp: '2026-01-01T00:00:00Z',
      topic_urn: topicUrn,
      event: {
        event_type: 'audioExtractComplete',
        audio_extract_info: expect.objectContaining({ status: 'SUCCEED', asset_id: audio_asset_id }) as unknown,
      },
    })
  })

  it('with the same ID for the same seed, and another for another event', async () => {
    const ids: unknown[] = []
    for (const seed of ['one', 'one', 'two']) {
      const { emulator, huawei } = calledBack({ seed, huawei: { events } })
      await huawei.createExtractAudioTask({ asset_id: EXISTING })
      await huawei.createExtractAudioTask({ asset_id: EXISTING })
      await emulator.callbacksDone()
      ids.push(emulator.callbacks.map(({ headers }) => headers['x-smn-message-id']))
    }
    expect(ids[0]).toEqual(ids[1])
    expect(new Set(ids.flat()).size).toBe(4)
  })

  it('and serves the certificate, while it listens, at the path of its URL', async () => {
    const { emulator, huawei } = calledBack({ huawei: { events } })
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await emulator.callbacksDone()
    const { signing_cert_url } = JSON.parse(emulator.callbacks[0]?.body ?? '') as { signing_cert_url: string }
    const { url, close } = await emulator.listen()
    const response = await fetch(`${url}${new URL(signing_cert_url).pathname}`)
    expect([response.status, await response.text()]).toEqual([200, await emulator.fetchCertificate()])
    expect(await emulator.fetchCertificate()).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect((await fetch(`${url}/smn/subscription/confirm`)).status).toBe(404)
    expect(emulator.requests).toHaveLength(2)
    await close()
  })
})

describe('the reset of an emulator', () => {
  it('forgets callbacks, those that are due and those that are under way', async () => {
    const { emulator, tencent, huawei, requests, responses } = calledBack({
      huawei: { events: { url: CALLBACK.CallBack } },
    })
    const { callbacks } = emulator
    responses.push(new Promise(() => undefined), new Response('', { status: 503 }))
    await tencent.createNoiseReductionJob(CALLBACK)
    await tencent.createNoiseReductionJob(CALLBACK)
    const done = emulator.callbacksDone()
    await vi.waitFor(() => {
      expect(callbacks).toMatchObject([{ attempts: 1 }, { attempts: 1, status: 503 }])
    })
    const underWay = [...callbacks]
    // Due, and not sent yet.
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
    const before = performance.now()
    emulator.reset()
    await done
    await emulator.callbacksDone()
    expect(performance.now() - before).toBeLessThan(90)
    expect(requests).toHaveLength(2)
    expect(callbacks).toEqual([])
    expect(emulator.callbacks).toBe(callbacks)
    expect(underWay).toMatchObject([
      { state: 'failed', error: 'the emulator was reset' },
      { state: 'failed', status: 503 },
    ])
    await tencent.createNoiseReductionJob(CALLBACK)
    await emulator.callbacksDone()
    expect(callbacks).toMatchObject([{ state: 'delivered' }])
  })
})

it('a reset emulator leaves no timers', async () => {
  vi.useFakeTimers()
  const { emulator, tencent, responses } = calledBack({ jobDurationMs: 1_000 })
  responses.push(new Promise(() => undefined), new Response('', { status: 503 }))
  const jobs = [1, 2, 3].map(() => tencent.createNoiseReductionJob(CALLBACK))
  const [silent, failing] = await Promise.all(jobs)
  for (const job of [silent, failing]) emulator.settle(job?.JobId ?? '', { State: 'Success' })
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(3)
  emulator.reset()
  // The request under way ends in a few turns.
  await vi.advanceTimersByTimeAsync(0)
  expect(vi.getTimerCount()).toBe(0)
})

describe('onCallback', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('of the listener')
      },
    ],
    ['rejects', () => Promise.reject(new Error('of the listener'))],
  ])('is called once per callback, and has no effect if it %s', async (_, onCallback) => {
    const called: unknown[] = []
    const { emulator, tencent, responses } = calledBack({
      callbacks: { retryDelaysMs: [0] },
      onCallback: (callback) => {
        called.push({ ...callback })
        return onCallback()
      },
    })
    responses.push(new Response('', { status: 503 }))
    await tencent.createNoiseReductionJob(CALLBACK)
    await tencent.createNoiseReductionJob({ ...CALLBACK, CallBack: 'http://receiver.example' })
    await emulator.callbacksDone()
    await Promise.resolve()
    expect(called).toMatchObject([
      { state: 'not-allowed', attempts: 0 },
      { state: 'delivered', attempts: 2 },
    ])
  })
})

/** The event in the envelope of MFS. */
function eventIn(callback: RecordedCallback | undefined): unknown {
  const { message } = JSON.parse(callback?.body ?? '') as { message: string }
  return JSON.parse(message)
}
