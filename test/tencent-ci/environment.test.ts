import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../src/errors/errors.js'
import { tencentCredentialsFromEnv } from '../../src/tencent-ci/environment.js'

const VARIABLES = { TENCENTCLOUD_SECRET_ID: 'TESTID', TENCENTCLOUD_SECRET_KEY: 'TESTKEY' }
const KEY = { secretId: 'TESTID', secretKey: 'TESTKEY' }

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a key pair from the environment', () => {
  it('is the permanent one', () => {
    expect(tencentCredentialsFromEnv(VARIABLES)).toStrictEqual(KEY)
    expect(tencentCredentialsFromEnv({ ...VARIABLES, TENCENTCLOUD_SESSION_TOKEN: '' })).toStrictEqual(KEY)
  })

  it('is a temporary one if there is a session token', () => {
    const variables = { ...VARIABLES, TENCENTCLOUD_SESSION_TOKEN: 'STSTOKEN' }
    expect(tencentCredentialsFromEnv(variables)).toStrictEqual({ ...KEY, sessionToken: 'STSTOKEN' })
  })

  it('comes from the process if no environment is given', () => {
    for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value)
    vi.stubEnv('TENCENTCLOUD_SESSION_TOKEN', undefined)
    expect(tencentCredentialsFromEnv()).toStrictEqual(KEY)
  })

  it('is rejected with the names of all variables that are missing or empty', () => {
    const refusal = new ConfigurationError('environment', 'must have TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY')
    expect(() => tencentCredentialsFromEnv({ TENCENTCLOUD_SECRET_ID: '' })).toThrow(refusal)
  })

  it('is rejected without a value in the message', () => {
    expect(() => tencentCredentialsFromEnv({ TENCENTCLOUD_SECRET_KEY: 'TESTKEY' })).toThrow(
      /^environment must have TENCENTCLOUD_SECRET_ID$/,
    )
  })
})
