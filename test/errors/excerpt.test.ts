import { expect, it } from 'vitest'
import { excerptOf } from '../../src/errors/excerpt.js'

it.each([
  ['white space and control characters become one space', ' a\r\n\t b\u0007\u200B c ', 10, 'a b c'],
  ['a text of just the length is whole', '12345', 5, '12345'],
  ['a longer one is cut, and says so', '123456', 5, '12345…'],
  ['no character is cut in half', '1234😀', 5, '1234…'],
])('%s', (_, text, length, excerpt) => {
  expect(excerptOf(text, length)).toBe(excerpt)
})
