import { describe, expect, it } from 'vitest'
import { plainFailure } from '../../src/transport/failure-reason.js'

describe('the code of a failure', () => {
  it.each([
    ['its own', errorWith({ code: 'ONE', cause: errorWith({ code: 'TWO' }) }), 'ONE', true],
    ['that of a cause', new TypeError('fetch failed', { cause: errorWith({ code: 'TWO' }) }), 'TWO', false],
    ['that of one of several errors', new AggregateError([new Error(), errorWith({ code: 'THREE' })]), 'THREE', false],
    ['none if it is no text', errorWith({ code: 4 }), undefined, false],
  ])('is %s', (_what, failure, code, hasOwnCode) => {
    expect(plainFailure(failure)).toMatchObject({ code, hasOwnCode })
  })
})

it.each(['', ' ', 'CERT', undefined])('the code %j says nothing about the connection', (code) => {
  expect(plainFailure(errorWith({ code }))).toMatchObject({ isUnconnected: false, isPermanent: false })
})

describe('the message of a failure', () => {
  it.each([
    ['its own', new Error('three'), 'three'],
    ['a text that was thrown', 'text', 'text'],
    ['that of an error of another realm', { message: 'far away' }, 'far away'],
    ['unknown if it is empty', new Error(''), 'unknown failure'],
    ['unknown if it is no text', { message: {} }, 'unknown failure'],
    ['unknown if nothing was thrown', undefined, 'unknown failure'],
  ])('is %s', (_what, failure, message) => {
    expect(plainFailure(failure).message).toBe(message)
  })
})

describe('a failure that cannot be read', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  it.each([
    ['a getter that throws', Object.defineProperty(new Error(), 'code', { get: thrower })],
    ['a proxy that throws', new Proxy(new Error(), { get: thrower })],
    ['a revoked proxy', proxy],
    [
      'a cause with a getter that throws',
      new Error('', {
        cause: {
          get syscall() {
            return thrower()
          },
        },
      }),
    ],
  ])('has nothing but its place: %s', (_what, failure) => {
    expect(plainFailure(failure)).toEqual(plainFailure(undefined))
  })

  it('may be without a prototype, or its own cause', () => {
    expect(plainFailure(Object.create(null))).toEqual(plainFailure(undefined))
    const own = errorWith({ code: 'ONE' })
    own.cause = new AggregateError([own, own], '', { cause: own })
    expect(plainFailure(own)).toMatchObject({ code: 'ONE', isUnconnected: false })
  })
})

it('a failure is judged once, however often it occurs', () => {
  let failure = errorWith({ syscall: 'connect' })
  for (let level = 0; level < 30; level += 1) {
    failure = new AggregateError(
      Array.from({ length: 30 }, () => failure),
      '',
      { cause: failure },
    )
  }
  expect(plainFailure(failure)).toMatchObject({ isUnconnected: true })
})

function thrower(): never {
  throw new Error('not to be read')
}

function errorWith(properties: object): Error {
  return Object.assign(new Error('made up'), properties)
}
