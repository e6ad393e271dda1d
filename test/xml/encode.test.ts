import { describe, expect, it } from 'vitest'
import { decodeXml } from '../../src/xml/decode.js'
import type { XmlElement } from '../../src/xml/element.js'
import { encodeXml, XmlEncodeError } from '../../src/xml/encode.js'

const ROOT: XmlElement = {
  name: 'Root',
  children: [{ name: 'First' }, { name: 'Item', repeats: true }, { name: 'Box', children: [{ name: 'Id' }] }],
}

it('children are written in the order of the table', () => {
  const value = { Box: { Id: '1' }, Item: ['a', ''], First: 'x' }
  expect(encodeXml(ROOT, value)).toBe('<Root><First>x</First><Item>a</Item><Item></Item><Box><Id>1</Id></Box></Root>')
})

it('what was written reads back the same', () => {
  const value = { First: ' <&>\r\n\t"\' ]]> 中😀 ', Item: ['&amp;', '<![CDATA['], Box: {} }
  expect(decodeXml(encodeXml(ROOT, value), [ROOT]).value).toEqual(value)
})

it('children that the table does not have come last, a list as an element repeated', () => {
  const value = { Colour: ['red', { Hue: '1' }, {}], First: 'x', Box: { Size: '2', Id: '1' }, Gone: undefined }
  expect(encodeXml(ROOT, value)).toBe(
    '<Root><First>x</First><Box><Id>1</Id><Size>2</Size></Box>' +
      '<Colour>red</Colour><Colour><Hue>1</Hue></Colour><Colour></Colour></Root>',
  )
})

it('undefined is omitted', () => {
  expect(encodeXml(ROOT, { First: undefined, Item: [] })).toBe('<Root></Root>')
})

describe('rejected, with the path of the field', () => {
  it.each<[string, unknown]>([
    ['Box.Colour', { Box: { Colour: 1 } }],
    ['Box.Colour', { Box: { Colour: ['red', null] } }],
    ['Box.<Id', { Box: { '<Id': '1' } }],
    ['Box.1', { Box: { 1: '1' } }],
    ['First', { First: 'bell\u0007' }],
    ['First', { First: '\ud800' }],
    ['First', { First: 1 }],
    ['First', { First: null }],
    ['First', { First: ['x'] }],
    ['Item', { Item: 'x' }],
    ['Item[1]', { Item: ['x', {}] }],
    ['Box', { Box: 'x' }],
    ['Box', { Box: [] }],
    ['', null],
  ])('%s: %j', (path, value) => {
    expect(() => encodeXml(ROOT, value)).toThrow(XmlEncodeError)
    expect(() => encodeXml(ROOT, value)).toThrow(expect.objectContaining({ name: 'XmlEncodeError', path }))
    expect(() => encodeXml(ROOT, value)).toThrow(
      /^(must be an? \w+|must have a name that XML allows|must not have characters)/,
    )
  })
})
