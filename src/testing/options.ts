import { provider as tencentCi } from '../../generated/tencent-ci/provider.js'
import { checkCredentials } from '../signing/credentials.js'
import { checkHostLabel } from '../client/endpoint.js'
import { ConfigurationError } from '../errors/errors.js'
import { huaweiCredentials, type HuaweiAccessKey } from '../huawei-vod/credentials.js'
import { checkProjectId } from '../huawei-vod/project-id.js'
import { checkBucket } from '../tencent-ci/bucket.js'
import { tencentCredentials, type TencentCredentials } from '../tencent-ci/credentials.js'
import type { Asset } from './huawei-vod/assets.js'

/** What an emulator accepts and holds. Every part has a default that is plainly fake. */
export interface EmulatorOptions {
  readonly huawei?: {
    /** The project that owns the assets. Default `0123456789abcdef0123456789abcdef`. */
    readonly projectId?: string
    /** The access key that requests must be signed with. Default `AKEXAMPLE` with `SKEXAMPLE`. */
    readonly credentials?: HuaweiAccessKey
    /** Tokens that are accepted instead of a signature. Default `TOKENEXAMPLE`. */
    readonly tokens?: readonly string[]
    /**
     * The assets there are at the start. What one does not say is taken from the documented example: it is published.
     * Default: the assets of the documented examples.
     */
    readonly assets?: readonly Asset[]
  }
  readonly tencent?: {
    /** Default `examplebucket-1250000000`. */
    readonly bucket?: string
    /** Default `ap-beijing`. */
    readonly region?: string
    /** The key pair that requests must be signed with. Default `TESTID` with `TESTKEY`. */
    readonly credentials?: TencentCredentials
  }
  /** Milliseconds since 1970: the clock of both services. Default: the clock of the machine. */
  readonly now?: () => number
  /** Milliseconds until a job has ended and a new asset is ready. Default 0: as soon as somebody looks. */
  readonly jobDurationMs?: number
  /** What the ids are made from: the same seed gives the same ids in the same order. Default `0`. */
  readonly seed?: string
  /** Told of every request once its answer is known. */
  readonly onRequest?: (request: RecordedRequest) => void
}

/** A request that arrived, and what became of it. */
export interface RecordedRequest {
  readonly method: string
  readonly url: string
  /** By lower-case name, `authorization` among them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The operation it asked for; undefined if the emulator knows none such. */
  readonly operation: string | undefined
  /** The status it was answered with; undefined if a fault left it without an answer. */
  readonly status: number | undefined
  /** The provider's error code in the answer, such as `APIGW.0301`. */
  readonly code: string | undefined
  /** The kind of the fault that befell it. */
  readonly fault: string | undefined
}

/** The options in force. */
export interface EmulatorSettings {
  readonly huawei: Required<NonNullable<EmulatorOptions['huawei']>>
  readonly tencent: Required<NonNullable<EmulatorOptions['tencent']>>
  readonly now: () => number
  readonly jobDurationMs: number
  readonly seed: string
}

/**
 * The options with their defaults.
 *
 * @throws ConfigurationError
 */
export function emulatorSettings({ huawei, tencent, now, jobDurationMs, seed }: EmulatorOptions): EmulatorSettings {
  const settings = {
    huawei: {
      projectId: '0123456789abcdef0123456789abcdef',
      credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
      tokens: ['TOKENEXAMPLE'],
      // The assets of the documented examples, less the one that the unpublish page shows as missing.
      assets: [{ asset_id: '3e1cd21131a94525be55acf65888bf46' }, { asset_id: 'f488337c31c8e4622f1590735b134c65' }],
      ...huawei,
    },
    tencent: {
      bucket: tencentCi.server.variables.bucket.default,
      region: tencentCi.server.variables.region.default,
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
      ...tencent,
    },
    now: now ?? Date.now,
    jobDurationMs: jobDurationMs ?? 0,
    seed: seed ?? '0',
  }
  checkSettings(settings)
  return settings
}

function checkSettings({ huawei, tencent, jobDurationMs }: EmulatorSettings): void {
  checkProjectId(huawei.projectId)
  checkCredentials(huawei.credentials, huaweiCredentials)
  if (!huawei.assets.every(({ asset_id }) => typeof asset_id === 'string')) {
    throw new ConfigurationError('assets', 'must each have an asset_id')
  }
  checkBucket(tencent.bucket)
  checkHostLabel('region', tencent.region)
  checkCredentials(tencent.credentials, tencentCredentials)
  if (!(jobDurationMs >= 0)) throw new ConfigurationError('jobDurationMs', 'must be a number of milliseconds from 0')
}
