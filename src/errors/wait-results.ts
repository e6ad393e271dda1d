// As in api-error-code.ts, a shared folder knows the providers here as types alone.
export type { AssetInfo } from '../../generated/huawei-vod/types.js'
export type { Job } from '../../generated/tencent-ci/types.js'
