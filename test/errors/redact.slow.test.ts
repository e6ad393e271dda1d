import { describe, it } from 'vitest'
import {
  expectNoEscapedPieceLeft,
  expectNoneInsideBase64,
  expectNoPieceLeft,
  expectUnchanged,
  expectWholeWordsOnly,
} from './redact-properties.js'

describe('any secrets', () => {
  it('leave no piece of eight characters, in whatever form, in 3,000 texts', () => {
    expectNoPieceLeft(3_000)
  })

  it('leave no piece of eight characters, whichever are escaped, in 10,000 texts', () => {
    expectNoEscapedPieceLeft(10_000)
  })

  it('leave nothing inside longer base64, in 3,000 texts', () => {
    expectNoneInsideBase64(3_000)
  })

  it('of less than eight characters are replaced as whole words only, in 3,000 texts', () => {
    expectWholeWordsOnly(3_000)
  })

  it('leave 1,000 texts unchanged that hold none of them', () => {
    expectUnchanged(1_000)
  })
})
