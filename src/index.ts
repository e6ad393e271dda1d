export * from './huawei-vod/index.js'
export * from './tencent-ci/index.js'
