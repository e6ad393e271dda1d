import { expect, it } from 'vitest'
import { OUTCOMES, REPLAYED, runLedger } from './ledger.js'

it('1,000 calls run each submission at most once, and no error denies that its call ran', async () => {
  const { counts, violations } = await runLedger(50)
  expect(violations).toEqual([])
  // Otherwise the calls are not what this test is about.
  if (REPLAYED === undefined) expect(OUTCOMES.filter((name) => (counts.get(name) ?? 0) < 5)).toEqual([])
})
