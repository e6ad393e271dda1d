import { sha256Hex } from '#platform'
import * as codes from '../../../generated/huawei-vod/codes.js'
import { errorMessages } from '../../../generated/huawei-vod/error-messages.js'
import { assetStatus } from '../../../generated/huawei-vod/states.js'
import { mfsEvent } from '../../../generated/huawei-vod/webhooks.js'
import type { AssetStatus, AudioExtractCompleteEvent, AudioExtractInfo } from '../../../generated/huawei-vod/types.js'
import type { Callbacks } from '../callbacks.js'
import type { Asset, EmulatorSettings } from '../options.js'
import { mfsCallback, signMfsEvent } from '../sign-mfs-event.js'
import { signSmnMessage } from '../sign-smn-message.js'
import type { SignedCallback } from '../signed-callback.js'

const SUCCEEDED: readonly AssetStatus[] = assetStatus.succeeded
const FAILED: readonly AssetStatus[] = assetStatus.failed
const { constants } = mfsEvent.messages.AudioExtractCompleteEvent

/** Whether an extraction that ends with this state has an event. */
export function hasEvent(status: AssetStatus): boolean {
  return SUCCEEDED.includes(status) || FAILED.includes(status)
}

/** Returns what sends the event of an extracted audio; undefined if no events are configured. */
export function createEvents(
  { huawei: { events }, now }: EmulatorSettings,
  callbacks: Callbacks,
): ((audio: Asset) => void) | undefined {
  if (events === undefined) return undefined
  return (audio) => {
    const { asset_id: id } = audio
    const { url, key, topicUrn, subject } = events
    const event = eventOf(audio)
    const time = Math.floor(now())
    if (topicUrn === undefined) callbacks.send({ kind: 'mfs', id, url, sign: () => throughMfs(event, key, time) })
    else callbacks.send({ kind: 'smn', id, url, sign: () => throughSmn(event, topicUrn, subject, time) })
  }
}

function eventOf(audio: Asset): AudioExtractCompleteEvent {
  return { ...constants, audio_extract_info: infoOf(audio) }
}

function infoOf({ asset_id, status = '', description, base_info }: Asset): AudioExtractInfo {
  if (SUCCEEDED.includes(status)) {
    const { title = '', video_url = '', meta_data = {} } = base_info ?? {}
    return { status: 'SUCCEED', title, url: video_url, asset_id, meta_data }
  }
  // No page shows a failure.
  const error_code = codes.VOD_10051
  return { status: 'FAILED', asset_id, error_code, error_msg: description ?? errorMessages[error_code] }
}

function throughMfs(
  event: object,
  key: string | undefined,
  timestamp: number,
): SignedCallback | Promise<SignedCallback> {
  return key === undefined ? mfsCallback(JSON.stringify(event)) : signMfsEvent(event, { key, timestamp })
}

async function throughSmn(
  event: AudioExtractCompleteEvent,
  topic_urn: string,
  subject: string | undefined,
  time: number,
): Promise<SignedCallback> {
  const { headers, body } = await signSmnMessage({
    topic_urn,
    ...(subject !== undefined && { subject }),
    message: event,
    // The same for the same seed, like all IDs.
    message_id: (await sha256Hex(event.audio_extract_info.asset_id)).slice(0, 32),
    timestamp: new Date(time).toISOString().replace(/\.\d+/, ''),
  })
  return { headers, body }
}
