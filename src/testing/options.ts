import { server as tencentServer } from '../../generated/tencent-ci/server.js'
import type { HuaweiAccessKey } from '../huawei-vod/credentials.js'
import type { TencentCredentials } from '../tencent-ci/credentials.js'

/** What an emulator accepts and holds. Every part has a default that is plainly fake. */
export interface EmulatorOptions {
  readonly huawei?: {
    /** The project that owns the assets. */
    readonly projectId?: string
    /** The access key that requests must be signed with. */
    readonly credentials?: HuaweiAccessKey
    /** Tokens that are accepted instead of a signature. */
    readonly tokens?: readonly string[]
    /** Ids of the assets there are at the start. */
    readonly assets?: readonly string[]
  }
  readonly tencent?: {
    readonly bucket?: string
    readonly region?: string
    /** The key pair that requests must be signed with. */
    readonly credentials?: TencentCredentials
  }
  /** Milliseconds since 1970. Default: the clock of the machine. */
  readonly now?: () => number
}

/** The options in force. */
export interface EmulatorSettings {
  readonly huawei: Required<NonNullable<EmulatorOptions['huawei']>>
  readonly tencent: Required<NonNullable<EmulatorOptions['tencent']>>
  readonly now: () => number
}

export function emulatorSettings({ huawei, tencent, now }: EmulatorOptions): EmulatorSettings {
  return {
    huawei: {
      projectId: '0123456789abcdef0123456789abcdef',
      credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
      tokens: ['TOKENEXAMPLE'],
      // The assets of the documented examples, less the one that the unpublish page shows as missing.
      assets: ['3e1cd21131a94525be55acf65888bf46', 'f488337c31c8e4622f1590735b134c65'],
      ...huawei,
    },
    tencent: {
      bucket: tencentServer.variables.bucket.default,
      region: tencentServer.variables.region.default,
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
      ...tencent,
    },
    now: now ?? Date.now,
  }
}
