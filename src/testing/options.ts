import { smnMessage } from '../../generated/huawei-vod/webhooks.js'
import { serverVariables } from '../../generated/tencent-ci/provider.js'
import { checkCredentials } from '../signing/credentials.js'
import { checkHostLabel } from '../client/endpoint.js'
import { checkAllNames } from '../client/option-checks.js'
import { conforms } from '../client/validation.js'
import { ConfigurationError } from '../errors/errors.js'
import { huaweiCredentials, type HuaweiAccessKey } from '../huawei-vod/credentials.js'
import { checkProjectId } from '../huawei-vod/project-id.js'
import { checkBucket } from '../tencent-ci/bucket.js'
import { tencentCredentials, type TencentCredentials } from '../tencent-ci/credentials.js'
import { httpOriginOf, isOrigin } from './callback-targets.js'
import type { RecordedCallback } from './deliveries.js'
import type { AssetInfo } from '../../generated/huawei-vod/types.js'

/** An asset, with the fields that a response may have. */
export type Asset = AssetInfo & { readonly asset_id: string }

/** The options of an emulator. All default values are fake. */
export interface EmulatorOptions {
  /** Huawei Cloud VOD. */
  readonly huawei?: {
    /** The project that owns the assets. Default: `0123456789abcdef0123456789abcdef`. */
    readonly projectId?: string
    /** The access key that must sign requests. Default: `AKEXAMPLE` with `SKEXAMPLE`. */
    readonly credentials?: HuaweiAccessKey
    /** Tokens that replace a signature. Default: `TOKENEXAMPLE`. */
    readonly tokens?: readonly string[]
    /**
     * The initial assets. An omitted field has the value of the documented example, so an asset is published by
     * default. Default: the assets of the documented examples.
     */
    readonly assets?: readonly Asset[]
    /** Where VOD sends an event when an extraction succeeds or fails. Default: no events. */
    readonly events?: EventOptions
  }
  /** Tencent Cloud CI. */
  readonly tencent?: {
    /** The bucket with its APPID. Default: `examplebucket-1250000000`. */
    readonly bucket?: string
    /** The region of the bucket. Default: `ap-beijing`. */
    readonly region?: string
    /** The key pair that must sign requests. Default: `TESTID` with `TESTKEY`. */
    readonly credentials?: TencentCredentials
  }
  /** The clock of both services in milliseconds since 1970. Default: Date.now. */
  readonly now?: () => number
  /** Milliseconds that a job or an extraction is queued. It can be canceled only during this time. Default: 0. */
  readonly queueDurationMs?: number
  /**
   * Milliseconds that a job or an extraction runs, after it was queued. Default: 0, finished at the next read.
   */
  readonly jobDurationMs?: number
  /** Milliseconds until a new asset can be read. Until then, its status is `NOASSET`. Default: 0. */
  readonly assetDelayMs?: number
  /** The seed of all IDs: the same seed gives the same IDs in the same order. Default: `'0'`. */
  readonly seed?: string
  /** How the emulator calls back when a job or an extraction ends. */
  readonly callbacks?: CallbackOptions
  /** Called after every request. An error that it throws does not affect the response. */
  readonly onRequest?: (request: RecordedRequest) => unknown
  /** Called when a callback is delivered or given up. An error that it throws has no effect. */
  readonly onCallback?: (callback: RecordedCallback) => unknown
}

/** Where and how VOD sends events: through its message service MFS, or through SMN with `topicUrn`. */
export interface EventOptions {
  /** The http or https URL that receives the events. */
  readonly url: string
  /** The key with which MFS signs. Default: no signature. */
  readonly key?: string
  /** The topic of SMN, such as `urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod`. Default: the events use MFS. */
  readonly topicUrn?: string
  /** The subject of the messages of SMN. Default: none. */
  readonly subject?: string
}

/** How the emulator calls back. */
export interface CallbackOptions {
  /**
   * Sends a callback in place of the built-in fetch, such as the `fetch` of a Hono application, which then needs no
   * server. Default: the built-in fetch.
   */
  readonly fetch?: (request: Request) => Response | Promise<Response>
  /**
   * Origins that jobs may name in `CallBack`, such as `http://receiver:3000`, besides the loopback addresses and the origin
   * of `huawei.events.url`. Nothing is sent to any other. Default: none.
   */
  readonly allow?: readonly string[]
  /**
   * Milliseconds before each retry, at most six: as many as SMN makes. A message of SMN is sent again only after a status
   * of 500 or above, as documented. For the callbacks of CI and the events of MFS nothing is documented; the emulator
   * assumes that these are also sent again if there is no response. Default: 100, 200, 400, 800, 1,600, 3,200.
   */
  readonly retryDelaysMs?: readonly number[]
}

/** A request and its outcome. */
export interface RecordedRequest {
  /** HTTP method. */
  readonly method: string
  /** The absolute URL, with its query. */
  readonly url: string
  /** By lowercase name, including `authorization`. */
  readonly headers: Readonly<Record<string, string>>
  /** Empty if it is longer than 12 MB, which no service accepts. */
  readonly body: string
  /** Name of the operation; undefined if the spec has no such operation. */
  readonly operation: string | undefined
  /** Status of the response; undefined if a fault prevented a response. */
  readonly status: number | undefined
  /** The provider's error code in the response, such as `APIGW.0301`. */
  readonly code: string | undefined
  /** The kind of the injected fault. */
  readonly fault: string | undefined
}

