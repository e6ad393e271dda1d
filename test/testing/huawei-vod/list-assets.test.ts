import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { AssetInfo, ListAssetsRequest } from '../../../generated/huawei-vod/types.js'
import { createEmulator } from '../../../src/testing/index.js'
import { signHuaweiRequest } from '../../../src/huawei-vod/sign.js'
import { rejection } from '../../support/clients.js'
import { emulated, EXISTING, MISSING, OTHER } from '../emulated.js'

describe('listAssets by ID', () => {
  it('returns the assets in the order of their IDs, and an item for each that is missing', async () => {
    const { huawei, emulator } = emulated()
    const { asset_info_array, ...page } = await huawei.listAssets({ asset_id: [MISSING, EXISTING, OTHER] })
    const [other, existing] = emulator.assets()
    const missing = { asset_id: MISSING, status: 'NOASSET', description: 'no asset' }
    expect(asset_info_array).toEqual([missing, existing, other])
    expect(page).toEqual({ is_truncated: 0, total: 3 })
  })

  it('ignores the time range and the page', async () => {
    const { huawei } = emulated()
    const ignored = { start_time: '20990101000000', end_time: '20000101000000', page: 5, size: 1 }
    const { asset_info_array } = await huawei.listAssets({ asset_id: [EXISTING, OTHER], ...ignored })
    expect(asset_info_array).toHaveLength(2)
  })

  it('applies the other filters', async () => {
    const { huawei } = emulated()
    const { asset_info_array } = await huawei.listAssets({ asset_id: [EXISTING, MISSING], status: ['PUBLISHED'] })
    expect(asset_info_array).toMatchObject([{ asset_id: EXISTING }])
  })

  it('rejects more than ten IDs, and names the parameter', async () => {
    const { huawei } = emulated()
    const asset_id = Array.from({ length: 11 }, (_, index) => `a${String(index)}`)
    expect(await rejection(huawei.listAssets({ asset_id }, { validate: false }))).toMatchObject({
      status: 400,
      code: 'VOD.10053',
      providerMessage: expect.stringContaining('asset_id must have at most 10 items') as unknown,
    })
  })
})

describe('listAssets by filters', () => {
  const assets = [
    asset('a', { status: 'CREATED', base_info: { title: 'Talk', tags: 'x,y', create_time: '20260101000000' } }),
    asset('b', { status: 'PUBLISHED', base_info: { title: 'Song', category_id: 7, create_time: '20260101000001' } }),
    asset('c', {
      status: 'TRANSCODING',
      base_info: { description: 'Talks', tags: 'x', create_time: '20260101000002' },
    }),
    asset('d', { status: 'NOASSET' }),
  ]

  it.each<[string, ListAssetsRequest | undefined, string]>([
    ['none, newest first', undefined, 'cba'],
    ['a state', { status: ['TRANSCODING'] }, 'c'],
    ['several states', { status: ['CREATED', 'PUBLISHED', 'DELETED'] }, 'ba'],
    ['published', { assetStatus: ['PUBLISHED'] }, 'b'],
    ['unpublished', { assetStatus: ['CREATED'] }, 'ca'],
    ['published or not', { assetStatus: ['PUBLISHED', 'CREATED'] }, 'cba'],
    ['a state of transcoding', { transcodeStatus: ['TRANSCODING'] }, 'c'],
    ['not transcoded', { transcodeStatus: ['UN_TRANSCODE'] }, 'ba'],
    ['a start', { start_time: '20260101000001' }, 'cb'],
    ['an end', { end_time: '20260101000001' }, 'ba'],
    ['both', { start_time: '20260101000001', end_time: '20260101000001' }, 'b'],
    ['a category', { category_id: 7 }, 'b'],
    ['a tag', { tags: 'x' }, 'ca'],
    ['several tags', { tags: 'x,y' }, 'a'],
    ['a part of a title or a description', { query_string: 'Talk' }, 'ca'],
    ['two filters', { tags: 'x', status: ['CREATED'] }, 'a'],
    ['what no asset has', { query_string: 'Dance' }, ''],
  ])('returns the assets that match: %s', async (_, filters, expected) => {
    const { huawei } = emulated({ huawei: { assets } })
    const { asset_info_array, ...page } = await huawei.listAssets(filters)
    expect(asset_info_array.map(({ asset_id }) => asset_id).join('')).toBe(expected)
    expect(page).toEqual({ is_truncated: 0, total: expected.length })
  })

  it.each([
    [0, 'cb', 1],
    [1, 'a', 0],
    [2, '', 0],
  ])('returns page %i', async (page, expected, is_truncated) => {
    const { huawei } = emulated({ huawei: { assets } })
    const { asset_info_array, ...rest } = await huawei.listAssets({ page, size: 2 })
    expect(asset_info_array.map(({ asset_id }) => asset_id).join('')).toBe(expected)
    expect(rest).toEqual({ is_truncated, total: 3 })
  })

  it('returns ten assets by default', async () => {
    const many = Array.from({ length: 11 }, (_, index) => asset(String(index), {}))
    const { asset_info_array, ...rest } = await emulated({ huawei: { assets: many } }).huawei.listAssets()
    expect(asset_info_array).toHaveLength(10)
    expect(rest).toEqual({ is_truncated: 1, total: 11 })
  })
})

describe('listAssets with a body, as the SDK of the provider sends it', () => {
  const PATH = `/v1.0/${'0123456789abcdef'.repeat(2)}/asset/info?asset_id=${EXISTING}`

  it.each([
    ['the body it signed', '{}', 200],
    ['another body', '{"a":1}', 401],
  ])('accepts %s: %s', async (_, body, status) => {
    const { listen, options } = createEmulator()
    const { url, close } = await listen()
    const headers = { host: new URL(url).host, 'content-type': 'application/json' }
    const { headers: signed } = await signHuaweiRequest({
      method: 'GET',
      url: new URL(PATH, url),
      headers,
      body: new TextEncoder().encode('{}'),
      credentials: options.huawei.credentials,
      date: new Date(),
    })
    const answered = await new Promise((resolve, reject) => {
      const length = { 'content-length': String(body.length) }
      httpRequest(`${url}${PATH}`, { method: 'GET', headers: { ...headers, ...signed, ...length } }, (response) => {
        resolve(response.resume().statusCode)
      })
        .on('error', reject)
        .end(body)
    })
    await close()
    expect(answered).toBe(status)
  })
})

/** An asset with an own `base_info`, not that of the documented example. */
function asset(asset_id: string, fields: AssetInfo): AssetInfo & { asset_id: string } {
  return { asset_id, base_info: {}, ...fields }
}
