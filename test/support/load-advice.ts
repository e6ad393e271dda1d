// Loads what clients load for their first error: tests that replace the clock cannot wait for a file.
import '../../src/huawei-vod/advice.js'
import '../../generated/tencent-ci/advice.js'
