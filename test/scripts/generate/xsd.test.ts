import { describe, expect, it } from 'vitest'
import { readXsd, type XsdElement } from '../../../scripts/generate/read/xsd.js'

/** An XSD with one element, whose type holds the content. */
function xsd(content: string): string {
  return schemaOf(`<xs:element name="Root"><xs:complexType>${content}</xs:complexType></xs:element>`)
}

/** An element with a simple type. */
function simple(rule: string): string {
  return `<xs:all><xs:element name="A"><xs:simpleType>${rule}</xs:simpleType></xs:element></xs:all>`
}

function read(text: string, included: Readonly<Record<string, string>> = {}): Map<string, XsdElement> {
  return readXsd('strange.xsd', new Map(Object.entries({ ...included, 'strange.xsd': text })))
}

const SHARED = schemaOf(
  '<xs:complexType name="Shared"><xs:all><xs:element name="A" type="xs:string"/></xs:all></xs:complexType>',
)

/** A schema that includes others, with an element of the shared type. */
function including(...files: readonly string[]): string {
  const includes = files.map((file) => `<xs:include schemaLocation="${file}"/>`).join('')
  return schemaOf(`${includes}<xs:element name="Root" type="Shared"/>`)
}

function schemaOf(content: string): string {
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${content}</xs:schema>`
}

describe('an XSD that includes another', () => {
  it('has its types', () => {
    const root = read(including('shared.xsd'), { 'shared.xsd': SHARED }).get('Root')
    expect(root?.children).toEqual([{ name: 'A', required: true, repeats: false }])
  })

  it('may include it by two ways', () => {
    const files = { 'shared.xsd': SHARED, 'other.xsd': schemaOf('<xs:include schemaLocation="shared.xsd"/>') }
    expect(read(including('shared.xsd', 'other.xsd'), files).has('Root')).toBe(true)
  })

  it.each([
    ['that does not exist', including('none.xsd'), 'none.xsd: does not exist: correct the path'],
    ['with a type of the same name', including('shared.xsd', 'twice.xsd'), 'twice.xsd: the type Shared is there twice'],
  ])('is rejected: one %s', (_, text, complaint) => {
    expect(() => read(text, { 'shared.xsd': SHARED, 'twice.xsd': SHARED })).toThrow(complaint)
  })
})

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
    expect(() => read(xsd(content))).toThrow(`strange.xsd: ${complaint}`)
  })

  it('a type that contains itself', () => {
    const type = '<xs:complexType name="T"><xs:all><xs:element name="A" type="T"/></xs:all></xs:complexType>'
    const schema = xsd('<xs:all><xs:element name="A" type="T"/></xs:all>').replace(
      '</xs:schema>',
      `${type}</xs:schema>`,
    )
    expect(() => read(schema)).toThrow('strange.xsd: the type T contains itself')
  })

  it('text that is not an XSD', () => {
    expect(() => read('<a/>')).toThrow('strange.xsd: no xs:schema at the root')
  })
})
