import { smnMessage } from '../../../generated/huawei-vod/webhooks.js'
import type {
  SmnBody,
  SmnNotification,
  SmnSubscriptionConfirmation,
  SmnUnsubscribeConfirmation,
  VodEvent,
} from '../../../generated/huawei-vod/types.js'
import { checkNames } from '../../client/option-checks.js'
import { conforms, findIssues } from '../../client/validation.js'
import type { CallbackErrorCode } from '../../errors/callback-error.js'
import { ConfigurationError, listIssues } from '../../errors/errors.js'
import { readCallback, type CallbackInput } from '../../receiving/input.js'
import { isPlainObject } from '../../type-guards.js'
import { bytesOfBase64 } from './base64.js'
import { eventOf } from './event-stub.js'
import { certificateAt, fetchCertificate, type FetchCertificate } from './fetch-certificate.js'
import { smnError } from './smn-error.js'
import { smnUrl } from './smn-url.js'

/** How to verify a message of SMN. */
export interface VerifySmnMessageOptions {
  /** The URN of your topic, such as `urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod`. */
  readonly topicUrn: string
  /**
   * Returns the certificate at a URL of SMN, in PEM. Has 3 seconds; the certificate may have 16 kB, and is kept for later
   * messages that are verified with the same function. Default: the built-in fetch.
   */
  readonly fetchCertificate?: FetchCertificate
  /** How far the time of a message may be from now, in seconds. SMN sends a message again for hours. Default: 3,600. */
  readonly toleranceSeconds?: number
  /** The clock in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number
}

type Signed<Body> = Readonly<Omit<Body, 'signature' | 'signature_version' | 'signing_cert_url' | 'unsubscribe_url'>>

/** A message that was published to the topic. Has signed fields only. */
export interface VerifiedSmnNotification extends Signed<SmnNotification> {
  /** The event in `message`; undefined if it is not an event of VOD. */
  readonly event?: VodEvent
}

/** A subscription is to be confirmed: pass it to confirmSubscription. Has signed fields only. */
export type VerifiedSmnSubscriptionConfirmation = Signed<SmnSubscriptionConfirmation>

/** A subscription has ended. Has signed fields only. */
export type VerifiedSmnUnsubscribeConfirmation = Signed<SmnUnsubscribeConfirmation>

/** A message whose signature is verified. `type` names the type. */
export type SmnMessage =
  VerifiedSmnNotification | VerifiedSmnSubscriptionConfirmation | VerifiedSmnUnsubscribeConfirmation

type Kind = (typeof smnMessage.messages)[keyof typeof smnMessage.messages]

const VERSION = 'v1'
const KINDS: readonly Kind[] = Object.values(smnMessage.messages)
const OPTIONS: readonly (keyof VerifySmnMessageOptions)[] = ['topicUrn', 'fetchCertificate', 'toleranceSeconds', 'now']
/** Of a field that breaks its rule; of any other field, the body is invalid. */
const CODES: Readonly<Record<string, CallbackErrorCode>> = {
  topic_urn: 'wrong-topic',
  subscribe_url: 'invalid-subscribe-url',
  signing_cert_url: 'invalid-certificate-url',
}

/**
 * Verifies a message of SMN: its topic, its time, and its RSA signature by the certificate that it names. The certificate
 * must come from the host of SMN in the region of the topic. Reads the event only after that.
 *
 * @throws CallbackError, ConfigurationError
 */
export async function verifySmnMessage(input: CallbackInput, options: VerifySmnMessageOptions): Promise<SmnMessage> {
  const { topicUrn, toleranceSeconds, ...settings } = settingsOf(options)
  const { text } = await readCallback('verifySmnMessage', input)
  const body = objectIn(text)
  const kind = kindOf(body)
  const { topic_urn, signature_version, signing_cert_url, timestamp, signature } = checkedBody(kind, body)
  if (topic_urn !== topicUrn) throw smnError('wrong-topic', 'the message is not from the topic')
  if (signature_version !== VERSION)
    throw smnError('unsupported-version', `the version of the signature is not ${VERSION}`)
  const fields = signedFields(kind, body)
  const url = smnUrl(signing_cert_url, kind.essentials.properties.signing_cert_url.pattern, topicUrn)
  if (url === undefined) throw smnError('invalid-certificate-url', 'the certificate is not in the region of the topic')
  const now = settings.now()
  checkTimestamp(timestamp, now, toleranceSeconds * 1000)
  const signatureBytes = bytesOfBase64(signature)
  if (signatureBytes === undefined) throw smnError('wrong-signature', 'the signature is not base64')
  const { key } = await certificateAt(url, settings.fetchCertificate, now)
  const signedBytes = new TextEncoder().encode(fields.map(([name, value]) => `${name}\n${value}\n`).join(''))
  if (!(await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signatureBytes, signedBytes))) {
    throw smnError('wrong-signature', 'the signature is wrong')
  }
  return messageOf(kind, fields)
}

