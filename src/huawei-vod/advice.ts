// What a client loads for its first error response.
export { hints } from '../../generated/huawei-vod/hints.js'
export { explainSignature } from './signature-refusal.js'
