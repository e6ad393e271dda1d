import { describe, it } from 'vitest'
import { expectNoPieceLeft, expectUnchanged } from './redact-properties.js'

describe('any secrets', () => {
  it('leave no piece of eight characters, in whatever form, in 3,000 texts', () => {
    expectNoPieceLeft(3_000)
  })

  it('leave 1,000 texts unchanged that hold none of them', () => {
    expectUnchanged(1_000)
  })
})
