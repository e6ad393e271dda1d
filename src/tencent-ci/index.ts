export type {
  NoiseReduction,
  NoiseReductionJob,
  NoiseReductionRequest,
  NoiseReductionResponse,
} from '../../generated/tencent-ci/noise-reduction/types.js'
export type {
  AudioConfig,
  CallBackMqConfig,
  JobState,
  MediaInfo,
  MediaResult,
  VoiceSeparate,
  VoiceSeparateJob,
  VoiceSeparateRequest,
  VoiceSeparateResponse,
} from '../../generated/tencent-ci/voice-separate/types.js'
export * from '../client/index.js'
export { createTencentCiClient } from './client.js'
export type { TencentCiClient, TencentCiClientOptions, TencentCiRegion, Untagged } from './client.js'
export type { TencentCredentials } from './credentials.js'
export { tencentCredentialsFromEnv } from './environment.js'
export { signTencentRequest } from './sign.js'
export type { TencentSignature, TencentSigningInput } from './sign.js'
