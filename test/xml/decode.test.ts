import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { decodeXml } from '../../src/xml/decode.js'
import type { XmlElement } from '../../src/xml/element.js'
import { XmlDecodeError } from '../../src/xml/read.js'

const ROOT: XmlElement = {
  name: 'Root',
  children: [
    { name: 'Text' },
    { name: 'Item', repeats: true, children: [{ name: 'Id' }] },
    { name: 'Box', children: [{ name: 'Id' }] },
  ],
}

function decode(text: string): unknown {
  return decodeXml(text, [ROOT]).value
}

function wellFormed(text: string): boolean {
  try {
    XmlDocument.fromString(text).dispose()
    return true
  } catch {
    return false
  }
}

function nested(depth: number): unknown {
  return depth === 0 ? '' : { N: nested(depth - 1) }
}

describe('a document is read according to the table', () => {
  it.each<[string, string, unknown]>([
    ['text stays text', '<Root><Text> 007 </Text></Root>', { Text: ' 007 ' }],
    ['one of what repeats is an array', '<Root><Item><Id>1</Id></Item></Root>', { Item: [{ Id: '1' }] }],
    ['two of what repeats', '<Root><Item/><Item><Id/></Item></Root>', { Item: [{}, { Id: '' }] }],
    ['empty elements', '<Root>\n<Text/><Box>\n </Box></Root>', { Text: '', Box: {} }],
    ['references and CDATA', '<Root><Text>&lt;&#65;&#x4e2d;<![CDATA[<&]]></Text></Root>', { Text: '<A中<&' }],
    ['comments', '<Root><!-- a --><Text>a<!-- b -->c</Text></Root>', { Text: 'ac' }],
    ['declaration and byte order mark', '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<Root/>', {}],
    ['attributes are passed over', '<Root a="1"><Text b=\'&gt;\'>x</Text></Root>', { Text: 'x' }],
    ['several attributes', '<Root a="1" b="2"><Text/></Root>', { Text: '' }],
    ['hyphens in a comment', '<Root><!-- a-b - c --></Root>', {}],
    ['the last code point', '<Root><Text>&#x10FFFF;&#1114111;</Text></Root>', { Text: '\u{10FFFF}\u{10FFFF}' }],
    ['nesting up to the limit', `<Root>${'<N>'.repeat(63)}${'</N>'.repeat(63)}</Root>`, nested(63)],
    ['unknown elements are kept', '<Root><New><A>1</A>\n<A>2</A></New></Root>', { New: { A: ['1', '2'] } }],
    ['names of the prototype', '<Root><toString>1</toString></Root>', { toString: '1' }],
    ['__proto__ as a name', '<Root><__proto__>1</__proto__></Root>', JSON.parse('{"__proto__":"1"}')],
    ['white space before the end of a tag', '<Root\n><Text\t/></Root >', { Text: '' }],
    ['line ends', '<Root><Text>a\r\nb\rc<![CDATA[\r\n]]>&#13;</Text></Root>', { Text: 'a\nb\nc\n\r' }],
    [
      'what contradicts the table is kept apart',
      '<Root><Text><A>1</A></Text><Box>x</Box><Box/><Box><Id>2</Id></Box></Root>',
      { Box: {}, '@unexpected': { Text: [{ A: '1' }], Box: ['x', { Id: '2' }] } },
    ],
  ])('%s', (_, text, value) => {
    expect(decode(text)).toEqual(value)
    expect(wellFormed(text.replace(/^\uFEFF/, ''))).toBe(true)
  })
})

