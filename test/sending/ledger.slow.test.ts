import { expect, it } from 'vitest'
import { ENDING_NAMES } from './ledger-endings.js'
import { NAMES } from './ledger-grammar.js'
import { OUTCOMES, REPLAYED, runLedger } from './ledger.js'

const LIMIT_MS = 300_000

it(
  '20,000 calls run each submission at most once, and no error denies that its call ran',
  { timeout: LIMIT_MS },
  async () => {
    const { counts, violations } = await runLedger(1_000)
    expect(violations).toEqual([])
    // Otherwise the calls are not what this test is about.
    if (REPLAYED !== undefined) return
    expect([...NAMES, ...ENDING_NAMES].filter((name) => (counts.get(name) ?? 0) < 5)).toEqual([])
    expect(OUTCOMES.filter((name) => (counts.get(name) ?? 0) < 200)).toEqual([])
  },
)
