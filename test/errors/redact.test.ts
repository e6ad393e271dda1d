import { describe, expect, it } from 'vitest'
import { errorMessages as huaweiMessages } from '../../generated/huawei-vod/error-messages.js'
import { errorMessages as tencentMessages } from '../../generated/tencent-ci/error-messages.js'
import { createRedactor } from '../../src/errors/redact.js'
import {
  casings,
  escapedForms,
  expectNoEscapedPieceLeft,
  expectNoneInsideBase64,
  expectNoPieceLeft,
  expectUnchanged,
  expectWholeWordsOnly,
  formsOf,
} from './redact-properties.js'

const SECRET = 'SK/EXAMPLE+KEY?中'

describe('a secret', () => {
  it.each([...formsOf(SECRET), ...escapedForms(SECRET)])('is replaced as %s', (form) => {
    for (const inCase of casings) {
      expect(createRedactor([SECRET])(`before ${inCase(form)} after`)).toBe('before *** after')
    }
  })

  it('is replaced wherever it occurs, as is every other secret', () => {
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

  it.each([
    ['XML', '<Message>AB&#x43;D/E&amp;F&lt;&#071;"HI&gt;</Message>', '<Message>***</Message>'],
    ['XML that truncates it', '…/E&amp;F&lt;G"HI&g', '…***&g'],
    ['XML, but less than eight characters', '…/E&amp;F&lt;G&#x22;…', '…/E&amp;F&lt;G&#x22;…'],
    ['JSON', '{"message":"\\tABCD\\/E&F\\u003cG\\"HI>"}', '{"message":"\\t***"}'],
    ['JSON in JSON', '"{\\"key\\":\\"ABCD\\\\\\/E&F<G\\\\\\"HI>\\"}"', '"{\\"key\\":\\"***\\"}"'],
    ['JSON in XML', '<pre>&quot;ABCD\\/E&amp;F&lt;G\\&quot;HI&gt;&quot;</pre>', '<pre>&quot;***&quot;</pre>'],
    ['a URL', '/?key=ABCD/%45&F%3cG%22HI%3E&next=1', '/?key=***&next=1'],
    ['a URL, encoded twice', '/?next=%2F%3Fkey%3DABCD%252FE%2526F%253CG%2522HI%253E', '/?next=%2F%3Fkey%3D***'],
    ['a URL in XML', '/?key=ABCD%2FE%26F%3CG&#34;HI%3E&amp;next=1', '/?key=***&amp;next=1'],
  ])('is replaced as escaped in %s', (_where, text, redacted) => {
    expect(createRedactor(['ABCD/E&F<G"HI>'])(text)).toBe(redacted)
  })

  it('is replaced inside longer base64 at any offset', () => {
    const redact = createRedactor(['TESTTESTTEST'])
    for (const [id, redacted] of [
      ['', 'Basic OlRFU1RURVNUVEVTVA== → Basic Ol***'],
      ['I', 'Basic STpURVNUVEVTVFRFU1Q= → Basic STp***'],
      ['ID', 'Basic SUQ6VEVTVFRFU1RURVNU → Basic SUQ6***'],
    ] as const) {
      const header = `Basic ${btoa(`${id}:TESTTESTTEST`)}`
      expect(`${header} → ${redact(header)}`).toBe(redacted)
    }
  })

  it('is replaced only as a whole word if it is shorter', () => {
    const redact = createRedactor(['TESTKEY'])
    expect(redact('TESTKEY, TESTKE, ESTKEY, VEVTVEtFWQ==, 544553544b4559')).toBe('***, TESTKE, ESTKEY, ***, ***')
    expect(redact('testkey, TESTKEYS, ATESTKEY, ЯTESTKEY, TESTKEY5, TESTKEY_5')).toBe(
      '***, TESTKEYS, ATESTKEY, ЯTESTKEY, TESTKEY5, ***_5',
    )
    expect(redact('aVEVTVEtFWQ==, VEVTVEtFWQa, 544553544b45590, VEVTVEtF')).toBe(
      'aVEVTVEtFWQ==, VEVTVEtFWQa, 544553544b45590, VEVTVEtF',
    )
    expect(createRedactor(['~~~~~'])('fn5+fn4=, fn5+fn4, fn5-fn4, fn5+fn')).toBe('***, ***, ***, fn5+fn')
    expect(createRedactor(['a/b'])('a/b, a%2Fb, a%2fb, 612f62, YS9i, a&#x2F;b, a\\/b')).toBe(
      '***, ***, ***, ***, ***, ***, ***',
    )
    expect(createRedactor(['abc'])('%61bcd, %2Fabc%2F, "\\nabc\\n", &quot;abc&quot;, abcdef, xabc')).toBe(
      '%61bcd, %2F***%2F, "\\n***\\n", &quot;***&quot;, abcdef, xabc',
    )
    expect(createRedactor(['e'])('e, The letter')).toBe('***, The letter')
  })

  it('is replaced if it has special characters of patterns, or half a surrogate pair', () => {
    expect(createRedactor(['$&.*(EXAMPLE)'])('a $&.*(EXAMPLE) b')).toBe('a *** b')
    expect(createRedactor(['\uD800EXAMPLE'])('a \uD800EXAMPLE b')).toBe('a *** b')
  })

  it('is replaced if it looks like an escape', () => {
    for (const secret of ['%41%42%43', '&amp;&lt;', '\\u0041\\n', '%25%32%35']) {
      expect(createRedactor([secret])(`${secret}|${encodeURIComponent(secret)}|${JSON.stringify(secret)}`)).toBe(
        '***|***|"***"',
      )
    }
  })
})

describe('a text', () => {
  it('is unchanged without a secret', () => {
    const text = 'İstanbul ABCDEF %AB 中文 SKEXAMP'
    expect(createRedactor(['SKEXAMPLE'])(text)).toBe(text)
    expect(createRedactor([undefined, ''])(text)).toBe(text)
    expect(createRedactor(['SKEXAMPLE'])('')).toBe('')
  })

  it.each([
    ['the messages of VOD', JSON.stringify(huaweiMessages)],
    ['the messages of CI', JSON.stringify(tencentMessages)],
    ['IDs', '0f1e2d3c4b5a69788796a5b4c3d2e1f0 2b8f4d4c-7b1e-4d55-9a63-7c1b8f0f5a11 NjJhYmNkZWZfOTg3NjU0MzI='],
    [
      'a page',
      '<!DOCTYPE html>\n<html lang="en"><p class="a">Bad&nbsp;request: &lt;a&gt; &amp; &#x2F;v1.0%2Fasset</p>',
    ],
    ['control characters', '\0'.repeat(20) + '\u0001\u001b[31m'],
    ['escapes of nothing', '%zz %c3 %c3%28 %ff%bf &#xffffffffff; &#99999999999999999999; &#; &foo; &amp \\u12 \\x \\'],
  ])('is unchanged as %s', (_what, text) => {
    const redact = createRedactor(['Ab3/dE6+gH9=jK2m', 'orange zebra paper lantern', '0123456789abcdef', 'pw&1<2'])
    expect(redact(text)).toBe(text)
  })

  it('is replaced in the right place if lower case or an escape changes its length', () => {
    expect(createRedactor(['JKLMNOPQ'])('İİİ 4A4B4C4D4E4F5051 İ')).toBe('İİİ *** İ')
    expect(createRedactor(['JKLMNOPQ'])('İ&lt;&#x1F600;&gt;İ JKL&#77;NOPQ İ')).toBe('İ&lt;&#x1F600;&gt;İ *** İ')
    expect(createRedactor(['ABCDEFG😀'])('&lt;&lt;&lt;&lt;ABCDEFG&#x1F600;&gt;')).toBe('&lt;&lt;&lt;&lt;***&gt;')
    expect(createRedactor(['ΑΒΓΔΕΖΗΣ'])('İ αβγδεζησ αβγδεζης, ΑΒΓΔΕΖΗΣΑ')).toBe('İ *** ***, ***Α')
  })

  it('takes time linear in its length', () => {
    const redact = createRedactor(['A'.repeat(2_000), 'aaaaaaa', '%25&amp;\\\\'.repeat(200)])
    redact('')
    for (const unit of [
      'a',
      '%25',
      '%c3%a9',
      '&#1',
      '&#x0',
      '&amp;',
      '\\',
      '\\u00',
      '%25\\\\&amp;amp;',
      `%${'25'.repeat(20_000)}`,
    ]) {
      const startedAt = performance.now()
      redact(unit.repeat(Math.ceil(40_000 / unit.length)))
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    }
  })
})

it('the secrets are read once, with the first text', () => {
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

  it('leave no piece of eight characters, whichever are escaped', () => {
    expectNoEscapedPieceLeft(300)
  })

  it('leave nothing inside longer base64', () => {
    expectNoneInsideBase64(300)
  })

  it('of less than eight characters are replaced as whole words only', () => {
    expectWholeWordsOnly(300)
  })

  it('leave a text unchanged that holds none of them', () => {
    expectUnchanged(100)
  })
})
