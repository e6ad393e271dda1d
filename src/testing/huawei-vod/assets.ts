import { examples } from '../../../generated/huawei-vod/examples.js'
import { assetStatus } from '../../../generated/huawei-vod/states.js'
import type { AssetInfo, AssetStatus, BaseInfo, ExtractAudioRequest } from '../../../generated/huawei-vod/types.js'
import type { Callbacks } from '../callbacks.js'
import type { Asset, EmulatorSettings } from '../options.js'
import { Plans, type Submissions } from '../plans.js'
import { createEvents, hasEvent } from './events.js'

/** The documented items of an asset that exists, of one that does not, and of an extracted audio. */
const [present, missing] = examples.unpublishAssets[200]['two-failures'].asset_info_array
const [extracted] = examples.listAssets[200].extracted.asset_info_array

/** The states of the emulator. Those of a real asset during an extraction are not documented. */
const EXTRACTING = 'CREATING'
export const READY = 'CREATED'
export const PUBLISHED = 'PUBLISHED'
const [CANCELLED] = assetStatus.cancelled
const MISSING: readonly AssetStatus[] = assetStatus.missing
const SUCCEEDED: readonly AssetStatus[] = assetStatus.succeeded

/** What becomes of an asset. */
export interface AssetOutcome {
  /** A state of the spec, or one that it does not have. */
  readonly status: AssetStatus
  /** The reason for the state. Default: none. */
  readonly description?: string
}

/** What `cancelExtraction` finds. */
type Cancellation = 'cancelled' | 'not queued' | 'no asset'

/** The assets of a project. */
export interface Assets {
  /** Those that exist, in their current state, oldest first. */
  readonly list: () => Asset[]
  /** Undefined if the asset does not exist, or not yet. */
  readonly find: (id: string) => Asset | undefined
  /** The item of a response: the asset, or that it does not exist. */
  readonly itemOf: (id: string) => AssetInfo
  /** Whether the asset has a file to extract audio from. */
  readonly isReady: (asset: Asset) => boolean
  /** Adds an asset for the audio of `source`, which an operation extracts. */
  readonly addAudio: (id: string, source: Asset, format: Format | undefined, operation: string) => void
  /** Cancels the extractions of an audio, or from a source, that are queued. */
  readonly cancelExtraction: (id: string) => Cancellation
  /** Unpublishes an asset and returns its item of the response. */
  readonly unpublish: (id: string) => AssetInfo
  /** Changes an asset now. Returns whether there is one, or will be. */
  readonly settle: (id: string, outcome: AssetOutcome) => boolean
  /** Decides what becomes of extractions to come. */
  readonly plan: (submissions: Submissions, outcome: AssetOutcome) => void
}

type Format = NonNullable<NonNullable<ExtractAudioRequest['parameter']>['format']>

/** An asset is missing until `readableAt`, created until `settledAt`, and then has its outcome. Times are milliseconds. */
interface Entry {
  readonly asset: Asset
  readonly readableAt: number
  readonly settledAt: number
  readonly outcome: AssetOutcome
  /** Undefined for an initial asset. */
  readonly extraction?: { readonly source: string; readonly startsAt: number; readonly result: BaseInfo }
}

