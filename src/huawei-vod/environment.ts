import { isText } from '../type-guards.js'
import { checkVariables, processEnvironment, type Environment } from '../signing/environment.js'
import type { HuaweiAccessKey } from './credentials.js'

/**
 * The access key and the project id from the variables that the SDKs of Huawei Cloud read: HUAWEICLOUD_SDK_AK,
 * HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID, for a temporary key also HUAWEICLOUD_SDK_SECURITY_TOKEN.
 *
 * @example
 * const key = huaweiCredentialsFromEnv()
 * createHuaweiVodClient({ region: 'cn-north-4', projectId: key.projectId, credentials: key })
 *
 * @param environment where to look. Default: the environment of the process, empty where there is none
 * @throws ConfigurationError naming every variable that is missing or empty
 * @see huaweicloud-sdk-java-v3, EnvCredentialProvider
 */
export function huaweiCredentialsFromEnv(
  environment: Environment = processEnvironment(),
): HuaweiAccessKey & { readonly projectId: string } {
  checkVariables(environment, ['HUAWEICLOUD_SDK_AK', 'HUAWEICLOUD_SDK_SK', 'HUAWEICLOUD_SDK_PROJECT_ID'])
  const securityToken = environment['HUAWEICLOUD_SDK_SECURITY_TOKEN']
  return {
    accessKeyId: environment.HUAWEICLOUD_SDK_AK,
    secretAccessKey: environment.HUAWEICLOUD_SDK_SK,
    ...(isText(securityToken) && { securityToken }),
    projectId: environment.HUAWEICLOUD_SDK_PROJECT_ID,
  }
}
