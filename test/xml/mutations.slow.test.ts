import { expect, it } from 'vitest'
import { compareWithLibxml2 } from './mutations.js'

const DOCUMENTS = 50_000

it('the decoder agrees with libxml2 on 50,000 mutated examples, in time', () => {
  const { read, rejected } = compareWithLibxml2(DOCUMENTS)
  // Otherwise the test could pass on documents of one kind only.
  expect(read).toBeGreaterThan(DOCUMENTS / 20)
  expect(rejected).toBeGreaterThan(DOCUMENTS / 5)
})
