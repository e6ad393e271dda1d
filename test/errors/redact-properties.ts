import fc from 'fast-check'
import { expect } from 'vitest'
import { createRedactor } from '../../src/errors/redact.js'
import { anyCharacter } from '../support/any-character.js'

const SEED = 20260101

/** Encodings whose pieces the redactor knows, created by other means. */
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

/** What a proxy may do to the case of a text. */
export const casings = [
  (text: string): string => text,
  (text: string): string => text.toLowerCase(),
  (text: string): string => text.toUpperCase(),
  (text: string): string =>
    text.replace(/[a-z]/gi, (letter, at) => (at % 2 ? letter.toLowerCase() : letter.toUpperCase())),
]

/** Ways to write a character as an escape. An encoder escapes its own introducer, and any others. */
interface Encoder {
  readonly introducer: string
  readonly escapesOf: (character: string) => readonly string[]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' }

const encoders: Readonly<Record<'url' | 'xml' | 'json', Encoder>> = {
  url: {
    introducer: '%',
    escapesOf: (character) => {
      const escaped = Array.from(Buffer.from(character), (byte) => `%${hexOf(byte, 2)}`).join('')
      return [escaped, escaped.toUpperCase()]
    },
  },
  xml: {
    introducer: '&',
    escapesOf: (character) => {
      const code = character.codePointAt(0) ?? 0
      const name = ENTITIES[character]
      const numeric = [
        `&#${String(code)};`,
        `&#0${String(code)};`,
        `&#x${hexOf(code, 4)};`,
        `&#X${hexOf(code).toUpperCase()};`,
      ]
      return name === undefined ? numeric : [`&${name};`, ...numeric]
    },
  },
  json: {
    introducer: '\\',
    escapesOf: (character) => {
      const units = Array.from({ length: character.length }, (_, at) => hexOf(character.charCodeAt(at), 4))
      const escapes = [
        units.map((unit) => `\\u${unit}`).join(''),
        units.map((unit) => `\\u${unit.toUpperCase()}`).join(''),
      ]
      return '"/\\'.includes(character) ? [`\\${character}`, ...escapes] : escapes
    },
  },
}

function hexOf(number: number, digits = 1): string {
  return number.toString(16).padStart(digits, '0')
}

/** Every character as an escape, in each way. */
export function escapedForms(secret: string): string[] {
  return Object.values(encoders).flatMap(({ escapesOf }) =>
    Array.from({ length: 5 }, (_, way) =>
      Array.from(secret, (character) => escapesOf(character)[way % escapesOf(character).length] ?? '').join(''),
    ),
  )
}

/** Escapes the characters that the choices pick, and always the introducer. */
function escapeSome(text: string, [{ introducer, escapesOf }, choices]: readonly [Encoder, readonly number[]]): string {
  return Array.from(text, (character, at) => {
    const choice = choices[at % choices.length] ?? 0
    if (choice % 2 === 0 && character !== introducer) return character
    return escapesOf(character)[choice % escapesOf(character).length] ?? ''
  }).join('')
}

function piecesOf(form: string): string[] {
  if (form.length <= 8) return [form]
  return Array.from({ length: form.length - 7 }, (_, start) => form.slice(start, start + 8))
}

function inLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

// Without the character of the placeholder, which could become part of a new occurrence.
const secretCharacter = fc.constantFrom(...Array.from('ABCDEFabcdef0123456789+/=%&? ~!()-_.中é😀xyz\\"\'<>#;u'))
const secret = fc.string({ unit: secretCharacter, minLength: 8, maxLength: 40 })
// What occurs in no form, so that it is clear where the piece ends.
const surroundings = fc.string({ unit: fc.constantFrom('{', '}', ':', '\n', '|'), maxLength: 30 })
const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 20 })

