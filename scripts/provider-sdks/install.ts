import { withPackages } from '../with-packages.js'

/** The providers' SDKs. Huawei's requires uuid without declaring it. */
const PACKAGES = {
  '@huaweicloud/huaweicloud-sdk-vod': '3.0.18-beta',
  '@huaweicloud/huaweicloud-sdk-core': '3.1.211',
  uuid: '9.0.1',
  'cos-nodejs-sdk-v5': '3.0.0',
}

/** Calls the function with a temporary folder in which the providers' SDKs are installed. */
export function withProviderSdks<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  return withPackages(PACKAGES, use)
}
