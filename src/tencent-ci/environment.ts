import { isText } from '../type-guards.js'
import { checkVariables, processEnvironment, type Environment } from '../signing/environment.js'
import type { TencentCredentials } from './credentials.js'

/**
 * Reads the key pair from the variables of Tencent's tools: TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, and for a
 * temporary key TENCENTCLOUD_SESSION_TOKEN.
 *
 * @example
 * const credentials = tencentCredentialsFromEnv()
 * createTencentCiClient({ region: 'ap-beijing', bucket: 'examplebucket-1250000000', credentials })
 *
 * @param environment the variables; default: those of the process, none in a browser
 * @throws ConfigurationError with the names of all missing or empty variables
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
