import { examples } from '../../../generated/huawei-vod/examples.js'
import type { AssetInfo, ExtractAudioRequest } from '../../../generated/huawei-vod/types.js'
import type { Asset, EmulatorSettings } from '../options.js'

/** The documented items of an asset that exists, and of one that does not. */
const [present, missing] = examples.unpublishAssets[200]['two-failures'].asset_info_array

/** The states of the emulator. Those of a real asset during an extraction are not documented. */
const EXTRACTING = 'CREATING'
const READY = 'CREATED'
const PUBLISHED = 'PUBLISHED'

/** The assets of a project. */
export interface Assets {
  /** In their current state. */
  readonly list: () => Asset[]
  readonly find: (id: string) => Asset | undefined
  /** Whether the asset has a file to extract audio from. */
  readonly isReady: (asset: Asset) => boolean
  /** Adds an asset for the audio of `source`. */
  readonly addAudio: (id: string, source: Asset, format: Format) => void
  /** Unpublishes an asset and returns its item of the response. */
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

/** The documented asset, published, without the description of its failure. */
function documentedAsset(created: string): Partial<AssetInfo> {
  return { status: PUBLISHED, base_info: { ...present.base_info, create_time: created, last_modified: created } }
}

/** UTC without separators, such as `20180209024019`. */
function sdkTime(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$|[-:T]/g, '')
}
