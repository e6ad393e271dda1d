export type {
  AssetInfo,
  BaseInfo,
  CoverInfo,
  ExtractAudioParameter,
  ExtractAudioRequest,
  ExtractAudioResponse,
  FileAddress,
  MetaData,
  PlayInfo,
  SubtitleInfo,
  UnpublishRequest,
  UnpublishResponse,
} from '../../generated/huawei-vod/types.js'
export * from '../client/index.js'
export { createHuaweiVodClient } from './client.js'
export type { HuaweiVodClient, HuaweiVodClientOptions, HuaweiVodRegion } from './client.js'
export type { HuaweiAccessKey, HuaweiCredentials, HuaweiToken } from './credentials.js'
export { huaweiCredentialsFromEnv } from './environment.js'
export { signHuaweiRequest } from './sign.js'
export type { HuaweiSignature, HuaweiSigningInput } from './sign.js'
