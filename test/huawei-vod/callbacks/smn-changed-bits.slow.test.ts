import { expect, it } from 'vitest'
import { changeBits } from './smn-changed-bits.js'

it('no changed bit gets other fields or another key accepted', async () => {
  const { inCertificate, inBody } = await changeBits(1)
  // Otherwise the test could pass by rejecting everything.
  expect(inCertificate).toBeGreaterThan(500)
  expect(inBody).toBeGreaterThan(100)
}, 240_000)
