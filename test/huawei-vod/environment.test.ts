import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../src/errors/errors.js'
import { huaweiCredentialsFromEnv } from '../../src/huawei-vod/environment.js'

const VARIABLES = {
  HUAWEICLOUD_SDK_AK: 'AKEXAMPLE',
  HUAWEICLOUD_SDK_SK: 'SKEXAMPLE',
  HUAWEICLOUD_SDK_PROJECT_ID: '0123456789abcdef0123456789abcdef',
}
const KEY = {
  accessKeyId: 'AKEXAMPLE',
  secretAccessKey: 'SKEXAMPLE',
  projectId: '0123456789abcdef0123456789abcdef',
}

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('an access key from the environment', () => {
  it('is the permanent one', () => {
    expect(huaweiCredentialsFromEnv(VARIABLES)).toStrictEqual(KEY)
    expect(huaweiCredentialsFromEnv({ ...VARIABLES, HUAWEICLOUD_SDK_SECURITY_TOKEN: '' })).toStrictEqual(KEY)
  })

  it('is a temporary one if there is a security token', () => {
    const variables = { ...VARIABLES, HUAWEICLOUD_SDK_SECURITY_TOKEN: 'STSTOKEN' }
    expect(huaweiCredentialsFromEnv(variables)).toStrictEqual({ ...KEY, securityToken: 'STSTOKEN' })
  })

  it('comes from the process if no environment is given', () => {
    for (const [name, value] of Object.entries(VARIABLES)) vi.stubEnv(name, value)
    vi.stubEnv('HUAWEICLOUD_SDK_SECURITY_TOKEN', undefined)
    expect(huaweiCredentialsFromEnv()).toStrictEqual(KEY)
  })

  it('is rejected with the names of all variables that are missing or empty, and no value', () => {
    const incomplete = { HUAWEICLOUD_SDK_AK: 'AKEXAMPLE', HUAWEICLOUD_SDK_SK: '' }
    const refused = catchError(() => huaweiCredentialsFromEnv(incomplete))
    expect(refused).toBeInstanceOf(ConfigurationError)
    expect(refused).toMatchObject({
      option: 'environment',
      message: 'environment must have HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_PROJECT_ID',
    })
  })

  it.each([
    ['no process', undefined],
    ['a process without an environment', {}],
  ])('is rejected in the same way if there is %s', (_, process) => {
    vi.stubGlobal('process', process)
    const refused = catchError(() => huaweiCredentialsFromEnv())
    vi.unstubAllGlobals()
    expect(refused).toMatchObject({
      name: 'ConfigurationError',
      message: 'environment must have HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, HUAWEICLOUD_SDK_PROJECT_ID',
    })
  })
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
