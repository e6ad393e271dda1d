import { describe, expect, it } from 'vitest'
import { SECRETS } from '../sending/fault-matrix.js'
import { leaksIn, PIECE_LENGTH } from './leaks.js'

describe('the check for leaks finds', () => {
  const secret = SECRETS.secretAccessKey
  const signature = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0'
  const base64 = Buffer.from(secret).toString('base64')
  const base64url = Buffer.from(secret).toString('base64url')
  const hex = Buffer.from(secret).toString('hex')

  it.each<[what: string, planted: unknown]>([
    ['a message', new Error(`key: ${secret}`)],
    ['a cause', new Error('one', { cause: new Error('two', { cause: { key: secret } }) })],
    ['a member of several', new AggregateError([new Error(secret)], 'some')],
    ['a hidden property', hidden('key', secret)],
    ['a hidden property far inside', { error: new Error('one', { cause: [hidden('inner', hidden('key', secret))] }) }],
    ['a property named by a symbol', hidden(Symbol('key'), secret)],
    ['the name of a property', { [secret]: 1 }],
    ['the name of a symbol', { [Symbol(secret)]: 1 }],
    ['a getter', Object.defineProperty({}, 'key', { get: () => secret })],
    ['a stack', Object.assign(new Error('one'), { stack: `at ${secret}` })],
    ['a map', new Map([['key', new Map([[secret, 1]])]])],
    ['a set', new Set([secret])],
    ['headers', { headers: new Headers({ 'x-auth-token': secret }) }],
    ['bytes', { body: new TextEncoder().encode(secret) }],
    ['what JSON shows', hidden('toJSON', () => secret)],
    ['an event', { operation: 'one', url: `http://one.test/?key=${secret}`, error: undefined }],
    ['base64', base64],
    ['a piece of base64', base64.slice(5, 5 + PIECE_LENGTH)],
    ['base64url', base64url],
    ['a piece of base64url', base64url.slice(-PIECE_LENGTH)],
    ['percent-encoding', encodeURIComponent(secret)],
    ['percent-encoding in lower case', encodeURIComponent(secret).toLowerCase()],
    ['a piece of percent-encoding', encodeURIComponent(secret).slice(2, 2 + PIECE_LENGTH)],
    ['base64 of an ID and a secret', Buffer.from(`:${secret}`).toString('base64')],
    ['XML', Array.from(secret, (character) => `&#${String(character.codePointAt(0))};`).join('')],
    ['JSON', Array.from(secret, (character) => `\\u00${Buffer.from(character).toString('hex')}`).join('')],
    ['upper case', secret.toUpperCase()],
    ['hex', hex],
    ['hex in upper case', hex.toUpperCase()],
    ['a piece of hex', hex.slice(3, 3 + PIECE_LENGTH)],
    ['a piece', `…${secret.slice(7, 7 + PIECE_LENGTH)}…`],
    ['a signature', `Signature=${signature}`],
    ['a piece of a signature', signature.slice(30, 30 + PIECE_LENGTH)],
    ['a signature in base64', Buffer.from(signature).toString('base64')],
  ])('%s', (_, planted) => {
    expect(leaksIn([planted], [secret, signature])).not.toEqual([])
    expect(leaksIn([{ event: planted }], [secret, signature])).not.toEqual([])
  })

  it('no shorter piece, and nothing in a harmless text', () => {
    expect(leaksIn([new Error(secret.slice(4, 4 + PIECE_LENGTH - 1))], [secret])).toEqual([])
    expect(leaksIn([new Error('access key AKEXAMPLE', { cause: { headers: new Headers() } })], [secret])).toEqual([])
  })
})

function hidden(key: string | symbol, value: unknown): object {
  return Object.defineProperty(new Error('one'), key, { value, enumerable: false })
}
