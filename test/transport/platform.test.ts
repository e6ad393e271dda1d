import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as node from '../../src/transport/platform/node.js'
import * as web from '../../src/transport/platform/web.js'
import { anyCharacter } from '../support/any-character.js'

const data = fc.oneof(fc.string({ unit: anyCharacter }), fc.uint8Array())
const key = fc.string({ minLength: 1, unit: anyCharacter })
const algorithm = fc.constantFrom('SHA-1' as const, 'SHA-256' as const)

describe('both platforms give the same digest', () => {
  it.each(['sha1Hex', 'sha256Hex'] as const)('%s', async (name) => {
    await fc.assert(
      fc.asyncProperty(data, async (bytes) => {
        expect(await web[name](bytes)).toBe(await node[name](bytes))
      }),
    )
  })

  it('hmacHex', async () => {
    await fc.assert(
      fc.asyncProperty(algorithm, key, fc.string({ unit: anyCharacter }), async (...parameters) => {
        expect(await web.hmacHex(...parameters)).toBe(await node.hmacHex(...parameters))
      }),
    )
  })
})
