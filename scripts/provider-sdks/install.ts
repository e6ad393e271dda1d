import { withPackages } from '../with-packages.js'

/** The providers' SDKs that ours is compared with. */
export const SDKS = [
  { name: '@huaweicloud/huaweicloud-sdk-vod', version: '3.0.18-beta' },
  { name: 'cos-nodejs-sdk-v5', version: '3.0.0' },
] as const

const PACKAGES = {
  ...Object.fromEntries(SDKS.map(({ name, version }) => [name, version])),
  // What Huawei's requires; it does not declare uuid.
  '@huaweicloud/huaweicloud-sdk-core': '3.1.211',
  uuid: '9.0.1',
}

/** Calls the function with a temporary folder in which the providers' SDKs are installed. */
export function withProviderSdks<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  return withPackages(PACKAGES, use)
}
