import { describe, expect, it } from 'vitest'
import { encodeXml, XmlEncodeError } from '../../src/xml/encode.js'
import { operations } from './operations.js'
import { describeAgreement, written } from './validation-agreement.js'

describeAgreement({ changed: 400, valid: 20 })

describe('an unknown field', () => {
  it.each(written)('is rejected, and cannot be written either: %s', (name, _, element) => {
    const { full, isValid } = operations[name]
    const request = { ...full, Colour: 'red' }
    expect(isValid(request)).toBe(false)
    expect(() => encodeXml(element, request)).toThrow(XmlEncodeError)
  })
})
