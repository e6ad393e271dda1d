import { createHuaweiVodClient, type HuaweiVodClient, type HuaweiVodClientOptions } from '../../src/huawei-vod/index.js'
import { createTencentCiClient, type TencentCiClient, type TencentCiClientOptions } from '../../src/tencent-ci/index.js'

/** The time of every published signature of our own operations. */
export const NEW_YEAR = Date.UTC(2026, 0, 1)

/** A client with the keys of the published vectors, on the production host, at New Year, that sends once. */
export function huaweiClient(options: Partial<HuaweiVodClientOptions> = {}): HuaweiVodClient {
  return createHuaweiVodClient({
    region: 'cn-north-4',
    projectId: '0123456789abcdef0123456789abcdef',
    credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
    now: () => NEW_YEAR,
    maxAttempts: 1,
    ...options,
  })
}

/** A client with the keys of the published vectors, on the production host, at New Year, that sends once. */
export function tencentClient(options: Partial<TencentCiClientOptions> = {}): TencentCiClient {
  return createTencentCiClient({
    region: 'ap-beijing',
    bucket: 'examplebucket-1250000000',
    credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
    now: () => NEW_YEAR,
    maxAttempts: 1,
    ...options,
  })
}

/** What a promise rejects with; fails if it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}
