import type { VodEvent } from '../../../generated/huawei-vod/types.js'
import { mfsEvent } from '../../../generated/huawei-vod/webhooks.js'
import { findIssues } from '../../client/validation.js'
import { listIssues } from '../../errors/errors.js'
import { isPlainObject, isText } from '../../type-guards.js'

const { AudioExtractCompleteEvent: audio, OtherVodEvent: other } = mfsEvent.messages
const { event_type: AUDIO } = audio.constants

/** An event, or why a text is not one. */
type Reading =
  { readonly event: VodEvent; readonly problem?: undefined } | { readonly event?: undefined; readonly problem: string }

/** Reads the text of an event of VOD. */
export function eventIn(text: string): Reading {
  const value = jsonObject(text) ?? {}
  const { event_type: type } = value
  // The pages do not agree on the case (ERRATA 192).
  const isAudio = isText(type) && type.toLowerCase() === AUDIO.toLowerCase()
  const event = isAudio ? { ...value, event_type: AUDIO } : value
  const issues = findIssues((isAudio ? audio : other).essentials, event)
  // Checked as far as a response is: the required fields.
  return issues.length === 0 ? { event: event as unknown as VodEvent } : { problem: listIssues(issues) }
}

/** The object in a JSON text; undefined for any other text. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