describe('a document that is not well-formed is rejected', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['text only', 'hello'],
    ['two roots', '<Root/><Root/>'],
    ['junk after the root', '<Root/>junk'],
    ['junk before the root', 'junk<Root/>'],
    ['an open element', '<Root><Text></Root>'],
    ['a wrong end tag', '<Root></root>'],
    ['a cut document', '<Root><Text>a'],
    ['a cut tag', '<Root><Te'],
    ['an unknown entity', '<Root>&nbsp;</Root>'],
    ['a bare ampersand', '<Root>a & b</Root>'],
    ['a forbidden reference', '<Root>&#0;</Root>'],
    ['a forbidden decimal reference', '<Root>&#55296;</Root>'],
    ['an end tag first', '</Root>'],
    ['a reference past Unicode', '<Root>&#x110000;</Root>'],
    ['a control character', '<Root>\u0001</Root>'],
    ['a lone surrogate', '<Root>\ud800</Root>'],
    ['the end of CDATA in text', '<Root>]]></Root>'],
    ['a second declaration', '<?xml version="1.0"?><?xml version="1.0"?><Root/>'],
    ['a declaration after white space', ' <?xml version="1.0"?><Root/>'],
    ['less-than in an attribute', '<Root a="<"/>'],
    ['an attribute twice', '<Root a="1" a="2"/>'],
    ['an attribute without a value', '<Root a/>'],
    ['an unknown entity in an attribute', '<Root a="&nbsp;"/>'],
    ['a forbidden reference in an attribute', '<Root a="&#0;"/>'],
    ['a hyphen at the end of a comment', '<Root><!-- a ---></Root>'],
    ['two hyphens in a comment', '<Root><!-- a -- b --></Root>'],
    ['text after the root in CDATA', '<Root/><![CDATA[x]]>'],
    ['a name that starts with a digit', '<1Root/>'],
  ])('%s', (_, text) => {
    expect(() => decode(text)).toThrow(XmlDecodeError)
    expect(() => decode(text)).toThrow(/^the XML \w/)
    expect(wellFormed(text)).toBe(false)
  })
})

describe('a well-formed document that no provider sends is also rejected', () => {
  it.each([
    ['a document type', '<!DOCTYPE Root [<!ENTITY a "b">]><Root>&a;</Root>'],
    ['entities that grow', '<!DOCTYPE Root [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><Root>&b;</Root>'],
    ['a processing instruction', '<Root><?php echo 1 ?></Root>'],
    ['another encoding', '<?xml version="1.0" encoding="GB2312"?><Root/>'],
    ['text beside elements', '<Root>a<Text/></Root>'],
    ['a reference beside elements', '<Root>&amp;<Text/></Root>'],
    ['another root', '<Other/>'],
    ['deep nesting', `${'<Root>'.repeat(65)}${'</Root>'.repeat(65)}`],
  ])('%s', (_, text) => {
    expect(() => decode(text)).toThrow(XmlDecodeError)
    expect(() => decode(text)).toThrow(/^the XML \w/)
  })
})

it.each([
  ['', 'the XML ends before its root element'],
  ['<!-- -->', 'the XML ends before its root element'],
  ['<Root><Text>a', 'the XML ends before its elements are closed'],
  ['<Root><Text>a</Te', 'the XML has an end tag without its start tag'],
  ['</Root>', 'the XML has an end tag without its start tag'],
  ['<Root><Te', 'the XML is not well formed, or has a document type or an entity'],
  ['<Root/>\n<Root/>', 'the XML has a second root element'],
])('the reason for a rejection is stated: %j', (text, reason) => {
  expect(() => decode(text)).toThrow(reason)
})

it('a long document takes time in proportion', () => {
  const long = `<Root><Text>${'a &amp; b '.repeat(100_000)}</Text></Root>`
  const start = performance.now()
  expect(decode(long)).toEqual({ Text: 'a & b '.repeat(100_000) })
  // A guard against the quadratic, not a measurement.
  expect(performance.now() - start).toBeLessThan(5_000)
})

it.each([
  ['<Root/>', { Item: [] }],
  ['<Root><Box/></Root>', { Item: [], Box: { Id: [] } }],
  ['<Root><Item/><Box><Id>1</Id></Box></Root>', { Item: [{}], Box: { Id: ['1'] } }],
])('%s has a list for each absent element that every value has', (text, value) => {
  const root: XmlElement = {
    name: 'Root',
    children: [
      { name: 'Item', repeats: true, mayBeAbsent: true, children: [{ name: 'Id' }] },
      { name: 'Box', children: [{ name: 'Id', repeats: true, mayBeAbsent: true }] },
    ],
  }
  expect(decodeXml(text, [root]).value).toEqual(value)
})
