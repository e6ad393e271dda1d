import fc from 'fast-check'
import { XmlDocument, XmlValidateError, type XsdValidator } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { noiseReductionRequest, voiceSeparateRequest } from '../../generated/tencent-ci/xml.js'
import { isRecord } from '../../src/type-guards.js'
import { createEmulator } from '../../src/testing/index.js'
import type { XmlElement } from '../../src/xml/element.js'
import { encodeXml, XmlEncodeError } from '../../src/xml/encode.js'
import { NEW_YEAR } from '../support/clients.js'
import { withXsd } from '../support/xsd.js'
import { breaksRuleBeyondXsd, requestsAroundSchema, validRequests } from './arbitraries.js'
import { operations } from './operations.js'

type Verdict = 'accepted' | 'refused' | 'not writable'

const SEED = 20260101

export const written: readonly (readonly [keyof typeof operations, string, XmlElement])[] = [
  ['createVoiceSeparateJob', 'voice-separate.xsd', voiceSeparateRequest],
  ['createNoiseReductionJob', 'noise-reduction.xsd', noiseReductionRequest],
]

/**
 * Declares the tests in which validator, encoder, XSD and emulator judge the same random requests.
 *
 * @param changed number of requests with changes around the schema, per operation
 * @param valid number of valid requests that the emulator receives, per operation
 */
export function describeAgreement({ changed, valid }: { readonly changed: number; readonly valid: number }): void {
  describe(`the validator, on ${String(changed)} requests`, () => {
    it.each(written)('rejects what the XSD or XML rejects, and what other rules forbid: %s', (name, xsd, element) => {
      const { document, schema, isValid } = operations[name]
      const seen = new Set<string>()
      withXsd(xsd, (validator) => {
        fc.assert(
          fc.property(requestsAroundSchema(document, schema), (request) => {
            const verdict = verdictOf(request, element, validator)
            const beyondXsd = breaksRuleBeyondXsd(request)
            seen.add(`${verdict}${beyondXsd ? ', against a rule beyond XSD' : ''}`)
            expect(isValid(request)).toBe(verdict === 'accepted' && !beyondXsd)
          }),
          { numRuns: changed, seed: SEED },
        )
      })
      // Otherwise the property would hold of nothing.
      expect([...seen]).toEqual(
        expect.arrayContaining(['accepted', 'refused', 'not writable', 'accepted, against a rule beyond XSD']),
      )
    })
  })

  describe(`the emulator, on ${String(valid)} requests`, () => {
    it.each(Object.entries(operations))('accepts every valid one: %s', async (_, { document, schema, submit }) => {
      await fc.assert(
        fc.asyncProperty(validRequests(document, schema), async (request) => {
          const emulator = createEmulator({
            now: () => NEW_YEAR,
            huawei: { assets: assetsOf(request).map((asset_id) => ({ asset_id })) },
          })
          await submit(request, emulator.fetch)
          expect(emulator.requests).toHaveLength(1)
        }),
        { numRuns: valid, seed: SEED },
      )
    })
  })
}

/** What the encoder and libxml2 say of a request. */
function verdictOf(request: unknown, element: XmlElement, validator: XsdValidator): Verdict {
  let xml: string
  try {
    xml = encodeXml(element, request)
  } catch (error) {
    if (!(error instanceof XmlEncodeError)) throw error
    return 'not writable'
  }
  const document = XmlDocument.fromString(xml)
  try {
    validator.validate(document)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error
    return 'refused'
  } finally {
    document.dispose()
  }
}

/** The ids that a request of VOD names; none in a request of CI. */
function assetsOf(request: unknown): string[] {
  const id = isRecord(request) ? request['asset_id'] : undefined
  return id === undefined ? [] : [id].flat().map(String)
}
