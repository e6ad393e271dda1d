import type { HuaweiVodMethods } from '../../generated/huawei-vod/methods.js'
import { assetStatus } from '../../generated/huawei-vod/states.js'
import type { AssetInfo, ListAssetsRequest, ListAssetsResponse } from '../../generated/huawei-vod/types.js'
import type { CloudMediaError } from '../errors/errors.js'
import {
  AssetCancelledError,
  AssetFailedError,
  AssetNotFoundError,
  WaitTimeoutError,
  type WaitFailure,
} from '../errors/wait-errors.js'
import type { Settings } from '../sending/settings.js'
import type { PollFacts, WaitOptions } from '../waiting/options.js'
import { eachItem, type EachOptions } from '../waiting/pages.js'
import { SharedReads } from '../waiting/shared-reads.js'
import { startWait } from '../waiting/start-wait.js'
import type { Ending, Watched } from '../waiting/watched.js'

/** The result of one read of an asset, as `onPoll` receives it. VOD reports no progress. */
export interface AssetPoll extends PollFacts {
  /** The asset. */
  readonly asset: AssetInfo
}

/** The options of waitForAsset. */
export type WaitForAssetOptions = WaitOptions<AssetPoll>

/** The methods around assets that are not operations of the spec. */
export interface HuaweiVodWaiting {
  /**
   * Wait for an asset, such as the audio of an extraction task.
   *
   * Reads the asset until it exists and is complete, at least once. The delay between reads grows from 2 to 30 seconds.
   * All waits of the client share their reads, ten assets per request. A read that fails temporarily (no connection, a
   * timeout, a server error, throttling) is retried until `timeoutMs`. Any other error ends the wait. An unknown state
   * counts as running. So does a missing asset in the first minute: it may be too new.
   *
   * To resume after a timeout, an abort, or a restart, wait again with the ID.
   *
   * @param assetId the ID, such as the `audio_asset_id` of createExtractAudioTask
   * @throws AssetFailedError, AssetCancelledError, AssetNotFoundError, WaitTimeoutError, AbortedError, ConfigurationError,
   * and the errors of listAssets
   */
  waitForAsset(assetId: string, options?: WaitForAssetOptions): Promise<AssetInfo>

  /**
   * Iterate over all assets that match, at most 20,000, newest first.
   *
   * Calls listAssets once per page, when the first asset of the page is requested. An asset that is created meanwhile
   * moves the others, so an asset may appear twice.
   *
   * @param query the request of listAssets. `size` is the size of a page; default: 100
   * @throws ConfigurationError, and the errors of listAssets
   */
  eachAsset(query?: ListAssetsRequest, options?: EachOptions): AsyncGenerator<AssetInfo, void, undefined>
}

/** Nothing says that a new asset can be read at once. */
const GRACE_MS = 60_000
/** VOD returns no assets behind these. */
const MAX_LISTED = 20_000

export function createWaiting(
  { listAssets }: Pick<HuaweiVodMethods, 'listAssets'>,
  settings: Settings,
): HuaweiVodWaiting {
  const watched: Watched<AssetInfo> = {
    operation: 'waitForAsset',
    read: async (ids, signal) => {
      const { asset_info_array } = await listAssets({ asset_id: [...ids] }, { signal })
      return { items: asset_info_array, missing: [] }
    },
    idOf: ({ asset_id }) => asset_id,
    stateOf: ({ status }) => status,
    progressOf: () => undefined,
    states: assetStatus,
    graceMs: GRACE_MS,
    errorOf,
  }
  const reads = new SharedReads(watched, settings)
  return {
    waitForAsset: (assetId, options) =>
      startWait(
        reads,
        () => assetId,
        options,
        (facts, asset) => ({ ...facts, asset }),
      ),
    eachAsset: (query, options) =>
      eachItem(
        {
          read: async (page: number | undefined, size, signal) => {
            const request = { ...query, size: query?.size ?? size, ...(page !== undefined && { page }) }
            const response = await listAssets(request, { ...(signal && { signal }) })
            return { items: response.asset_info_array, next: nextPage(request, response) }
          },
          idOf: ({ asset_id }) => asset_id,
        },
        options,
      ),
  }
}

/** Whether is_truncated is 0 on the last of several pages is not documented. A page that is not full is the last one. */
function nextPage(
  { page = 0, size }: { readonly page?: number; readonly size: number },
  { asset_info_array: { length }, is_truncated, total = Infinity }: ListAssetsResponse,
): number | undefined {
  const listed = (page + 1) * size
  const hasMore = is_truncated === 1 || (length >= size && listed < total)
  return length > 0 && hasMore && listed + size <= MAX_LISTED ? page + 1 : undefined
}

function errorOf(ending: Ending, failure: WaitFailure<AssetInfo>): CloudMediaError {
  const { item } = failure
  switch (ending.kind) {
    case 'failed':
      return new AssetFailedError({ code: item?.status, providerMessage: item?.description ?? '' }, failure)
    case 'cancelled':
      return new AssetCancelledError(failure)
    case 'missing':
      return new AssetNotFoundError(failure)
    case 'timeout':
      return new WaitTimeoutError(ending.timeoutMs, ending.state, { asset: item }, failure)
  }
}
