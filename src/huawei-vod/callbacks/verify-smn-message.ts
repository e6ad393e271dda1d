import { smnMessage } from '../../../generated/huawei-vod/webhooks.js'
import type {
  SmnBody,
  SmnNotification,
  SmnSubscriptionConfirmation,
  SmnUnsubscribeConfirmation,
  VodEvent,
} from '../../../generated/huawei-vod/types.js'
import { checkAllNames } from '../../client/option-checks.js'
import { conforms, findIssues } from '../../client/validation.js'
import type { CallbackErrorCode } from '../../errors/callback-error.js'
import { ConfigurationError, listIssues } from '../../errors/errors.js'
import { checkAge, checkClock, type AgeLimit } from '../../receiving/age.js'
import { readCallback, type CallbackInput } from '../../receiving/input.js'
import { bytesOfBase64 } from './base64.js'
import type { Certificate } from './certificate.js'
import { eventIn, jsonObject } from './event.js'
import { fetchCertificate as fetchByDefault, isSignedAt, type FetchCertificate } from './fetch-certificate.js'
import { OPERATION, smnError } from './smn-error.js'
import { smnUrl } from './smn-url.js'

/** The options of verifySmnMessage. */
export interface VerifySmnMessageOptions {
  /** The URN of your topic, such as `urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod`. */
  readonly topicUrn: string
  /**
   * Returns the certificate at a URL of SMN, in PEM, within 3 seconds. A certificate has at most 16 kB, and is kept for
   * later calls with the same function. Default: the built-in fetch.
   */
  readonly fetchCertificate?: FetchCertificate
  /**
   * Maximum age of a message in seconds. A message that SMN sends again, up to a day later, keeps its time. Default:
   * 86,400. It can be at most 300 seconds ahead of this clock.
   */
  readonly toleranceSeconds?: number
  /** The clock in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number
}

type Signed<Body> = Readonly<Omit<Body, 'signature' | 'signature_version' | 'signing_cert_url' | 'unsubscribe_url'>>

/** A message that was published to the topic. It has signed fields only. */
export interface VerifiedSmnNotification extends Signed<SmnNotification> {
  /** The event in `message`; undefined if that is not an event of VOD, or lacks a required field. */
  readonly event?: VodEvent
}

/** A request to confirm a subscription: pass it to confirmSubscription. It has signed fields only. */
export type VerifiedSmnSubscriptionConfirmation = Signed<SmnSubscriptionConfirmation>

/** A subscription has ended. The message has signed fields only. */
export type VerifiedSmnUnsubscribeConfirmation = Signed<SmnUnsubscribeConfirmation>

/** A message whose signature is verified. `type` names the type. */
export type SmnMessage =
  VerifiedSmnNotification | VerifiedSmnSubscriptionConfirmation | VerifiedSmnUnsubscribeConfirmation

type Kind = (typeof smnMessage.messages)[keyof typeof smnMessage.messages]

const VERSION = 'v1'
/** A day, the longest time until SMN sends a message again. */
const TOLERANCE_SECONDS = 86_400
const MAX_AHEAD_MS = 300_000
const KINDS: readonly Kind[] = Object.values(smnMessage.messages)
const OPTIONS: readonly (keyof VerifySmnMessageOptions)[] = ['topicUrn', 'fetchCertificate', 'toleranceSeconds', 'now']
/** The code for a field that breaks its rule. For all other fields, it is `invalid-body`. */
const CODES: Readonly<Record<string, CallbackErrorCode>> = {
  topic_urn: 'wrong-topic',
  subscribe_url: 'invalid-subscribe-url',
  signing_cert_url: 'invalid-certificate-url',
}

/**
 * Verifies the topic, the time, and the RSA signature of a message of SMN, and returns the signed fields.
 *
 * The message names its certificate, which must be on the host of SMN in the region of the topic. The issuer of the
 * certificate is not verified, because SMN sends no certificate chain. SMN may send a message more than once, with the same
 * `message_id`.
 *
 * Source: https://support.huaweicloud.com/intl/en-us/usermanual-smn/smn_ug_a9003.html
 *
 * @throws CallbackError if the message is not from the topic, not signed, or too old or too new
 * @throws ConfigurationError for an option
 */
export async function verifySmnMessage(input: CallbackInput, options: VerifySmnMessageOptions): Promise<SmnMessage> {
  const { topicUrn, limit, fetchCertificate } = checkedOptions(options)
  const { text } = await readCallback(OPERATION, input)
  const body = jsonObject(text)
  if (body === undefined) throw smnError('invalid-body', 'the body is not a JSON object')
  const kind = kindOf(body)
  const { topic_urn, signature_version, timestamp, signature, signing_cert_url } = checkedBody(kind, body)
  if (topic_urn !== topicUrn) {
    const hint = 'Compare topicUrn with the topic in the console.'
    throw smnError('wrong-topic', 'the message is from another topic', { hint })
  }
  // The pages write it in both cases (ERRATA 195).
  if (signature_version.toLowerCase() !== VERSION)
    throw smnError('unsupported-version', `the signature does not have version ${VERSION}`)
  const fields = signedFields(kind, body)
  const url = smnUrl(signing_cert_url, kind.essentials.properties.signing_cert_url.pattern, topicUrn)
  if (url === undefined) throw smnError('invalid-certificate-url', 'the certificate is not in the region of the topic')
  checkAge(OPERATION, Date.parse(timestamp), limit)
  const signatureBytes = bytesOfBase64(signature)
  if (signatureBytes === undefined) throw smnError('wrong-signature', 'the signature is not base64')
  const signedBytes = new TextEncoder().encode(fields.map(([name, value]) => `${name}\n${value}\n`).join(''))
  const isSignedBy = ({ key }: Certificate): Promise<boolean> =>
    crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signatureBytes, signedBytes)
  if (!(await isSignedAt(url, isSignedBy, { fetchCertificate, now: limit.now() }))) {
    const hint = 'Pass the body exactly as it arrived.'
    throw smnError('wrong-signature', 'the signature does not match the certificate', { hint })
  }
  return messageOf(kind, fields)
}

