import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/errors/redact.js'

const SECRET = 'SK/EXAMPLE+KEY?中'

/** Every form that a secret is looked for in, made by means other than those of the scrubber. */
function formsOf(secret: string): string[] {
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

describe('a secret', () => {
  it.each(formsOf(SECRET))('is replaced as %s', (form) => {
    expect(createRedactor([SECRET])(`before ${form} after`)).toBe('before *** after')
  })

  it('is replaced wherever it occurs, and so is every other', () => {
    const redact = createRedactor(['FIRSTEXAMPLE', undefined, 'SECONDEXAMPLE', ''])
    expect(redact('FIRSTEXAMPLE: SECONDEXAMPLE, FIRSTEXAMPLE')).toBe('***: ***, ***')
    expect(redact('FIRSTEXAMPLE')).toBe('***')
  })

  it('that is cut is replaced from eight characters on', () => {
    const redact = createRedactor(['ABCDEFGHIJKLMNOP'])
    expect(redact('ABCDEFGH…')).toBe('***…')
    expect(redact('…HIJKLMNOP')).toBe('…***')
    expect(redact('ABCDEFG HIJKLMN')).toBe('ABCDEFG HIJKLMN')
    expect(redact('ABCDEFGHxBCDEFGHI')).toBe('***x***')
  })

  it('that is shorter is replaced as a whole', () => {
    const redact = createRedactor(['TESTKEY'])
    expect(redact('TESTKEY, TESTKE, ESTKEY, VEVTVEtFWQ==, 544553544b4559')).toBe('***, TESTKE, ESTKEY, ***, ***')
    expect(createRedactor(['~~~~~'])('fn5+fn4=, fn5+fn4, fn5-fn4, fn5+fn')).toBe('***, ***, ***, fn5+fn')
    expect(createRedactor(['a/b'])('a/b, a%2Fb, a%2fb, 612f62, YS9i')).toBe('***, ***, ***, ***, ***')
  })

  it('in mixed case is replaced in hex and escapes only', () => {
    expect(createRedactor(['JKLMNOPQ'])('4a4B4C4d4e4F5051, jklmnopq')).toBe('***, jklmnopq')
    expect(createRedactor(['ABCDEFABCDEF/w'])('abcdefabcdef')).toBe('abcdefabcdef')
    expect(createRedactor(['/w?x=y&z'])('%2Fw%3fx%3Dy%26z, %2FW%3FX%3DY%26Z')).toBe('***, %2FW%3FX%3DY%26Z')
  })

  it('may hold what is special in patterns, or half a character', () => {
    expect(createRedactor(['$&.*(EXAMPLE)'])('a $&.*(EXAMPLE) b')).toBe('a *** b')
    expect(createRedactor(['\uD800EXAMPLE'])('a \uD800EXAMPLE b')).toBe('a *** b')
  })
})

describe('a text', () => {
  it('without a secret is unchanged', () => {
    const text = 'İstanbul ABCDEF %AB 中文 SKEXAMP'
    expect(createRedactor(['SKEXAMPLE'])(text)).toBe(text)
    expect(createRedactor([undefined, ''])(text)).toBe(text)
    expect(createRedactor(['SKEXAMPLE'])('')).toBe('')
  })

  it('whose length changes in lower case is still cut in the right place', () => {
    expect(createRedactor(['JKLMNOPQ'])('İİİ 4A4B4C4D4E4F5051 İ')).toBe('İİİ *** İ')
  })
})

it('the secrets are read with the first text, and not again', () => {
  let reads = 0
  const secrets = new Proxy(['SKEXAMPLE'], {
    get: (target, name): unknown => {
      reads++
      return Reflect.get(target, name)
    },
  })
  const redact = createRedactor(secrets)
  expect(reads).toBe(0)
  redact('SKEXAMPLE')
  const readsForOne = reads
  expect(readsForOne).toBeGreaterThan(0)
  redact('SKEXAMPLE')
  expect(reads).toBe(readsForOne)
})

// Without the character of the placeholder, which could become part of a new occurrence.
const secret = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFabcdef0123456789+/=%&? ~!()-_.中é😀xyz')),
  minLength: 8,
  maxLength: 40,
})
// What occurs in no form, so that it is clear where the piece ends.
const surroundings = fc.string({ unit: fc.constantFrom('{', '}', '"', ':', '<', '>', '\n', '|'), maxLength: 30 })

describe('for any secrets', () => {
  it('no piece of eight characters is left, in whatever form', () => {
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
      { numRuns: 3_000, seed: 20260101 },
    )
  })

  it('a text that holds none of them is unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { maxLength: 3 }),
        fc.string({ unit: 'binary' }),
        surroundings,
        (secrets, text, end) => {
          const pieces = secrets.flatMap(formsOf).flatMap(piecesOf)
          fc.pre(!pieces.some((piece) => (text + end).includes(piece)))
          expect(createRedactor(secrets)(text + end)).toBe(text + end)
        },
      ),
      { numRuns: 1_000, seed: 20260101 },
    )
  })
})
