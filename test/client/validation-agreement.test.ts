import { describe, expect, it } from 'vitest'
import { encodeXml } from '../../src/xml/encode.js'
import { operations } from './operations.js'
import { describeAgreement, written } from './validation-agreement.js'

describeAgreement({ changed: 400, valid: 20 })

describe('an unknown field', () => {
  it.each(written)(
    'is rejected, and written behind the known ones where nothing is validated: %s',
    (name, _, element) => {
      const { full, isValid } = operations[name]
      const request = { ...full, Colour: 'red' }
      expect(isValid(request)).toBe(false)
      expect(encodeXml(element, request)).toBe(
        encodeXml(element, full).replace(/(?=<.Request>$)/, '<Colour>red</Colour>'),
      )
    },
  )
})
