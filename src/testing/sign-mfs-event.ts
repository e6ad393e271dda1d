import { hmacHex } from '#platform'
import { operations } from '../../generated/huawei-vod/operations.js'
import { mfsEvent } from '../../generated/huawei-vod/webhooks.js'
import type { MfsEnvelope } from '../../generated/huawei-vod/types.js'
import { isText } from '../type-guards.js'
import { demand, demandNames } from './checks.js'
import type { SignedCallback } from './signed-callback.js'

/** How to sign an event. */
export interface SignMfsEventOptions {
  /** The key of the event notification, as the console of VOD shows it. */
  readonly key: string
  /** When the event is signed, in milliseconds since 1970. Default: now. */
  readonly timestamp?: number
  /**
   * What the body is: an object whose `message` is the event as text, or the event itself. Which one VOD sends is not
   * documented. Default: `envelope`.
   */
  readonly body?: 'envelope' | 'event'
}

/**
 * Signs an event as VOD does with its message service MFS.
 *
 * @throws TypeError if an option is wrong
 */
export async function signMfsEvent(event: object, options: SignMfsEventOptions): Promise<SignedCallback> {
  demandNames('signMfsEvent', options, ['key', 'timestamp', 'body'])
  const { key, timestamp = Date.now(), body } = options
  demand(isText(key), 'signMfsEvent: key must be text, and not empty')
  demand(Number.isInteger(timestamp), 'signMfsEvent: timestamp must be a whole number of milliseconds since 1970')
  demand([undefined, 'envelope', 'event'].includes(body), 'signMfsEvent: body must be envelope or event')
  const message = JSON.stringify(event)
  const unsigned = mfsCallback(message)
  const time = String(timestamp)
  return {
    headers: {
      ...unsigned.headers,
      [mfsEvent.headers.signature]: await hmacHex('SHA-256', key, `VOD_${time}_${message}`),
      [mfsEvent.headers.timestamp]: time,
    },
    body: body === 'event' ? message : unsigned.body,
  }
}

/** An event as VOD sends it through MFS if no key is set. */
export function mfsCallback(message: string): SignedCallback {
  return {
    headers: { 'content-type': operations.createExtractAudioTask.response.contentType },
    body: JSON.stringify({ message } satisfies MfsEnvelope),
  }
}
