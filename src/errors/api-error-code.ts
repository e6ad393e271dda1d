// The one place where a shared folder knows the providers: as types, for editors alone.
import type { HuaweiVodErrorCode } from '../../generated/huawei-vod/types.js'
import type { TencentCiErrorCode } from '../../generated/tencent-ci/types.js'

/** An error code. Editors complete the known codes of both providers; a provider may send others. */
export type ApiErrorCode = HuaweiVodErrorCode | TencentCiErrorCode | (string & {})
