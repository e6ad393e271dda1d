import { describe, expect, it } from 'vitest'
import { createEmulator } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { extracted, huaweiError, stepFetch, type Step } from '../support/step-server.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const NOISE = { Input: { Object: 'in.mp3' }, Operation: { Output: { Object: 'out.mp3' } } }
const MINUTE_MS = 60_000
const YEAR_MS = 365 * 86_400_000

const BAD_DATES = [
  'Fri, 01 Jan 1960 00:00:00 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Tue, 01 Jan 2036 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'Sat, 01 Jan 10000 00:00:00 GMT',
  '0',
  '1',
  '2027',
  'Saturday, 01-Jan-28 00:00:00 GMT',
  'Sat Jan  1 00:00:00 2028',
  '2028-01-01T00:00:00Z',
  'Sat, 01 Jan 2028 00:00:00 +0000',
  'Sat, 01 Jan 2028 00:00:00 GMT, Sat, 01 Jan 2028 00:00:00 GMT',
]

describe.each(BAD_DATES)('a refusal for the clock with the Date %s', (date) => {
  it.each([1, 4])('changes no later signature, with at most %i attempts', async (maxAttempts) => {
    const { fetch, requests } = stepFetch(refusedForItsClock({ date }), extracted)
    const client = huaweiClient({ fetch, maxAttempts })
    const error = await rejection(client.createExtractAudioTask(EXTRACT))
    expect(error).toMatchObject({ name: 'ApiError', code: 'APIGW.0301', attempts: 1, mayHaveRun: false })
    expect(await client.createExtractAudioTask(EXTRACT)).toMatchObject({ audio_asset_id: 'a2' })
    expect(requests.map(signingTime)).toEqual([NEW_YEAR, NEW_YEAR])
  })

  it('leaves the other provider able to sign', async () => {
    const refusal: Step = () =>
      new Response('<Error><Code>RequestTimeTooSkewed</Code></Error>', { status: 403, headers: { date } })
    const { fetch } = stepFetch(refusal)
    const client = tencentClient({ fetch })
    for (const _ of [1, 2]) {
      expect(await rejection(client.createNoiseReductionJob(NOISE))).toMatchObject({ name: 'ApiError', attempts: 1 })
    }
  })
})

describe('a clock skew', () => {
  it('is kept once a request that was signed by it is no longer refused for its clock', async () => {
    const { fetch, requests } = stepFetch(refusedForItsClock(at(20)), extracted)
    const client = huaweiClient({ fetch, maxAttempts: 2 })
    await client.createExtractAudioTask(EXTRACT)
    await client.createExtractAudioTask(EXTRACT)
    expect(minutes(requests)).toEqual([0, 20, 20])
  })

  it.each<[what: string, step: Step]>([
    ['refused for its clock as well', refusedForItsClock(at(0))],
    ['answered by a page', () => new Response('<html>', { status: 400 })],
    ['not answered', () => Promise.reject(new TypeError('terminated'))],
  ])('is not kept if the request that was signed by it is %s', async (_, step) => {
    const { fetch, requests } = stepFetch(refusedForItsClock(at(20)), step, extracted)
    const client = huaweiClient({ fetch, maxAttempts: 2 })
    await rejection(client.createExtractAudioTask(EXTRACT))
    await client.createExtractAudioTask(EXTRACT)
    expect(minutes(requests)).toEqual([0, 20, 0])
  })

  it('is kept after a refusal for another reason', async () => {
    const { fetch, requests } = stepFetch(refusedForItsClock(at(20)), huaweiError(400, 'VOD.10062'), extracted)
    const client = huaweiClient({ fetch, maxAttempts: 2 })
    await rejection(client.createExtractAudioTask(EXTRACT))
    await client.createExtractAudioTask(EXTRACT)
    expect(minutes(requests)).toEqual([0, 20, 20])
  })

  it('does not reach other calls before it is proven', async () => {
    const { fetch, requests } = stepFetch(refusedForItsClock(at(20)), () => new Promise(() => undefined), extracted)
    const client = huaweiClient({ fetch, maxAttempts: 2 })
    const call = rejection(client.createExtractAudioTask(EXTRACT, { timeoutMs: 50 }))
    await expect.poll(() => requests.length).toBe(2)
    await client.createExtractAudioTask(EXTRACT)
    await call
    expect(minutes(requests)).toEqual([0, 20, 0])
  })

  it('of a call without another attempt is tried by the next call, and only by that', async () => {
    const { fetch, requests } = stepFetch(refusedForItsClock(at(20)), refusedForItsClock(at(20)), extracted)
    const client = huaweiClient({ fetch })
    await Promise.all([1, 2].map(() => rejection(client.createExtractAudioTask(EXTRACT))))
    await Promise.all([1, 2].map(() => client.createExtractAudioTask(EXTRACT)))
    await client.createExtractAudioTask(EXTRACT)
    expect(minutes(requests)).toEqual([0, 0, 20, 0, 20])
  })

  it('grows by no more than a year, whatever a server says', async () => {
    let years = 0.9
    const ahead: Step = () => refusedForItsClock({ date: new Date(NEW_YEAR + years * YEAR_MS).toUTCString() })(none)
    const { fetch, requests } = stepFetch(ahead)
    const client = huaweiClient({ fetch, maxAttempts: 4 })
    for (; years < 20; years += 0.9) await rejection(client.createExtractAudioTask(EXTRACT))
    expect(Math.max(...requests.map(signingTime))).toBeLessThan(NEW_YEAR + YEAR_MS)
  })
})

it.each([0, Date.UTC(2000, 0, 1), NEW_YEAR + YEAR_MS, NEW_YEAR + 30 * YEAR_MS])(
  'a machine whose clock says %d recovers',
  async (now) => {
    const emulator = createEmulator({ now: () => NEW_YEAR })
    const huawei = huaweiClient({ fetch: emulator.fetch, now: () => now, maxAttempts: 2 })
    const tencent = tencentClient({ fetch: emulator.fetch, now: () => now, maxAttempts: 2 })
    for (const attempts of [2, 1]) {
      expect((await huawei.createExtractAudioTask(EXTRACT).withResponse()).attempts).toBe(attempts)
      expect((await tencent.createNoiseReductionJob(NOISE).withResponse()).attempts).toBe(attempts)
    }
  },
)

const none = new Request('http://one.test/')

function refusedForItsClock(headers: Record<string, string>): Step {
  return huaweiError(401, 'APIGW.0301', 'calc ak sk signature fail:signature expired', headers)
}

/** The Date of a server that is so many minutes ahead. */
function at(minutesAhead: number): { date: string } {
  return { date: new Date(NEW_YEAR + minutesAhead * MINUTE_MS).toUTCString() }
}

function signingTime({ headers }: Request): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers.get('x-sdk-date') ?? '')?.map(Number) ?? []
  return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second)
}

/** How many minutes ahead of the local clock the requests were signed. */
function minutes(requests: readonly Request[]): number[] {
  return requests.map((request) => Math.floor((signingTime(request) - NEW_YEAR) / MINUTE_MS))
}
