import { expect, it } from 'vitest'
import { changeBits } from './smn-changed-bits.js'

// Not a multiple of 8, so that every bit of a byte is among them.
const STEP = 53

it('no changed bit gets other fields or another key accepted, of every 53rd', async () => {
  const { inCertificate, inBody } = await changeBits(STEP)
  // Otherwise the test could pass by rejecting everything.
  expect(inCertificate).toBeGreaterThan(20)
  expect(inBody).toBeGreaterThan(2)
})
