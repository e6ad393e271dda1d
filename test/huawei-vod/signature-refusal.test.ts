import { expect, it } from 'vitest'
import { explainSignatureRefusal } from '../../src/huawei-vod/signature-refusal.js'

const OURS = 'POST\n/v1.0/p/\n\nhost:a\n\nhost\nhash'
const message = (echo: string) => `verify aksk signature fail, canonicalRequest:${echo}`

it('the first line that differs is told, counted from one', () => {
  expect(explainSignatureRefusal(message('POST|/v1.0/p/||host:b||host|other'), OURS)).toBe(
    'The gateway reads another canonical request, from line 4: we signed "host:a", it read "host:b". ' +
      'Something changed the request on its way.',
  )
})

it('a line that the gateway does not have is told as empty', () => {
  expect(explainSignatureRefusal(message('POST|/v1.0/p/'), OURS)).toContain('from line 3: we signed "", it read ""')
  expect(explainSignatureRefusal(message('POST'), OURS)).toContain('from line 2: we signed "/v1.0/p/", it read ""')
})

it('the same canonical request means that the key is wrong', () => {
  expect(explainSignatureRefusal(message('POST|/v1.0/p/||host:a||host|hash'), OURS)).toContain('secret access key')
})

it('a message without an echo explains nothing', () => {
  expect(explainSignatureRefusal('decrypt token fail', OURS)).toBeUndefined()
})
