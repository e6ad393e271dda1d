import { describe, expect, it } from 'vitest'
import { readXsd } from '../../../scripts/generate/read/xsd.js'

/** An XSD with one element, whose type holds the content. */
function xsd(content: string): string {
  const root = `<xs:element name="Root"><xs:complexType>${content}</xs:complexType></xs:element>`
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${root}</xs:schema>`
}

/** An element with a simple type. */
function simple(rule: string): string {
  return `<xs:all><xs:element name="A"><xs:simpleType>${rule}</xs:simpleType></xs:element></xs:all>`
}

describe('the XSD reader rejects', () => {
  it.each([
    ['<xs:sequence/>', 'xs:sequence inside xs:complexType is not supported'],
    ['<xs:all/><xs:attribute name="a"/>', 'xs:attribute inside xs:complexType is not supported'],
    ['<xs:all><xs:element ref="a"/></xs:all>', 'attribute ref of xs:element is not supported'],
    ['<xs:all><xs:element name="A" type="xs:int"/></xs:all>', 'A has the unknown type xs:int'],
    [
      '<xs:choice maxOccurs="unbounded"><xs:element name="A" type="xs:string" maxOccurs="3"/></xs:choice>',
      'A has an unsupported number of occurrences',
    ],
    ['<xs:choice><xs:element name="A" type="xs:string"/></xs:choice>', 'a choice must be unbounded'],
    ['<xs:all/><xs:all/>', 'a complex type must hold one xs:all or xs:choice'],
    ['<xs:all><xs:element type="xs:string"/></xs:all>', 'xs:element needs the attribute name'],
    [simple(''), 'a simple type must be one restriction or union'],
    [simple('<xs:union memberTypes="xs:string A"/>'), 'a union must end in xs:string'],
    [simple('<xs:restriction base="xs:int"/>'), 'a restriction must be of xs:string'],
  ])('%s', (content, complaint) => {
    expect(() => readXsd(xsd(content), 'strange.xsd')).toThrow(`strange.xsd: ${complaint}`)
  })

  it('a type that contains itself', () => {
    const type = '<xs:complexType name="T"><xs:all><xs:element name="A" type="T"/></xs:all></xs:complexType>'
    const schema = xsd('<xs:all><xs:element name="A" type="T"/></xs:all>').replace(
      '</xs:schema>',
      `${type}</xs:schema>`,
    )
    expect(() => readXsd(schema, 'strange.xsd')).toThrow('strange.xsd: the type T contains itself')
  })

  it('text that is not an XSD', () => {
    expect(() => readXsd('<a/>', 'strange.xsd')).toThrow('strange.xsd: no xs:schema at the root')
  })
})
