import type { AssetInfo, ListAssetsRequest, ListAssetsResponse } from '../../../generated/huawei-vod/types.js'
import { PUBLISHED, READY, type Assets } from './assets.js'

const NOT_TRANSCODED = 'UN_TRANSCODE'

/** The assets with the requested IDs, or one page of those that match all filters, newest first. */
export function assetPage(assets: Assets, request: ListAssetsRequest): ListAssetsResponse {
  const { asset_id: ids, page = 0, size = 10 } = request
  if (ids !== undefined) {
    const items = ids.map(assets.itemOf).filter((item) => hasState(item, request))
    return { asset_info_array: items, is_truncated: 0, total: items.length }
  }
  const items = assets
    .list()
    .reverse()
    .filter((item) => hasState(item, request) && isCreatedWithin(item, request))
  const asset_info_array = items.slice(page * size, (page + 1) * size)
  return { asset_info_array, is_truncated: items.length > (page + 1) * size ? 1 : 0, total: items.length }
}

/** Whether an asset matches the filters that also apply to IDs. */
function hasState({ status = '', base_info }: AssetInfo, request: ListAssetsRequest): boolean {
  const { category_id, tags, query_string = '' } = request
  const published = status === PUBLISHED ? PUBLISHED : READY
  const transcoded = status.includes('TRANSCOD') ? status : NOT_TRANSCODED
  const ownTags = base_info?.tags?.split(',') ?? []
  return (
    (request.status?.includes(status) ?? true) &&
    (request.assetStatus?.includes(published) ?? true) &&
    (request.transcodeStatus?.includes(transcoded) ?? true) &&
    (category_id === undefined || category_id === base_info?.category_id) &&
    (tags?.split(',').every((tag) => ownTags.includes(tag)) ?? true) &&
    [base_info?.title, base_info?.description].some((text) => (text ?? '').includes(query_string))
  )
}

/** The times are UTC in 14 digits, so that their order is that of the texts. */
function isCreatedWithin({ base_info }: AssetInfo, { start_time = '', end_time }: ListAssetsRequest): boolean {
  const time = base_info?.create_time ?? ''
  return time >= start_time && (end_time === undefined || time <= end_time)
}
