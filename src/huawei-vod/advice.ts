// What a client loads for its first error response.
export { advice } from '../../generated/huawei-vod/advice.js'
export { explainSignature } from './signature-refusal.js'