function checkedOptions(options: VerifySmnMessageOptions): {
  topicUrn: string
  limit: AgeLimit
  fetchCertificate: FetchCertificate
} {
  checkAllNames(options, OPTIONS)
  const { topicUrn, toleranceSeconds = TOLERANCE_SECONDS, now = Date.now } = options
  const { topic_urn } = smnMessage.messages.SmnNotification.essentials.properties
  if (!conforms(topic_urn, topicUrn)) throw new ConfigurationError('topicUrn', topic_urn['x-message'])
  checkClock(toleranceSeconds, now)
  const fetchCertificate = options.fetchCertificate ?? fetchByDefault
  // JavaScript callers may pass anything.
  if (typeof fetchCertificate !== 'function') throw new ConfigurationError('fetchCertificate', 'must be a function')
  const maxAgeMs = toleranceSeconds * 1_000
  return { topicUrn, limit: { maxAgeMs, maxAheadMs: Math.min(maxAgeMs, MAX_AHEAD_MS), now }, fetchCertificate }
}

/** By the body: no header is signed. */
function kindOf(body: Record<string, unknown>): Kind {
  const kind = KINDS.find(({ constants }) => constants.type === body['type'])
  if (kind !== undefined) return kind
  const types = KINDS.map(({ constants }) => constants.type).join(', ')
  throw smnError('unknown-type', `type is not one of ${types}`)
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
    // Otherwise, a message_id that contains a subject has the same signed text as a message_id and a subject.
    if (name !== 'message' && /[\r\n]/.test(value)) throw smnError('line-break', `${name} has a line break`)
    // The encoder would replace it.
    if (/\p{Surrogate}/u.test(value)) throw smnError('invalid-encoding', `${name} is not well-formed Unicode`)
    return [[name, value]]
  })
}

function messageOf(kind: Kind, fields: readonly [string, string][]): SmnMessage {
  const signed = Object.fromEntries(fields)
  const { event } = kind === smnMessage.messages.SmnNotification ? eventIn(signed['message'] ?? '') : {}
  // The schema of the type lists and requires these fields.
  return { ...signed, ...(event && { event }) } as unknown as SmnMessage
}
