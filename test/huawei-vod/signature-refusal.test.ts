import { expect, it } from 'vitest'
import { explainSignature } from '../../src/huawei-vod/signature-refusal.js'

const OURS = 'POST\n/v1.0/p/\n\nhost:a\n\nhost\nhash'
const message = (echo: string) => `verify aksk signature fail, canonicalRequest:${echo}`

it('the first line that differs is named, counted from one', () => {
  expect(explainSignature(message('POST|/v1.0/p/||host:b||host|other'), OURS)).toBe(
    'The gateway read a different canonical request from line 4 on: signed "host:a", read "host:b". ' +
      'Check for a proxy that changes requests.',
  )
})

it('a line that the gateway does not have is shown as empty', () => {
  expect(explainSignature(message('POST|/v1.0/p/'), OURS)).toContain('from line 3 on: signed "", read ""')
  expect(explainSignature(message('POST'), OURS)).toContain('from line 2 on: signed "/v1.0/p/", read ""')
})

it('the same canonical request means that the key is wrong', () => {
  expect(explainSignature(message('POST|/v1.0/p/||host:a||host|hash'), OURS)).toContain('secret access key')
})

it('a message without a canonical request has no explanation', () => {
  expect(explainSignature('decrypt token fail', OURS)).toBeUndefined()
})
