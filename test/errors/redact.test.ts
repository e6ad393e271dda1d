import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/errors/redact.js'
import { expectNoPieceLeft, expectUnchanged, formsOf } from './redact-properties.js'

const SECRET = 'SK/EXAMPLE+KEY?中'

describe('a secret', () => {
  it.each(formsOf(SECRET))('is replaced as %s', (form) => {
    expect(createRedactor([SECRET])(`before ${form} after`)).toBe('before *** after')
  })

  it('is replaced wherever it occurs, and so is every other', () => {
    const redact = createRedactor(['FIRSTEXAMPLE', undefined, 'SECONDEXAMPLE', ''])
    expect(redact('FIRSTEXAMPLE: SECONDEXAMPLE, FIRSTEXAMPLE')).toBe('***: ***, ***')
    expect(redact('FIRSTEXAMPLE')).toBe('***')
  })

  it('is replaced from eight characters on if it is truncated', () => {
    const redact = createRedactor(['ABCDEFGHIJKLMNOP'])
    expect(redact('ABCDEFGH…')).toBe('***…')
    expect(redact('…HIJKLMNOP')).toBe('…***')
    expect(redact('ABCDEFG HIJKLMN')).toBe('ABCDEFG HIJKLMN')
    expect(redact('ABCDEFGHxBCDEFGHI')).toBe('***x***')
  })

  it('is replaced only as a whole if it is shorter', () => {
    const redact = createRedactor(['TESTKEY'])
    expect(redact('TESTKEY, TESTKE, ESTKEY, VEVTVEtFWQ==, 544553544b4559')).toBe('***, TESTKE, ESTKEY, ***, ***')
    expect(createRedactor(['~~~~~'])('fn5+fn4=, fn5+fn4, fn5-fn4, fn5+fn')).toBe('***, ***, ***, fn5+fn')
    expect(createRedactor(['a/b'])('a/b, a%2Fb, a%2fb, 612f62, YS9i')).toBe('***, ***, ***, ***, ***')
  })

  it('is replaced in mixed case in hex and escapes only', () => {
    expect(createRedactor(['JKLMNOPQ'])('4a4B4C4d4e4F5051, jklmnopq')).toBe('***, jklmnopq')
    expect(createRedactor(['ABCDEFABCDEF/w'])('abcdefabcdef')).toBe('abcdefabcdef')
    expect(createRedactor(['/w?x=y&z'])('%2Fw%3fx%3Dy%26z, %2FW%3FX%3DY%26Z')).toBe('***, %2FW%3FX%3DY%26Z')
  })

  it('is replaced if it holds what is special in patterns, or half a character', () => {
    expect(createRedactor(['$&.*(EXAMPLE)'])('a $&.*(EXAMPLE) b')).toBe('a *** b')
    expect(createRedactor(['\uD800EXAMPLE'])('a \uD800EXAMPLE b')).toBe('a *** b')
  })
})

describe('a text', () => {
  it('is unchanged without a secret', () => {
    const text = 'İstanbul ABCDEF %AB 中文 SKEXAMP'
    expect(createRedactor(['SKEXAMPLE'])(text)).toBe(text)
    expect(createRedactor([undefined, ''])(text)).toBe(text)
    expect(createRedactor(['SKEXAMPLE'])('')).toBe('')
  })

  it('is replaced in the right place if its length changes in lower case', () => {
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

describe('any secrets', () => {
  it('leave no piece of eight characters, in whatever form', () => {
    expectNoPieceLeft(300)
  })

  it('leave a text unchanged that holds none of them', () => {
    expectUnchanged(100)
  })
})
