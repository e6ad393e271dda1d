import fc from 'fast-check'

const SURROGATES_START = 0xd800
const SURROGATES_COUNT = 0x800

/** Any character of Unicode, like fast-check's unit `binary`, which takes more than a second to prepare. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - SURROGATES_COUNT })
  .map((number) => String.fromCodePoint(number < SURROGATES_START ? number : number + SURROGATES_COUNT))
