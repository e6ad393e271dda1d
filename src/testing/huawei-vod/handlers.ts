import * as codes from '../../../generated/huawei-vod/codes.js'
import type { HuaweiVodMethods } from '../../../generated/huawei-vod/methods.js'
import { operations } from '../../../generated/huawei-vod/operations.js'
import type { Handlers } from '../exchange.js'
import type { Ids } from '../ids.js'
import { assetPage } from './asset-page.js'
import type { Assets } from './assets.js'

/** Runs the operations of VOD on the assets. */
export function createHuaweiVodHandlers(assets: Assets, ids: Ids): Handlers<HuaweiVodMethods> {
  return {
    createExtractAudioTask: async ({ asset_id, parameter }) => {
      const source = assets.find(asset_id)
      // The extraction page has 400 for a missing asset (ERRATA 7).
      if (source === undefined) return { code: codes.VOD_10062, status: 400 }
      if (!assets.isReady(source)) return { code: codes.VOD_10060 }
      const audio_asset_id = await ids('asset')
      assets.addAudio(audio_asset_id, source, parameter?.format, operations.createExtractAudioTask.name)
      return { body: { asset_id, audio_asset_id } }
    },
    cancelExtractAudioTask: ({ asset_id }) => {
      switch (assets.cancelExtraction(asset_id)) {
        case 'cancelled':
          return { body: undefined }
        case 'not queued':
          return { code: codes.VOD_10083, status: 400 }
        case 'no asset':
          return { code: codes.VOD_10062, status: 400 }
      }
    },
    listAssets: (request) => ({ body: assetPage(assets, request) }),
    // The unpublish page shows a missing asset as an item of a 200 and as a 403 (ERRATA 24); the emulator has the item.
    unpublishAssets: ({ asset_id }) => ({ body: { asset_info_array: asset_id.map(assets.unpublish) } }),
  }
}
