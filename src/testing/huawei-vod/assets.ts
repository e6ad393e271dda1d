import { unpublishAssetsAnswers } from '../../../generated/huawei-vod/examples.js'
import type { AssetInfo, ExtractAudioRequest } from '../../../generated/huawei-vod/types.js'
import type { EmulatorSettings } from '../options.js'

/** An asset, with the fields that an answer may show. */
export type Asset = AssetInfo & { readonly asset_id: string }

/** The documented items of an asset that is there, and of one that is not. */
const [present, missing] = unpublishAssetsAnswers[200]['two-failures'].asset_info_array

/** The states an asset has here. Which of them a real one passes through while its audio is extracted is not documented. */
const EXTRACTING = 'CREATING'
const READY = 'CREATED'
const PUBLISHED = 'PUBLISHED'

/** The assets of a project. */
export interface Assets {
  /** As they are now. */
  readonly list: () => Asset[]
  readonly find: (id: string) => Asset | undefined
  /** Whether there is a file to extract from. */
  readonly isReady: (asset: Asset) => boolean
  /** Adds the asset that takes the audio of `source`. */
  readonly addAudio: (id: string, source: Asset, format: Format) => void
  /** Takes an asset back from publication, and says what becomes of it. */
  readonly unpublish: (id: string) => AssetInfo
}

type Format = NonNullable<ExtractAudioRequest['parameter']>['format']

export function createAssets({ huawei, jobDurationMs, now }: EmulatorSettings): Assets {
  const created = sdkTime(now())
  const held = new Map<string, { readonly asset: Asset; readonly readyAt: number }>()
  for (const asset of huawei.assets) {
    held.set(asset.asset_id, { asset: { ...documentedAsset(created), ...asset }, readyAt: Infinity })
  }

  function find(id: string): Asset | undefined {
    const entry = held.get(id)
    if (entry === undefined) return undefined
    return now() >= entry.readyAt ? { ...entry.asset, status: READY } : entry.asset
  }

  return {
    find,
    list: () => [...held.keys()].flatMap((id) => find(id) ?? []),
    isReady: ({ status }) => status === READY || status === PUBLISHED,
    addAudio: (id, source, format = 'MP3') => {
      const time = sdkTime(now())
      const base_info = {
        ...source.base_info,
        video_name: `${source.base_info?.title ?? id}.${format.toLowerCase()}`,
        video_type: format,
        create_time: time,
        last_modified: time,
      }
      held.set(id, { asset: { asset_id: id, status: EXTRACTING, base_info }, readyAt: now() + jobDurationMs })
    },
    unpublish: (id) => {
      const asset = find(id)
      if (asset === undefined) return { ...missing, asset_id: id }
      if (asset.status !== PUBLISHED) return asset
      const base_info = { ...asset.base_info, last_modified: sdkTime(now()) }
      const unpublished = { ...asset, status: READY, base_info }
      held.set(id, { asset: unpublished, readyAt: Infinity })
      return unpublished
    },
  }
}

/** The page's own asset, published, without what it says of a failure. */
function documentedAsset(created: string): Partial<AssetInfo> {
  return { status: PUBLISHED, base_info: { ...present.base_info, create_time: created, last_modified: created } }
}

/** As in `20180209024019`: UTC without separators. */
function sdkTime(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$|[-:T]/g, '')
}
