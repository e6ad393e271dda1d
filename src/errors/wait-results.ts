// As in api-error-code.ts, a shared folder knows the providers here as types alone.
import type { AssetInfo } from '../../generated/huawei-vod/types.js'
import type { NoiseReductionJob, VoiceSeparateJob } from '../../generated/tencent-ci/types.js'

/** A job as it was read. */
export type ReadJob = VoiceSeparateJob | NoiseReductionJob

/** An asset as it was read. */
export type ReadAsset = AssetInfo
