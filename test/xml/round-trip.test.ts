import fc from 'fast-check'
import { XmlDocument } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { readXsd, type XsdElement } from '../../scripts/generate/read/xsd.js'
import { decodeXml } from '../../src/xml/decode.js'
import type { XmlElement } from '../../src/xml/element.js'
import { encodeXml } from '../../src/xml/encode.js'
import { anyCharacter } from '../support/any-character.js'
import { withXsd, xsdTexts } from '../support/xsd.js'

/** Any text that XML can carry, with more than its share of what must be escaped. */
const text = fc
  .string({
    unit: fc.oneof(fc.constantFrom('&', '<', '>', '\r', '\n', '"', "'", ']', ' '), fc.string({ unit: anyCharacter })),
  })
  .filter((value) => !/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value))
const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 1024 })

/** Values of an element as its XSD declares it: what is required is there, the rest comes and goes. */
function valuesOf(element: XsdElement): fc.Arbitrary<unknown> {
  if (element.values !== undefined) return fc.constantFrom(...element.values)
  // The one field with a pattern.
  if (element.children === undefined) return element.name === 'UserData' ? printable : text
  const fields = Object.fromEntries(
    element.children.map((child) => [
      child.name,
      child.repeats ? fc.array(valuesOf(child), { minLength: 1, maxLength: 3 }) : valuesOf(child),
    ]),
  )
  const requiredKeys = element.children.filter(({ required, repeats }) => required ?? repeats).map(({ name }) => name)
  return fc.record(fields, { requiredKeys, noNullPrototype: true })
}

const roots = Array.from(xsdTexts.keys(), (file) =>
  [...readXsd(file, xsdTexts).values()].map((root) => ({ file, name: root.name, root })),
)

describe('what is written is what the XSD allows, and reads back the same', () => {
  it.each(roots.flat())('$file, $name', ({ file, root }) => {
    const element: XmlElement = root
    withXsd(file, (validator) => {
      fc.assert(
        fc.property(valuesOf(root), (value) => {
          const written = encodeXml(element, value)
          const document = XmlDocument.fromString(written)
          try {
            validator.validate(document)
          } finally {
            document.dispose()
          }
          expect(decodeXml(written, [element]).value).toEqual(value)
        }),
        { numRuns: 100, seed: 20260101 },
      )
    })
  })
})
