import { isText } from '../type-guards.js'
import { checkVariables, processEnvironment, type Environment } from '../signing/environment.js'
import type { HuaweiAccessKey } from './credentials.js'

/**
 * Reads the access key and the project ID from the variables of Huawei's SDKs: HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK,
 * HUAWEICLOUD_SDK_PROJECT_ID, and for a temporary key HUAWEICLOUD_SDK_SECURITY_TOKEN.
 *
 * @example
 * const key = huaweiCredentialsFromEnv()
 * createHuaweiVodClient({ region: 'cn-north-4', projectId: key.projectId, credentials: key })
 *
 * @param environment the variables; default: those of the process, none in a browser
 * @throws ConfigurationError with the names of all missing or empty variables
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