/** Puts pieces of random secrets into texts, and expects that nothing of any secret is left. */
export function expectNoPieceLeft(runs: number): void {
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.constantFrom(...casings),
      surroundings,
      surroundings,
      (secrets, whichForm, from, length, inCase, before, after) => {
        const forms = secrets.flatMap(formsOf)
        const form = forms[whichForm % forms.length] ?? ''
        const start = from % (form.length - 7)
        const piece = inCase(form.slice(start, start + 8 + (length % (form.length - start - 7))))
        const redacted = createRedactor(secrets)(before + piece + after)
        const left = inLowerCase(redacted)
        expect(forms.flatMap(piecesOf).filter((one) => left.includes(inLowerCase(one)))).toEqual([])
        expect(redacted).toBe(`${before}***${after}`)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}

/** Escapes some or all characters of pieces of random secrets, once or twice, and expects that nothing is left. */
export function expectNoEscapedPieceLeft(runs: number): void {
  fc.assert(
    fc.property(
      fc.array(secretCharacter, { minLength: 8, maxLength: 40 }),
      fc.nat(),
      fc.nat(),
      fc.array(fc.tuple(fc.constantFrom(...Object.values(encoders)), choices), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.constantFrom(...casings),
      surroundings,
      surroundings,
      (characters, from, length, layers, inCase, before, after) => {
        const start = from % (characters.length - 7)
        const piece = characters.slice(start, start + 8 + (length % (characters.length - start - 7))).join('')
        const escaped = layers.reduce(escapeSome, inCase(piece))
        expect(createRedactor([characters.join('')])(before + escaped + after)).toBe(`${before}***${after}`)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}

/** Puts random secrets into longer base64, and expects that no character that holds only bits of theirs is left. */
export function expectNoneInsideBase64(runs: number): void {
  fc.assert(
    fc.property(
      // Otherwise a piece could also be one at another offset.
      fc.uniqueArray(secretCharacter, { minLength: 8, maxLength: 40 }).map((characters) => characters.join('')),
      fc.string({ unit: anyCharacter, maxLength: 5 }),
      // Starts with a bit that distinguishes it from padding.
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'X', 'Y', 'Z'), maxLength: 5 }),
      fc.constantFrom<BufferEncoding>('base64', 'base64url'),
      fc.constantFrom(...casings),
      surroundings,
      surroundings,
      (one, prefix, suffix, encoding, inCase, before, after) => {
        const base64 = inCase(Buffer.from(prefix + one + suffix).toString(encoding))
        const first = Math.ceil((Buffer.byteLength(prefix) * 8) / 6)
        const end = suffix === '' ? base64.length : Math.floor((Buffer.byteLength(prefix + one) * 8) / 6)
        const redacted = `${base64.slice(0, first)}***${base64.slice(end)}`
        expect(createRedactor([one])(before + base64 + after)).toBe(before + redacted + after)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}

/** Puts short secrets between other characters, and expects that they are replaced unless one of these is in a word. */
export function expectWholeWordsOnly(runs: number): void {
  const beside = fc.constantFrom('', ' ', '{', '|', '"', '_', 'z', 'Я', '中', '5', '٣')
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...Array.from('ABCabc019+/=%&~é<')), minLength: 2, maxLength: 7 }),
      fc.nat(),
      fc.constantFrom(...casings),
      beside,
      beside,
      (short, whichForm, inCase, before, after) => {
        // The unpadded form is a word before a padding, too.
        const forms = formsOf(short).filter((form) => form === short || !form.endsWith('='))
        const form = inCase(forms[whichForm % forms.length] ?? '')
        const isWord = !/[\p{L}\p{N}]/u.test(before + after)
        expect(createRedactor([short])(before + form + after)).toBe(before + (isWord ? '***' : form) + after)
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
        const pieces = secrets.flatMap(formsOf).flatMap(piecesOf).map(inLowerCase)
        fc.pre(!pieces.some((piece) => inLowerCase(text + end).includes(piece)))
        expect(createRedactor(secrets)(text + end)).toBe(text + end)
      },
    ),
    { numRuns: runs, seed: SEED },
  )
}
