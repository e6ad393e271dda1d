import { describe, expect, it } from 'vitest'
import { ApiError, createTencentCiClient, type Job, type TencentCiClient } from '../../../src/index.js'
import type { CallbackRequest } from '../../../src/callbacks.js'
import { createEmulator, type Emulator } from '../../../src/testing/index.js'
import { rejection } from '../../support/clients.js'

function start(): { emulator: Emulator; ci: TencentCiClient } {
  const emulator = createEmulator({ jobDurationMs: 1_000, now: () => 0 })
  const ci = createTencentCiClient({ ...emulator.options.tencent, now: () => 0, fetch: emulator.fetch })
  return { emulator, ci }
}

function submit(ci: TencentCiClient, name = 'a.wav'): Promise<Job> {
  return ci.createNoiseReductionJob({ Input: { Object: name }, Operation: { Output: { Object: `out/${name}` } } })
}

function callbackOf(...jobs: readonly object[]): string {
  return JSON.stringify({ EventName: 'TaskFinish', JobsDetail: jobs })
}

const readsOf = ({ requests }: Emulator): number => requests.filter(({ operation }) => operation === 'getJobs').length

describe('confirmCallback', () => {
  it('returns the job that was read, not the one of the callback', async () => {
    const { emulator, ci } = start()
    const { JobId } = await submit(ci)
    const forged = callbackOf({ JobId, State: 'Success', Operation: { Output: { Object: 'malware.exe' } } })
    const [job] = await ci.confirmCallback(forged)
    expect(job).toMatchObject({ JobId, State: 'Running', Operation: { Output: { Object: 'out/a.wav' } } })
    expect(job).not.toHaveProperty('confirmed')
    emulator.settle(JobId, { State: 'Failed', Code: 'InvalidFile', Message: 'no audio' })
    expect(await ci.confirmCallback(forged)).toMatchObject([{ JobId, State: 'Failed', Code: 'InvalidFile' }])
  })

  it('accepts XML, JSON, bytes, a Request, and the request of a framework', async () => {
    const { ci } = start()
    const { JobId } = await submit(ci)
    const xml = `<Response><JobsDetail><JobId>${JobId}</JobId></JobsDetail></Response>`
    const body = callbackOf({ JobId })
    const inputs = [
      xml,
      body,
      Buffer.from(xml),
      { body, headers: {} },
      new Request('https://a.b', { method: 'POST', body }),
    ]
    for (const input of inputs) expect(await ci.confirmCallback(input)).toMatchObject([{ JobId, State: 'Running' }])
  })

  it('reads several jobs in one request, each once, in the order of the callback', async () => {
    const { emulator, ci } = start()
    const jobs = [await submit(ci, 'a.wav'), await submit(ci, 'b.wav'), await submit(ci, 'c.wav')]
    const ids = jobs.map(({ JobId }) => JobId).reverse()
    const confirmed = await ci.confirmCallback(callbackOf(...[...ids, ...ids].map((JobId) => ({ JobId }))))
    expect(confirmed.map(({ JobId }) => JobId)).toEqual(ids)
    expect(readsOf(emulator)).toBe(1)
  })

  it('rejects a job that does not exist, alone and beside one that does', async () => {
    const { ci } = start()
    const { JobId } = await submit(ci)
    for (const jobs of [[{ JobId: 'j0' }], [{ JobId }, { JobId: 'j0' }]]) {
      const error = await rejection(ci.confirmCallback(callbackOf(...jobs)))
      expect(error).toMatchObject({ name: 'CallbackError', code: 'job-not-found', operation: 'confirmCallback' })
    }
  })

  it('rejects a job for which CI responds with 404', async () => {
    const { emulator, ci } = start()
    const { JobId } = await submit(ci)
    emulator.fail({ operation: 'getJobs', with: { kind: 'error', code: 'NoSuchJob', status: 404 } })
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId })))).toMatchObject({ code: 'job-not-found' })
  })

  it.each(['BucketId', 'Bucket'])('rejects a job whose %s is not the bucket of the client', async (field) => {
    const { emulator } = start()
    const { tencent } = emulator.options
    const Input = { [field]: 'other-1250000000', Object: 'a.wav' }
    const ci = clientThatReads({ bucket: tencent.bucket }, { JobId: 'j1', Input })
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId: 'j1' })))).toMatchObject({ code: 'foreign-job' })
    const own = clientThatReads({ bucket: 'other-1250000000' }, { JobId: 'j1', Input })
    expect(await own.confirmCallback(callbackOf({ JobId: 'j1' }))).toHaveLength(1)
  })

  it.each([
    ['an empty BucketId beside', { BucketId: '', Bucket: 'other-1250000000' }],
    ['its own BucketId beside', { BucketId: 'own-1250000000', Bucket: 'other-1250000000' }],
  ])('rejects a job with %s another Bucket', async (_what, Input) => {
    const ci = clientThatReads({ bucket: 'own-1250000000' }, { JobId: 'j1', Input })
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId: 'j1' })))).toMatchObject({ code: 'foreign-job' })
  })

  it('compares no bucket if the client has none', async () => {
    const callback = callbackOf({ JobId: 'j1' })
    const Input = { BucketId: 'other-1250000000' }
    const withEndpoint = clientThatReads({ endpoint: 'http://127.0.0.1:9' }, { JobId: 'j1', Input })
    expect(await withEndpoint.confirmCallback(callback)).toHaveLength(1)
    const withoutPlace = clientThatReads({ bucket: 'own-1250000000' }, { JobId: 'j1', Input: { BucketId: '' } })
    expect(await withoutPlace.confirmCallback(callback)).toHaveLength(1)
  })

  it('does not accept another job for the one of the callback', async () => {
    const ci = clientThatReads({ bucket: 'own-1250000000' }, { JobId: 'j2' })
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId: 'j1' })))).toMatchObject({ code: 'job-not-found' })
  })

  it.each(['j1,j2', '../queue', 'j1?cancel', 'j1/../j2', '%2e%2e', '.', '..', 'j\ud800', 'j'.repeat(129), 'j 1'])(
    'sends nothing for the ID %s',
    async (JobId) => {
      const { emulator, ci } = start()
      expect(await rejection(ci.confirmCallback(callbackOf({ JobId })))).toMatchObject({
        name: 'CallbackError',
        code: 'invalid-body',
      })
      expect(emulator.requests).toEqual([])
    },
  )

  it('sends one request at most', async () => {
    const { emulator, ci } = start()
    const jobs = Array.from({ length: 11 }, (_, number) => ({ JobId: `j${String(number)}` }))
    expect(await rejection(ci.confirmCallback(callbackOf(...jobs)))).toMatchObject({ code: 'too-many-jobs' })
    expect(readsOf(emulator)).toBe(0)
    expect(await rejection(ci.confirmCallback(callbackOf(...jobs.slice(1))))).toMatchObject({ code: 'job-not-found' })
    expect(readsOf(emulator)).toBe(1)
  })

  it.each(['ok', '{}', '<Response/>', '{"JobsDetail":[]}', '{"JobsDetail":{"State":"Success"}}'])(
    'rejects the body %s, which has no job, and sends nothing',
    async (body) => {
      const { emulator, ci } = start()
      expect(await rejection(ci.confirmCallback(body))).toMatchObject({
        code: 'invalid-body',
        operation: 'confirmCallback',
      })
      expect(readsOf(emulator)).toBe(0)
    },
  )

  it('rejects a body that a framework parsed, and sends nothing', async () => {
    const { emulator, ci } = start()
    const parsed = { body: { JobsDetail: { JobId: 'j1' } } } as unknown as CallbackRequest
    expect(await rejection(ci.confirmCallback(parsed))).toMatchObject({ code: 'parsed-body' })
    expect(readsOf(emulator)).toBe(0)
  })

  it('rejects with the errors of getJobs, and accepts its options', async () => {
    const { emulator, ci } = start()
    const { JobId } = await submit(ci)
    emulator.fail({ operation: 'getJobs', with: { kind: 'error', code: 'AccessDenied' } })
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId })))).toBeInstanceOf(ApiError)
    const signal = AbortSignal.abort()
    expect(await rejection(ci.confirmCallback(callbackOf({ JobId }), { signal }))).toMatchObject({ name: 'AbortError' })
    const wrong = ci.confirmCallback(callbackOf({ JobId }), { timeoutMs: -1 })
    expect(await rejection(wrong)).toMatchObject({ name: 'ConfigurationError', option: 'timeoutMs' })
  })
})

/** A client whose every read returns this job. */
function clientThatReads(
  place: { bucket?: string; endpoint?: string },
  job: { JobId: string; Input?: object },
): TencentCiClient {
  const fields = Object.entries(job.Input ?? {}).map(([name, value]) => `<${name}>${String(value)}</${name}>`)
  const input = job.Input === undefined ? '' : `<Input>${fields.join('')}</Input>`
  const body = `<Response><JobsDetail><JobId>${job.JobId}</JobId>${input}</JobsDetail></Response>`
  return createTencentCiClient({
    region: 'ap-beijing',
    ...place,
    credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'application/xml' } })),
  })
}
