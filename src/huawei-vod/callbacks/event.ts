import type { VodEvent } from '../../../generated/huawei-vod/types.js'
import { mfsEvent } from '../../../generated/huawei-vod/webhooks.js'
import { findIssues } from '../../client/validation.js'
import { CallbackError } from '../../errors/callback-error.js'
import { listIssues } from '../../errors/errors.js'
import { isPlainObject, isText } from '../../type-guards.js'

const { AudioExtractCompleteEvent: audio, OtherVodEvent: other } = mfsEvent.messages
const { event_type: AUDIO } = audio.constants

/**
 * Reads an event of VOD; undefined for a text that is none.
 *
 * @throws CallbackError for an event that lacks a required field
 */
export function eventOf(operation: string, text: string): VodEvent | undefined {
  const value = jsonObject(text) ?? {}
  const { event_type: type } = value
  if (!isText(type)) return undefined
  // The pages do not agree on the case (ERRATA 192).
  const isAudio = type.toLowerCase() === AUDIO.toLowerCase()
  const event = isAudio ? { ...value, event_type: AUDIO } : value
  const issues = findIssues((isAudio ? audio : other).essentials, event)
  if (issues.length > 0) throw new CallbackError(operation, 'invalid-body', `the event: ${listIssues(issues)}`)
  // Checked above as far as a response is: the required fields.
  return event as unknown as VodEvent
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