/** The resolved options. */
export interface EmulatorSettings extends Required<
  Pick<EmulatorOptions, 'now' | 'queueDurationMs' | 'jobDurationMs' | 'assetDelayMs' | 'seed'>
> {
  /** Huawei Cloud VOD. */
  readonly huawei: Required<Omit<HuaweiOptions, 'events'>> & Pick<HuaweiOptions, 'events'>
  /** Tencent Cloud CI. */
  readonly tencent: Required<NonNullable<EmulatorOptions['tencent']>>
  /** How the emulator calls back when a job or an extraction ends. */
  readonly callbacks: Required<CallbackOptions>
}

type HuaweiOptions = NonNullable<EmulatorOptions['huawei']>

/**
 * Resolves the options.
 *
 * @throws ConfigurationError
 */
export function emulatorSettings({ huawei, tencent, callbacks, ...options }: EmulatorOptions): EmulatorSettings {
  const { now, queueDurationMs, jobDurationMs, assetDelayMs, seed } = options
  const settings = {
    huawei: {
      projectId: '0123456789abcdef0123456789abcdef',
      credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
      tokens: ['TOKENEXAMPLE'],
      // The assets of the documented examples, without the one that the unpublish page shows as missing.
      assets: [{ asset_id: '3e1cd21131a94525be55acf65888bf46' }, { asset_id: 'f488337c31c8e4622f1590735b134c65' }],
      ...huawei,
    },
    tencent: {
      bucket: serverVariables.bucket.default,
      region: serverVariables.region.default,
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
      ...tencent,
    },
    callbacks: {
      // Looked up for each callback, as a test may replace it.
      fetch: (request: Request) => fetch(request),
      allow: [],
      retryDelaysMs: [100, 200, 400, 800, 1_600, 3_200],
      ...callbacks,
    },
    now: now ?? Date.now,
    queueDurationMs: queueDurationMs ?? 0,
    jobDurationMs: jobDurationMs ?? 0,
    assetDelayMs: assetDelayMs ?? 0,
    seed: seed ?? '0',
  }
  checkSettings(settings)
  return settings
}

function checkSettings({ huawei, tencent, callbacks, ...settings }: EmulatorSettings): void {
  checkProjectId(huawei.projectId)
  checkCredentials(huawei.credentials, huaweiCredentials)
  if (!huawei.assets.every(({ asset_id }) => typeof asset_id === 'string')) {
    throw new ConfigurationError('assets', 'must each have an asset_id')
  }
  if (huawei.events !== undefined) checkEvents(huawei.events)
  checkBucket(tencent.bucket)
  checkHostLabel('region', tencent.region)
  checkCredentials(tencent.credentials, tencentCredentials)
  for (const name of ['queueDurationMs', 'jobDurationMs', 'assetDelayMs'] as const) {
    if (!(settings[name] >= 0)) throw new ConfigurationError(name, 'must be a number of milliseconds, at least 0')
  }
  checkCallbacks(callbacks)
}

const { topic_urn } = smnMessage.messages.SmnNotification.essentials.properties

function checkEvents(events: EventOptions): void {
  checkAllNames(events, ['url', 'key', 'topicUrn', 'subject'])
  const { url, key, topicUrn, subject } = events
  if (httpOriginOf(url) === undefined) {
    throw new ConfigurationError('events.url', 'must be an http or https URL without credentials')
  }
  if (key === '') throw new ConfigurationError('events.key', 'must not be empty')
  if (topicUrn !== undefined && !conforms(topic_urn, topicUrn)) {
    throw new ConfigurationError('events.topicUrn', topic_urn['x-message'])
  }
  if (topicUrn !== undefined && key !== undefined) {
    throw new ConfigurationError(
      'events.key',
      'must not be set together with topicUrn: the key signs events of MFS, not messages of SMN',
    )
  }
  if (subject !== undefined && topicUrn === undefined) {
    throw new ConfigurationError('events.subject', 'requires topicUrn: only messages of SMN have a subject')
  }
}

function checkCallbacks(callbacks: Required<CallbackOptions>): void {
  checkAllNames(callbacks, ['fetch', 'allow', 'retryDelaysMs'])
  const { fetch, allow, retryDelaysMs } = callbacks
  if (typeof fetch !== 'function') throw new ConfigurationError('callbacks.fetch', 'must be a function')
  // JavaScript callers may pass anything.
  if (!Array.isArray(allow) || !allow.every(isOrigin)) {
    throw new ConfigurationError('callbacks.allow', 'must be origins, such as http://receiver:3000')
  }
  const areDelays = Array.isArray(retryDelaysMs) && retryDelaysMs.length <= 6
  if (!areDelays || !retryDelaysMs.every((ms) => ms >= 0 && ms < Infinity)) {
    throw new ConfigurationError('callbacks.retryDelaysMs', 'must be at most six numbers of milliseconds, from 0')
  }
}
