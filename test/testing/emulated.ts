import type { HuaweiVodClient } from '../../src/huawei-vod/index.js'
import type { TencentCiClient } from '../../src/tencent-ci/index.js'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, tencentClient } from '../support/clients.js'

export const OUTPUT = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
export const NOISE = { Input: { Object: 'in.mp3' }, Operation: { Output: OUTPUT } }
export const VOICE = { ...NOISE, QueueId: 'p0123456789abcdef0123456789abcdef' }

/** The assets that exist from the start, and one that never does. */
export const OTHER = '3e1cd21131a94525be55acf65888bf46'
export const EXISTING = 'f488337c31c8e4622f1590735b134c65'
export const MISSING = '07ba4d46463355e800c2f42f628f0631'

/** An emulator, its clock, and clients that use both. */
export interface Emulated {
  readonly emulator: Emulator
  /** New Year until a test moves it. */
  readonly clock: { now: number }
  readonly huawei: HuaweiVodClient
  readonly tencent: TencentCiClient
}

export function emulated(options: EmulatorOptions = {}): Emulated {
  const clock = { now: NEW_YEAR }
  const now = (): number => clock.now
  const emulator = createEmulator({ now, ...options })
  const { fetch } = emulator
  return { emulator, clock, huawei: huaweiClient({ fetch, now }), tencent: tencentClient({ fetch, now }) }
}