function settingsOf(options: VerifySmnMessageOptions): Required<VerifySmnMessageOptions> {
  checkNames(options, OPTIONS)
  const { topicUrn, toleranceSeconds = 3_600, now = Date.now } = options
  const { topic_urn } = smnMessage.messages.SmnNotification.essentials.properties
  if (!conforms(topic_urn, topicUrn)) throw new ConfigurationError('topicUrn', topic_urn['x-message'])
  if (!(Number.isFinite(toleranceSeconds) && toleranceSeconds > 0)) {
    throw new ConfigurationError('toleranceSeconds', 'must be a number of seconds above 0')
  }
  const functions = { fetchCertificate: options.fetchCertificate ?? fetchCertificate, now }
  for (const [name, value] of Object.entries(functions)) {
    if (typeof value !== 'function') throw new ConfigurationError(name, 'must be a function')
  }
  return { topicUrn, toleranceSeconds, ...functions }
}

function objectIn(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw smnError('invalid-body', 'the body is not JSON', { cause })
  }
  if (!isPlainObject(value)) throw smnError('invalid-body', 'the body is not an object')
  return value
}

/** By the body: no header is signed. */
function kindOf(body: Record<string, unknown>): Kind {
  const kind = KINDS.find(({ constants }) => constants.type === body['type'])
  if (kind !== undefined) return kind
  const types = KINDS.map(({ constants }) => constants.type).join(', ')
  throw smnError('unknown-type', `type is none of ${types}`)
}

function checkedBody({ essentials }: Kind, body: Record<string, unknown>): SmnBody {
  const [issue] = findIssues(essentials, body)
  if (issue !== undefined) throw smnError(CODES[issue.path] ?? 'invalid-body', listIssues([issue]))
  // The fields were checked. What the schema does not require is not read from here.
  return body as unknown as SmnBody
}

/** Name and value of each field that is signed, in this order. */
function signedFields({ signedProperties, essentials }: Kind, body: Record<string, unknown>): [string, string][] {
  const required: readonly string[] = essentials.required
  return signedProperties.flatMap<[string, string]>((name) => {
    const value = body[name]
    if (!required.includes(name) && (value === undefined || value === '')) return []
    if (typeof value !== 'string') throw smnError('invalid-body', `${name} must be a string`)
    // Two messages would have the same signed text: a message_id with a subject in it, and one with a subject beside it.
    if (name !== 'message' && /[\r\n]/.test(value)) throw smnError('line-break', `${name} has a line break`)
    // The encoder would replace it.
    if (/\p{Surrogate}/u.test(value)) throw smnError('invalid-encoding', `${name} is not well-formed Unicode`)
    return [[name, value]]
  })
}

function checkTimestamp(timestamp: string, now: number, toleranceMs: number): void {
  const time = Date.parse(timestamp)
  // Turned round, each would accept a clock that returns NaN.
  if (!(time >= now - toleranceMs)) throw smnError('timestamp-too-old', `the message is from ${timestamp}`)
  if (!(time <= now + toleranceMs)) throw smnError('timestamp-too-new', `the message is from ${timestamp}`)
}

function messageOf(kind: Kind, fields: readonly [string, string][]): SmnMessage {
  const signed = Object.fromEntries(fields)
  const event = kind === smnMessage.messages.SmnNotification ? eventOf(signed['message'] ?? '') : undefined
  // The schema of the type lists and requires these fields.
  return { ...signed, ...(event && { event }) } as unknown as SmnMessage
}
