import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isRecord, isText } from '../../src/type-guards.js'
import {
  createCredentialsCache,
  type CredentialsCache,
  type CredentialsKind,
  type CredentialsSource,
} from '../../src/signing/credentials.js'
import { CredentialsError } from '../../src/errors/errors.js'

interface Token {
  readonly token: string
  readonly expiresAt?: Date
}

const kind: CredentialsKind<Token> = {
  matches: (value): value is Token => isRecord(value) && isText(value['token']),
  rule: 'have token',
  secretsOf: ({ token }) => [token],
}

/** Where the time of these tests begins. */
const START = Date.UTC(2026, 0, 1)
let time = START

function cacheOf(source: CredentialsSource<Token>): CredentialsCache<Token> {
  time = START
  return createCredentialsCache(source, kind, () => time)
}

/** A function that gives a new token each time, with its end. */
function issuer(lifetimeMs?: number): { readonly ask: () => Token; readonly issued: Token[] } {
  const issued: Token[] = []
  return {
    issued,
    ask: () => {
      const token = `TOKENEXAMPLE${String(issued.length)}`
      const given = lifetimeMs === undefined ? { token } : { token, expiresAt: new Date(time + lifetimeMs) }
      issued.push(given)
      return given
    },
  }
}

/** A source that TypeScript would refuse. */
function untyped(value: unknown): () => Promise<Token> {
  // What comes from plain JavaScript has any type.
  return () => Promise.resolve(value as Token)
}

describe('fixed credentials', () => {
  it('are given back at once, and cannot be renewed', async () => {
    const credentials = { token: 'TOKENEXAMPLE', expiresAt: new Date(START - 1) }
    const cache = cacheOf(credentials)
    const given = cache.get('unpublish')
    expect(given).toEqual(credentials)
    cache.drop(await given)
    expect(cache.get('unpublish')).toBe(given)
    expect(cache.canRenew).toBe(false)
  })

  it('do not follow later changes of the object', () => {
    const credentials = { token: 'TOKENEXAMPLE' }
    const cache = cacheOf(credentials)
    credentials.token = 'OTHEREXAMPLE'
    expect(cache.get('unpublish')).toEqual({ token: 'TOKENEXAMPLE' })
  })

  it('may be getters of a class', () => {
    class Vault {
      readonly #secret = 'TOKENEXAMPLE'
      get token(): string {
        return this.#secret
      }
    }
    expect(cacheOf(new Vault()).get('unpublish')).toHaveProperty('token', 'TOKENEXAMPLE')
  })
})

describe('credentials of a function', () => {
  it('are kept until a minute before they expire', async () => {
    const { ask, issued } = issuer(3_600_000)
    const cache = cacheOf(ask)
    expect(cache.canRenew).toBe(true)
    expect(await cache.get('unpublish')).toBe(issued[0])
    time += 3_539_999
    expect(cache.get('unpublish')).toBe(issued[0])
    time += 1
    expect(await cache.get('unpublish')).toBe(issued[1])
    expect(cache.get('unpublish')).toBe(issued[1])
    expect(issued).toHaveLength(2)
  })

  it.each([
    ['without an end', undefined],
    ['that end within a minute', 60_000],
    ['that have ended', -1],
  ])('%s are used, and asked for every time', async (_, lifetimeMs) => {
    const { ask, issued } = issuer(lifetimeMs)
    const cache = cacheOf(() => Promise.resolve(ask()))
    expect(await cache.get('unpublish')).toBe(issued[0])
    expect(await cache.get('unpublish')).toBe(issued[1])
  })

  it('are asked for once by calls at the same time', async () => {
    const { ask, issued } = issuer()
    const cache = cacheOf(ask)
    const given = await Promise.all(['a', 'b', 'c'].map(async (operation) => cache.get(operation)))
    expect(given).toEqual([issued[0], issued[0], issued[0]])
    expect(issued).toHaveLength(1)
  })

  it('are asked for again after a drop of just these', async () => {
    const { ask, issued } = issuer(3_600_000)
    const cache = cacheOf(ask)
    const first = await cache.get('unpublish')
    cache.drop({ ...first })
    expect(cache.get('unpublish')).toBe(first)
    cache.drop(first)
    const second = await cache.get('unpublish')
    expect(second).toBe(issued[1])
    cache.drop(first)
    expect(cache.get('unpublish')).toBe(second)
  })
})

describe('a function that fails', () => {
  it.each([
    [
      'by throwing',
      () => (cause: Error) => {
        throw cause
      },
    ],
    ['by rejecting', () => (cause: Error) => Promise.reject(cause)],
  ])('%s fails each waiting call under its own name, and is asked again', async (_, failing) => {
    const cause = new Error('vault is sealed')
    let sealed = true
    const cache = cacheOf(() => (sealed ? failing()(cause) : { token: 'TOKENEXAMPLE' }))
    const errors = await Promise.allSettled([cache.get('extract'), cache.get('unpublish')])
    for (const [index, operation] of ['extract', 'unpublish'].entries()) {
      const reason: unknown = errors[index]?.status === 'rejected' ? errors[index].reason : undefined
      expect(reason).toBeInstanceOf(CredentialsError)
      expect(reason).toMatchObject({
        message: `${operation}: nothing was sent: the credentials function failed`,
        ...{ operation, cause, attempts: 0, mayHaveRun: false },
      })
    }
    sealed = false
    expect(await cache.get('unpublish')).toEqual({ token: 'TOKENEXAMPLE' })
  })

  it.each([
    ['nothing', undefined, 'must have token'],
    ['an empty token', { token: '' }, 'must have token'],
    ['text for a date', { token: 'TOKENEXAMPLE', expiresAt: '2026-01-01' }, 'an expiresAt that is no valid Date'],
    ['null for a date', { token: 'TOKENEXAMPLE', expiresAt: null }, 'an expiresAt that is no valid Date'],
    ['no valid date', { token: 'TOKENEXAMPLE', expiresAt: new Date('soon') }, 'an expiresAt that is no valid Date'],
  ])('by giving %s', async (_, value, problem) => {
    const error: unknown = await Promise.resolve(cacheOf(untyped(value)).get('unpublish')).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(CredentialsError)
    expect(error).toMatchObject({ message: expect.stringContaining(`unpublish: nothing was sent: `) as unknown })
    expect(error).toMatchObject({ message: expect.stringContaining(problem) as unknown })
    expect(error).not.toHaveProperty('cause')
    expect(inspect(error)).not.toContain('TOKENEXAMPLE')
  })

  it('after an attempt does not say that nothing was sent', async () => {
    const before = { attempts: 2, mayHaveRun: true }
    await expect(cacheOf(untyped(undefined)).get('unpublish', before)).rejects.toMatchObject({
      message: 'unpublish: what the credentials function gives must have token',
      ...before,
    })
  })
})

it('nothing of the credentials can be read from the cache', async () => {
  const { ask } = issuer(3_600_000)
  for (const source of [{ token: 'TOKENEXAMPLE' }, ask]) {
    const cache = cacheOf(source)
    await cache.get('unpublish')
    expect(inspect(cache, { depth: Infinity, showHidden: true }) + JSON.stringify(cache)).not.toContain('TOKENEXAMPLE')
  }
})
