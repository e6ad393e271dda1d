import { isText } from '../type-guards.js'
import { checkVariables, processEnvironment, type Environment } from '../signing/environment.js'
import type { TencentCredentials } from './credentials.js'

/**
 * The key pair from the variables that the tools of Tencent Cloud read: TENCENTCLOUD_SECRET_ID and
 * TENCENTCLOUD_SECRET_KEY, for a temporary key also TENCENTCLOUD_SESSION_TOKEN.
 *
 * @example
 * const credentials = tencentCredentialsFromEnv()
 * createTencentCiClient({ region: 'ap-beijing', bucket: 'examplebucket-1250000000', credentials })
 *
 * @param environment where to look. Default: the environment of the process, empty where there is none
 * @throws ConfigurationError naming every variable that is missing or empty
 * @see Tencent Cloud, "Configuring Environment Variables" (614/74215); the session token has no page, CloudBase reads it
 */
export function tencentCredentialsFromEnv(environment: Environment = processEnvironment()): TencentCredentials {
  checkVariables(environment, ['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY'])
  const sessionToken = environment['TENCENTCLOUD_SESSION_TOKEN']
  return {
    secretId: environment.TENCENTCLOUD_SECRET_ID,
    secretKey: environment.TENCENTCLOUD_SECRET_KEY,
    ...(isText(sessionToken) && { sessionToken }),
  }
}
