import { describe, expect, it } from 'vitest'
import {
  AssetCancelledError,
  AssetFailedError,
  AssetNotFoundError,
  CloudMediaError,
  WaitTimeoutError,
  type AssetPoll,
  type HuaweiVodClient,
} from '../../src/index.js'
import { NEW_YEAR, rejection, huaweiClient } from '../support/clients.js'
import { createVirtualTime } from '../support/virtual-time.js'

/** A client whose requests get these answers, the last one again and again, and the queries of the requests. */
function clientWith(...answers: object[]): { vod: HuaweiVodClient; queries: string[] } {
  const time = createVirtualTime(NEW_YEAR)
  const queries: string[] = []
  const vod = huaweiClient({
    credentials: { token: 'TOKENOFTHEEXAMPLE' },
    now: time.now,
    sleep: time.sleep,
    random: () => 0,
    fetch: ({ url }) => {
      queries.push(new URL(url).search)
      const answer = answers[Math.min(queries.length, answers.length) - 1]
      return Promise.resolve(answer instanceof Response ? answer.clone() : Response.json(answer))
    },
  })
  return { vod, queries }
}

function list(...assets: object[]): object {
  return { asset_info_array: assets, is_truncated: 0, total: assets.length }
}

function asset(status: string, more: object = {}): object {
  return list({ asset_id: 'a1', status, ...more })
}

describe('waitForAsset', () => {
  it('reads an asset until it is complete', async () => {
    const { vod, queries } = clientWith(asset('NOASSET'), asset('CREATING'), asset('CREATED', { base_info: {} }))
    const polls: AssetPoll[] = []
    const done = await vod.waitForAsset('a1', { onPoll: (poll) => polls.push(poll) })
    expect(done).toEqual({ asset_id: 'a1', status: 'CREATED', base_info: {} })
    expect(queries).toEqual(Array(3).fill('?asset_id=a1'))
    expect(polls[1]).toEqual({
      state: 'CREATING',
      progress: undefined,
      elapsedMs: 2_000,
      reads: 2,
      asset: { asset_id: 'a1', status: 'CREATING' },
    })
  })

  it.each(['CREATED', 'PUBLISHED', 'TRANSCODE_SUCCEED', 'OBS_CREATE_SUCCESS'])('resolves with %s', async (status) => {
    expect(await clientWith(asset(status)).vod.waitForAsset('a1')).toEqual({ asset_id: 'a1', status })
  })

  it('shares its requests with all waits of the client', async () => {
    const ids = Array.from({ length: 12 }, (_, number) => `a${String(number)}`)
    const { vod, queries } = clientWith(list(...ids.map((asset_id) => ({ asset_id, status: 'CREATED' }))))
    expect((await Promise.all(ids.map((id) => vod.waitForAsset(id)))).map(({ asset_id }) => asset_id)).toEqual(ids)
    const ten = ids.slice(0, 10).map((id) => `asset_id=${id}`)
    expect(queries).toEqual([`?${ten.join('&')}`, '?asset_id=a10&asset_id=a11'])
  })

  it.each([undefined, '', {}, 5])('does not begin with %j', async (wrong) => {
    const { vod, queries } = clientWith(asset('CREATED'))
    const error = await rejection(vod.waitForAsset(wrong as string))
    expect(error).toMatchObject({ name: 'RequestValidationError', operation: 'waitForAsset' })
    expect(queries).toHaveLength(0)
  })

  it.each(['UPLOAD_FAILED', 'DELETED'])('rejects with AssetFailedError for %s', async (status) => {
    const { vod } = clientWith(asset(status, { description: 'TOKENOFTHEEXAMPLE\nis odd' }))
    const error = await rejection(vod.waitForAsset('a1'))
    expect(error).toBeInstanceOf(AssetFailedError)
    expect(error).toBeInstanceOf(CloudMediaError)
    expect(error).toMatchObject({
      name: 'AssetFailedError',
      message: `waitForAsset: asset a1 failed: ${status}: *** is odd`,
      code: status,
      providerMessage: '***\nis odd',
      id: 'a1',
      asset: { asset_id: 'a1', status, description: '***\nis odd' },
      operation: 'waitForAsset',
      reads: 1,
      elapsedMs: 0,
      mayHaveRun: false,
    })
  })

  it('rejects with AssetFailedError even if the description is null', async () => {
    const error = await rejection(clientWith(asset('SERVER_ERROR', { description: null })).vod.waitForAsset('a1'))
    expect(error).toMatchObject({ message: 'waitForAsset: asset a1 failed: SERVER_ERROR', providerMessage: '' })
  })

  it('rejects with AssetCancelledError for CANCELLED', async () => {
    const error = await rejection(clientWith(asset('CANCELLED')).vod.waitForAsset('a1'))
    expect(error).toBeInstanceOf(AssetCancelledError)
    expect(error).toMatchObject({ name: 'AssetCancelledError', message: 'waitForAsset: asset a1 was canceled' })
  })

  it.each(['NOASSET', 'NO_ASSET', 'UNCREATED'])(
    'rejects with AssetNotFoundError after a minute of %s',
    async (status) => {
      const error = await rejection(clientWith(asset(status)).vod.waitForAsset('a1'))
      expect(error).toBeInstanceOf(AssetNotFoundError)
      expect(error).toMatchObject({
        message: 'waitForAsset: asset a1 does not exist',
        asset: { status },
        elapsedMs: 72_000,
        reads: 8,
      })
    },
  )

  it('gives a new asset a minute to appear', async () => {
    const wait = clientWith(asset('NOASSET')).vod.waitForAsset('a1', { pollIntervalMs: 1_000 })
    expect(await rejection(wait)).toMatchObject({ elapsedMs: 60_000 })
  })

  it('reads an asset again that is not in the list', async () => {
    const { vod, queries } = clientWith(list(), list(), asset('CREATED'))
    await vod.waitForAsset('a1')
    expect(queries).toHaveLength(3)
  })

  it('rejects with WaitTimeoutError after timeoutMs, and says how to resume', async () => {
    const error = await rejection(clientWith(asset('CREATING')).vod.waitForAsset('a1', { timeoutMs: 1_000 }))
    expect(error).toBeInstanceOf(WaitTimeoutError)
    expect(error).toMatchObject({
      message: 'waitForAsset: asset a1 did not finish within timeoutMs (1000 ms): the last state is CREATING',
      hint: 'Do not submit it again: it may still finish. To resume, call waitForAsset again with the same ID.',
      asset: { status: 'CREATING' },
      job: undefined,
      reads: 1,
    })
  })

  it('rejects at once with the error of a read that a later one cannot overcome', async () => {
    const error_code = 'APIGW.0301'
    const { vod, queries } = clientWith(Response.json({ error_code, error_msg: 'wrong' }, { status: 401 }))
    const error = await rejection(vod.waitForAsset('a1'))
    expect(error).toMatchObject({ name: 'ApiError', operation: 'listAssets', code: error_code })
    expect(queries).toHaveLength(1)
  })
})

