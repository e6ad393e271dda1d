import { smnMessage } from '../../../generated/huawei-vod/webhooks.js'
import { checkAllNames, checkTimeout } from '../../client/option-checks.js'
import { CallbackError, type CallbackErrorCode } from '../../errors/callback-error.js'
import { ConfigurationError } from '../../errors/errors.js'
import { createRedactor } from '../../errors/redact.js'
import { plainError } from '../../sending/failure.js'
import { isRecord, isText } from '../../type-guards.js'
import { jsonObject } from './event.js'
import { get } from './get.js'
import { smnUrl } from './smn-url.js'
import type { VerifiedSmnSubscriptionConfirmation } from './verify-smn-message.js'

/** The options of confirmSubscription. */
export interface ConfirmSubscriptionOptions {
  /** Sends the request instead of the built-in fetch. */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Timeout in milliseconds. Default: 3,000. */
  readonly timeoutMs?: number
}

/** A subscription that is confirmed. */
export interface ConfirmedSubscription {
  /** The URN of the subscription. */
  readonly subscription_urn: string
}

const OPTIONS: readonly (keyof ConfirmSubscriptionOptions)[] = ['fetch', 'timeoutMs']
const { constants, essentials } = smnMessage.messages.SmnSubscriptionConfirmation

/**
 * Confirms a subscription: visits its `subscribe_url`, which must belong to the Huawei Cloud console in the region of
 * the topic. The URL is valid for 48 hours.
 *
 * @param message from verifySmnMessage
 * @throws CallbackError, ConfigurationError
 */
export async function confirmSubscription(
  message: VerifiedSmnSubscriptionConfirmation,
  options: ConfirmSubscriptionOptions = {},
): Promise<ConfirmedSubscription> {
  const settings = settingsOf(options)
  checkMessage(message)
  const url = smnUrl(message.subscribe_url, essentials.properties.subscribe_url.pattern, message.topic_urn)
  if (url === undefined) {
    throw rejected('invalid-subscribe-url', 'the URL does not belong to the console in the region of the topic')
  }
  const outcome = await get(url, settings)
  if ('failure' in outcome) {
    // Some platforms name the URL, whose token would let anyone confirm.
    const cause = plainError(outcome.failure, createRedactor([url.search]))
    throw rejected('confirmation-failed', `no response: ${cause.code ?? cause.message}`, { cause })
  }
  const { status, body, isTruncated } = outcome
  if (status !== 200) throw rejected('confirmation-failed', `status ${String(status)}`)
  const urn = isTruncated ? undefined : urnIn(body)
  // As documented, the URN of a subscription begins with that of its topic.
  if (urn?.startsWith(`${message.topic_urn}:`) !== true) {
    throw rejected('confirmation-failed', `status ${String(status)}, but no subscription_urn of the topic`)
  }
  return { subscription_urn: urn }
}

function settingsOf(options: ConfirmSubscriptionOptions): Parameters<typeof get>[1] {
  checkAllNames(options, OPTIONS)
  const { fetch, timeoutMs = 3_000 } = options
  checkTimeout('timeoutMs', timeoutMs)
  if (fetch !== undefined && typeof fetch !== 'function') throw new ConfigurationError('fetch', 'must be a function')
  return { fetch, timeoutMs }
}

/** An UnsubscribeConfirmation has a subscribe_url too. It would renew the subscription. */
function checkMessage(message: unknown): void {
  const { type, topic_urn } = isRecord(message) ? message : {}
  if (type === constants.type && isText(topic_urn)) return
  throw rejected('unknown-type', `the message is not a verified ${constants.type}`)
}

function urnIn(body: Uint8Array): string | undefined {
  const { subscription_urn: urn } = jsonObject(new TextDecoder().decode(body)) ?? {}
  return isText(urn) ? urn : undefined
}

function rejected(code: CallbackErrorCode, what: string, details?: { readonly cause: unknown }): CallbackError {
  return new CallbackError('confirmSubscription', code, what, details)
}
