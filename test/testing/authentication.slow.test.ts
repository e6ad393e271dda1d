import { describeRandomRequests } from './authentication-contract.js'
import { huaweiRandomRequests } from './huawei-vod/random-requests.js'
import { tencentRandomRequests } from './tencent-ci/random-requests.js'

describeRandomRequests('Huawei VOD', huaweiRandomRequests, 2_000)
describeRandomRequests('Tencent CI', tencentRandomRequests, 2_000)
