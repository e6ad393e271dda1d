import type { VodEvent } from '../../../generated/huawei-vod/types.js'
import { mfsEvent } from '../../../generated/huawei-vod/webhooks.js'
import { checkAllNames } from '../../client/option-checks.js'
import { CallbackError } from '../../errors/callback-error.js'
import { ConfigurationError } from '../../errors/errors.js'
import { readCallback, type CallbackInput, type ReceivedCallback } from '../../receiving/input.js'
import { checkAge, checkClock, type AgeLimit } from '../../receiving/age.js'
import { headerOf } from '../../receiving/header.js'
import { isText } from '../../type-guards.js'
import { eventIn, jsonObject } from './event.js'

/** The options of verifyMfsEvent. */
export interface VerifyMfsEventOptions {
  /** The keys of the event notifications, from the console. To replace a key, pass the old one and the new one. */
  readonly keys: readonly string[]
  /** Maximum age of a signature in seconds. It can also be this far ahead of this clock. Default: 300. */
  readonly toleranceSeconds?: number
  /** The clock in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number
}

const OPERATION = 'verifyMfsEvent'
const OPTIONS: readonly (keyof VerifyMfsEventOptions)[] = ['keys', 'toleranceSeconds', 'now']
const TOLERANCE_SECONDS = 300

const utf8 = new TextEncoder()

/**
 * Verifies an event that VOD has sent through MFS, and returns it.
 *
 * MFS may send an event more than once, with the same asset ID and `event_type`.
 *
 * Source: https://support.huaweicloud.com/usermanual-vod/vod_01_0091.html
 *
 * @throws CallbackError if the request is not signed with one of the keys, is too old or too new, or has no event
 * @throws ConfigurationError for an option
 */
export async function verifyMfsEvent(input: CallbackInput, options: VerifyMfsEventOptions): Promise<VodEvent> {
  const { keys, limit } = checkedOptions(options)
  const callback = await readCallback(OPERATION, input)
  const body = jsonObject(callback.text)
  if (body === undefined) throw new CallbackError(OPERATION, 'invalid-body', 'the body is not a JSON object')
  const { signature, timestamp } = signatureOf(callback)
  const { message, event_type } = body
  const text = isText(message) ? message : undefined
  // The page signs the message, but its examples have no body around the event (ERRATA 190).
  const isSigned = (bytes: Uint8Array<ArrayBuffer>): Promise<boolean> => isSignedBy(keys, signature, timestamp, bytes)
  const isMessageSigned = text !== undefined && (await isSigned(encoded(text)))
  if (!isMessageSigned && !(await isSigned(callback.bytes))) {
    const hint = 'Compare the keys with the one in the console, and pass the body exactly as it arrived.'
    throw new CallbackError(OPERATION, 'wrong-signature', 'the signature does not match any of the keys', { hint })
  }
  checkAge(OPERATION, millisecondsOf(timestamp), limit)
  // Only what is signed: the message of a body that is an event itself may be anything.
  const isEnvelope = isMessageSigned || event_type === undefined
  const { event, problem } = eventIn(isEnvelope ? (text ?? callback.text) : callback.text)
  if (event === undefined) throw new CallbackError(OPERATION, 'invalid-body', `not an event of VOD: ${problem}`)
  return event
}

function checkedOptions(options: VerifyMfsEventOptions): { keys: readonly string[]; limit: AgeLimit } {
  checkAllNames(options, OPTIONS)
  const { keys, toleranceSeconds = TOLERANCE_SECONDS, now = Date.now } = options
  // JavaScript callers may pass anything.
  const given: unknown = keys
  if (!Array.isArray(given) || given.length === 0 || !given.every((key) => isText(key) && key === key.trim())) {
    throw new ConfigurationError('keys', 'must be a list of at least one key, without white space around it')
  }
  checkClock(toleranceSeconds, now)
  return { keys, limit: { maxAgeMs: toleranceSeconds * 1_000, maxAheadMs: toleranceSeconds * 1_000, now } }
}

function signatureOf({ headers }: ReceivedCallback): { signature: Uint8Array<ArrayBuffer>; timestamp: string } {
  const [hex, timestamp] = [mfsEvent.headers.signature, mfsEvent.headers.timestamp].map((name) => {
    const value = headerOf(headers, name)
    if (value !== undefined) return value
    const hint = `Set a key in the console. Proxies such as nginx drop headers with an underscore: forward ${name}.`
    throw new CallbackError(OPERATION, 'missing-header', `the header ${name} is missing or repeated`, { hint })
  }) as [string, string]
  if (!/^[0-9a-f]{64}$/.test(hex) || !/^\d{1,15}$/.test(timestamp)) {
    throw new CallbackError(OPERATION, 'invalid-header', 'a header of the signature is malformed')
  }
  return { signature: Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)), timestamp }
}

/** Web Crypto compares in constant time. */
async function isSignedBy(
  keys: readonly string[],
  signature: Uint8Array<ArrayBuffer>,
  timestamp: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const prefix = utf8.encode(`VOD_${timestamp}_`)
  const signed = new Uint8Array(prefix.length + bytes.length)
  signed.set(prefix)
  signed.set(bytes, prefix.length)
  for (const text of keys) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', utf8.encode(text), algorithm, false, ['verify'])
    if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true
  }
  return false
}

function encoded(message: string): Uint8Array<ArrayBuffer> {
  // The encoder would replace it, so that two messages had the same bytes.
  if (!/\p{Surrogate}/u.test(message)) return utf8.encode(message)
  throw new CallbackError(OPERATION, 'invalid-encoding', 'the message has half a surrogate pair')
}

/** The unit is not documented: with at most ten digits, these are seconds until the year 2286 (ERRATA 191). */
function millisecondsOf(timestamp: string): number {
  return timestamp.length <= 10 ? Number(timestamp) * 1_000 : Number(timestamp)
}
