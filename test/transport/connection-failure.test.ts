import { describe, expect, it } from 'vitest'
import { reasonOf } from '../../src/transport/failure-reason.js'

describe('the reason of a failure', () => {
  it.each([
    ['its code', errorWith({ code: 'ONE' }), 'ONE'],
    ['the code of a cause', new TypeError('fetch failed', { cause: errorWith({ code: 'TWO' }) }), 'TWO'],
    ['its message', new Error('three', { cause: errorWith({ code: 4 }) }), 'three'],
    ['unknown', new Error(''), 'unknown failure'],
    ['unknown', 'text', 'unknown failure'],
  ])('is %s', (_what, failure, reason) => {
    expect(reasonOf(failure)).toBe(reason)
  })
})

function errorWith(properties: object): Error {
  return Object.assign(new Error('made up'), properties)
}