export function createAssets(settings: EmulatorSettings, callbacks: Callbacks): Assets {
  const { huawei, queueDurationMs, jobDurationMs, assetDelayMs, now } = settings
  const entries = new Map<string, Entry>()
  const plans = new Plans<AssetOutcome>()
  const sendEvent = createEvents(settings, callbacks)
  const created = sdkTime(now())
  for (const given of huawei.assets) {
    const asset = { ...documentedAsset(created), ...given }
    const outcome = { status: asset.status ?? PUBLISHED }
    entries.set(asset.asset_id, { asset, readableAt: -Infinity, settledAt: -Infinity, outcome })
  }

  function find(id: string): Asset | undefined {
    const item = itemOf(id)
    return item.status !== undefined && MISSING.includes(item.status) ? undefined : { ...item, asset_id: id }
  }

  function itemOf(id: string): AssetInfo {
    const entry = entries.get(id)
    const time = now()
    if (entry === undefined || time < entry.readableAt) return { ...missing, asset_id: id }
    const { asset, settledAt, outcome, extraction } = entry
    if (time < settledAt) return { ...asset, status: EXTRACTING }
    if (MISSING.includes(outcome.status)) return { ...missing, asset_id: id, ...outcome }
    const result = SUCCEEDED.includes(outcome.status) ? extraction?.result : undefined
    return { ...asset, ...outcome, base_info: { ...asset.base_info, ...result } }
  }

  /** Sets the entry of an asset. If it is that of an extraction, the event follows when it is settled. */
  function put(id: string, entry: Entry): void {
    entries.set(id, entry)
    const { extraction, outcome, settledAt } = entry
    if (extraction === undefined || sendEvent === undefined) return
    callbacks.plan(id, hasEvent(outcome.status) ? settledAt : Infinity, () => {
      sendEvent({ ...itemOf(id), asset_id: id })
    })
  }

  /** Changes an entry now, so that the asset is readable at the latest now. */
  function change(id: string, entry: Entry, outcome: AssetOutcome): void {
    const time = now()
    put(id, { ...entry, outcome, readableAt: Math.min(entry.readableAt, time), settledAt: time })
  }

  return {
    find,
    itemOf,
    list: () => [...entries.keys()].flatMap((id) => find(id) ?? []),
    isReady: ({ status }) => status !== undefined && SUCCEEDED.includes(status),
    addAudio: (id, source, format = 'MP3', operation) => {
      const time = now()
      const startsAt = time + queueDurationMs
      const outcome = plans.take(operation, source.asset_id) ?? { status: READY }
      put(id, {
        asset: audioAsset(id, source, format, sdkTime(time)),
        readableAt: time + assetDelayMs,
        // One that stays missing is never created.
        settledAt: MISSING.includes(outcome.status) ? time : startsAt + jobDurationMs,
        outcome,
        extraction: { source: source.asset_id, startsAt, result: resultOf(id, format) },
      })
    },
    cancelExtraction: (id) => {
      const time = now()
      const own = [...entries].filter(([audio, { extraction }]) => audio === id || extraction?.source === id)
      if (own.length === 0 && !entries.has(id)) return 'no asset'
      const queued = own.filter(
        ([, { extraction, settledAt }]) => extraction !== undefined && time < Math.min(extraction.startsAt, settledAt),
      )
      for (const [audio, entry] of queued) change(audio, entry, { status: CANCELLED })
      return queued.length === 0 ? 'not queued' : 'cancelled'
    },
    unpublish: (id) => {
      const entry = entries.get(id)
      if (entry !== undefined && itemOf(id).status === PUBLISHED) {
        const base_info = { ...entry.asset.base_info, last_modified: sdkTime(now()) }
        change(id, { ...entry, asset: { ...entry.asset, base_info } }, { status: READY })
      }
      return itemOf(id)
    },
    settle: (id, outcome) => {
      const entry = entries.get(id)
      if (entry !== undefined) change(id, entry, outcome)
      return entry !== undefined
    },
    plan: (submissions, outcome) => {
      plans.add(submissions, outcome)
    },
  }
}

/** The documented asset, published, without the description of its failure. */
function documentedAsset(created: string): Partial<AssetInfo> {
  return { status: PUBLISHED, base_info: { ...present.base_info, create_time: created, last_modified: created } }
}

function audioAsset(id: string, { base_info }: Asset, format: Format, created: string): Asset {
  const video_name = `${base_info?.title ?? id}.${format.toLowerCase()}`
  return {
    asset_id: id,
    base_info: { ...base_info, video_name, video_type: format, create_time: created, last_modified: created },
  }
}

/** What an extraction adds when it is complete: the documented audio, with this ID and format. */
function resultOf(id: string, format: Format): BaseInfo {
  const { meta_data, video_url } = extracted.base_info
  return {
    video_url: video_url.replace(extracted.asset_id, id).replace(/\w+$/, format.toLowerCase()),
    meta_data: { ...meta_data, pack_type: format, codec: format },
  }
}

/** UTC without separators, such as `20180209024019`. */
function sdkTime(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$|[-:T]/g, '')
}
