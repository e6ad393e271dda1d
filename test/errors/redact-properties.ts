import fc from 'fast-check'
import { expect } from 'vitest'
import { createRedactor } from '../../src/errors/redact.js'
import { anyCharacter } from '../support/any-character.js'

const SEED = 20260101

/** Every form that a secret is looked for in, made by means other than those of the scrubber. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const padded = bytes.toString('base64')
  const base64url = bytes.toString('base64url')
  const percent = encodeURIComponent(secret)
  const strict = percent.replace(/[!'()*]/g, (character) => `%${Buffer.from(character).toString('hex')}`)
  const inBothCases = [percent, strict].flatMap((form) => [
    form.replace(/%../g, (escape) => escape.toUpperCase()),
    form.replace(/%../g, (escape) => escape.toLowerCase()),
  ])
  const hex = bytes.toString('hex')
  return [
    ...[secret, padded, padded.replace(/=+$/, ''), base64url, base64url + '='.repeat(padded.length - base64url.length)],
    ...inBothCases,
    ...[hex, hex.toUpperCase()],
  ]
}

function piecesOf(form: string): string[] {
  if (form.length <= 8) return [form]
  return Array.from({ length: form.length - 7 }, (_, start) => form.slice(start, start + 8))
}

// Without the character of the placeholder, which could become part of a new occurrence.
const secret = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFabcdef0123456789+/=%&? ~!()-_.中é😀xyz')),
  minLength: 8,
  maxLength: 40,
})
// What occurs in no form, so that it is clear where the piece ends.
const surroundings = fc.string({ unit: fc.constantFrom('{', '}', '"', ':', '<', '>', '\n', '|'), maxLength: 30 })

/** Puts pieces of random secrets into texts, and expects that nothing of any secret is left. */
export function expectNoPieceLeft(runs: number): void {
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      surroundings,
      surroundings,
      (secrets, whichForm, from, length, before, after) => {
        const forms = secrets.flatMap(formsOf)
        const form = forms[whichForm % forms.length] ?? ''
        const start = from % (form.length - 7)
        const piece = form.slice(start, start + 8 + (length % (form.length - start - 7)))
        const scrubbed = createRedactor(secrets)(before + piece + after)
        expect(forms.flatMap(piecesOf).filter((left) => scrubbed.includes(left))).toEqual([])
        expect(scrubbed).toBe(`${before}***${after}`)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}

/** Expects that texts that hold none of the random secrets stay the same. */
export function expectUnchanged(runs: number): void {
  fc.assert(
    fc.property(
      fc.array(secret, { maxLength: 3 }),
      fc.string({ unit: anyCharacter }),
      surroundings,
      (secrets, text, end) => {
        const pieces = secrets.flatMap(formsOf).flatMap(piecesOf)
        fc.pre(!pieces.some((piece) => (text + end).includes(piece)))
        expect(createRedactor(secrets)(text + end)).toBe(text + end)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}
