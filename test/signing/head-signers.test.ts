import { describe, expect, it } from 'vitest'
import { headSigner as huaweiSigner, signHuaweiRequest } from '../../src/huawei-vod/sign.js'
import type { RequestHead } from '../../src/signing/authentication.js'
import { headSigner as tencentSigner, signTencentRequest } from '../../src/tencent-ci/sign.js'

// What clients keep between requests must not change a signature.

const SECOND_MS = 1_000
const NOON = Date.UTC(2026, 0, 1, 12)
const TIMES = [NOON, NOON + 1, NOON + SECOND_MS, NOON].map((ms) => new Date(ms))
const HEADS = ['/a?x=1', '/b'].map((path): RequestHead => {
  const signedHeaders = { 'content-type': 'application/json' }
  const url = new URL(`https://api.example.com${path}`)
  return { method: 'POST', url, headers: { ...signedHeaders, 'user-agent': 'test' }, signedHeaders }
})

describe('the signer of a client signs as the public signer does', () => {
  it('for VOD: at every time, for every body, with every key', async () => {
    const sign = huaweiSigner()
    const keys = ['ONE', 'TWO'].map((name) => ({ accessKeyId: `AK${name}`, secretAccessKey: `SK${name}EXAMPLE` }))
    for (const credentials of [...keys, ...keys]) {
      for (const head of HEADS) {
        for (const date of TIMES) {
          for (const body of ['{"a":1}', '{"a":2}']) {
            const { method, url, signedHeaders: headers } = head
            const expected = await signHuaweiRequest({ method, url, headers, body, credentials, date })
            expect(await sign(head, body, credentials, date)).toEqual(expected)
          }
        }
      }
    }
  })

  it('for CI: at every time, with every key', async () => {
    const sign = tencentSigner()
    const keys = ['ONE', 'TWO'].map((name) => ({ secretId: `ID${name}`, secretKey: `KEY${name}EXAMPLE` }))
    for (const credentials of [...keys, ...keys]) {
      for (const head of HEADS) {
        for (const date of TIMES) {
          const { method, url, signedHeaders: headers } = head
          const expected = await signTencentRequest({ method, url, headers, credentials, date })
          expect(await sign(head, credentials, date)).toEqual(expected)
        }
      }
    }
  })
})