describe('eachAsset', () => {
  /** A page of so many assets of so many, which VOD numbers on. */
  function page(number: number, size: number, of: number, more: object = {}): object {
    const ids = Array.from(
      { length: Math.min(size, of - number * size) },
      (_, index) => `a${String(number * size + index)}`,
    )
    return { asset_info_array: ids.map((asset_id) => ({ asset_id })), ...more }
  }

  async function count(assets: AsyncIterable<object>): Promise<number> {
    let found = 0
    for await (const _ of assets) found += 1
    return found
  }

  it('returns the assets of all pages', async () => {
    const pages = [0, 1, 2].map((number) => page(number, 100, 250, { total: 250, is_truncated: number < 2 ? 1 : 0 }))
    const { vod, queries } = clientWith(...pages)
    expect(await count(vod.eachAsset({ status: ['CREATED'] }))).toBe(250)
    const query = '?status=CREATED&size=100'
    expect(queries.map(parametersOf)).toEqual([query, `${query}&page=1`, `${query}&page=2`].map(parametersOf))
  })

  it.each<[what: string, pages: object[], found: number, reads: number]>([
    ['a page that is not full', [page(0, 10, 17), page(1, 10, 17)], 17, 2],
    ['a page without assets', [page(0, 10, 10), page(1, 10, 10)], 10, 2],
    ['the total', [page(0, 10, 20, { total: 20 }), page(1, 10, 20, { total: 20 })], 20, 2],
    ['a page that is not full, although the total is larger', [page(0, 10, 7, { total: 20 })], 7, 1],
    ['the same page again', [page(0, 10, 99)], 10, 2],
    ['the same page again, and again truncated', [page(0, 10, 7, { is_truncated: 1 })], 7, 2],
  ])('ends at %s', async (_, pages, found, reads) => {
    const { vod, queries } = clientWith(...pages)
    expect(await count(vod.eachAsset({ size: 10 }))).toBe(found)
    expect(queries).toHaveLength(reads)
  })

  it('continues after a short page that is truncated', async () => {
    const { vod } = clientWith(page(0, 5, 99, { is_truncated: 1 }), page(1, 5, 99))
    expect(await count(vod.eachAsset({ size: 10 }))).toBe(10)
  })

  it('starts at any page, and ends at the last one that VOD has', async () => {
    const { vod, queries } = clientWith(page(0, 100, 999_999), page(1, 100, 999_999), page(2, 100, 999_999))
    expect(await count(vod.eachAsset({ page: 198 }))).toBe(200)
    expect(queries.map(parametersOf)).toEqual(['?page=198&size=100', '?page=199&size=100'].map(parametersOf))
  })

  it('respects a limit', async () => {
    const { vod, queries } = clientWith(page(0, 3, 99))
    expect(await count(vod.eachAsset(undefined, { limit: 3 }))).toBe(3)
    expect(queries).toEqual(['?size=3'])
  })
})

/** The order of the parameters does not matter. */
function parametersOf(query: string): unknown {
  return Object.fromEntries(new URLSearchParams(query))
}
