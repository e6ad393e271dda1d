import { sha256Hex } from '#platform'
import { webhookExamples } from '../../generated/huawei-vod/examples.js'
import { smnMessage } from '../../generated/huawei-vod/webhooks.js'
import type { SmnBody } from '../../generated/huawei-vod/types.js'
import type { SignedCallback } from './signed-callback.js'
import { createTestCertificate, type TestCertificate } from './test-certificate.js'

type Completed = SmnMessageToSign & Pick<SmnBody, 'type' | 'message' | 'message_id'>

const { SmnNotification } = smnMessage.messages
const KINDS = Object.values(smnMessage.messages)
const { messageType, messageId, topicUrn } = smnMessage.headers
const { subscription } = webhookExamples.smnMessage

/** A message to sign. What is omitted gets a value; nothing else is checked. */
export interface SmnMessageToSign {
  /** The type. Default: `Notification`. */
  readonly type?: SmnBody['type']
  /** The URN of the topic, such as `urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod`. */
  readonly topic_urn: string
  /** The content: text, or an event of VOD. Default: a sentence. */
  readonly message?: string | object
  /** The subject. Default: none. */
  readonly subject?: string
  /** The ID of the message. Default: a new one. */
  readonly message_id?: string
  /** The time of the message, such as `2016-08-15T07:29:16Z`. Default: now. */
  readonly timestamp?: string
  /** The URL that confirms the subscription. Default, except for a `Notification`: one of the console. */
  readonly subscribe_url?: string
  /** The URL that ends the subscription. Not signed. Default: none. */
  readonly unsubscribe_url?: string
  /** The version of the signature. Not signed. Default: `v1`. */
  readonly signature_version?: string
  /** The URL of the certificate. Not signed. Default: one of SMN in the region of the topic. */
  readonly signing_cert_url?: string
}

/** The options of signSmnMessage. */
export interface SignSmnMessageOptions {
  /** The certificate whose key signs, from createTestCertificate. Default: one that all messages share. */
  readonly certificate?: TestCertificate
}

/** A signed message, as SMN sends it: an input of verifySmnMessage. Its headers are not signed. */
export interface SignedSmnMessage extends SignedCallback {
  /** The certificate in PEM. Return it from `fetchCertificate`. */
  readonly certificate: string
}

/**
 * Signs a message as SMN does, with a key of its own, so that a test can send it to a receiver.
 *
 * @example
 * const signed = await signSmnMessage({ topic_urn: topicUrn, message: event })
 * await verifySmnMessage(signed, { topicUrn, fetchCertificate: async () => signed.certificate })
 */
export async function signSmnMessage(
  message: SmnMessageToSign,
  options: SignSmnMessageOptions = {},
): Promise<SignedSmnMessage> {
  const { pem, privateKey } = options.certificate ?? (await createTestCertificate())
  const body = await completed(message, pem)
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, new TextEncoder().encode(textOf(body)))
  return {
    headers: {
      [messageType.toLowerCase()]: body.type,
      [messageId.toLowerCase()]: body.message_id,
      [topicUrn.toLowerCase()]: body.topic_urn,
    },
    body: JSON.stringify({ ...body, signature: btoa(String.fromCharCode(...new Uint8Array(signature))) }),
    certificate: pem,
  }
}

async function completed(given: SmnMessageToSign, pem: string): Promise<Completed> {
  const { type = SmnNotification.constants.type, topic_urn, message = 'A message for a test.' } = given
  return {
    message_id: crypto.randomUUID().replaceAll('-', ''),
    timestamp: new Date().toISOString().replace(/\.\d+/, ''),
    ...(type !== SmnNotification.constants.type && { subscribe_url: ofTopic(subscription.subscribe_url, topic_urn) }),
    signature_version: subscription.signature_version,
    // A URL of its own for each certificate, as receivers keep certificates by their URLs.
    signing_cert_url: ofTopic(subscription.signing_cert_url, topic_urn).replace(
      /[0-9a-f]{32}(?=\.pem$)/,
      (await sha256Hex(pem)).slice(0, 32),
    ),
    ...given,
    type,
    message: typeof message === 'string' ? message : JSON.stringify(message),
  }
}

/** A documented URL, for another topic in its region. */
function ofTopic(url: string, urnOfTopic: string): string {
  const [documented = '', region = ''] = [subscription.topic_urn, urnOfTopic].map((urn) => urn.split(':')[2])
  return url.replaceAll(subscription.topic_urn, urnOfTopic).replaceAll(documented, region)
}

/** The text that the signature is for: without a subject that is empty. */
function textOf(body: Completed): string {
  const { signedProperties, essentials } =
    KINDS.find(({ constants }) => constants.type === body.type) ?? SmnNotification
  const required: readonly string[] = essentials.required
  const fields: Readonly<Record<string, string | undefined>> = { ...body }
  return signedProperties
    .map((name) => [name, fields[name] ?? ''] as const)
    .filter(([name, value]) => required.includes(name) || value !== '')
    .map(([name, value]) => `${name}\n${value}\n`)
    .join('')
}
