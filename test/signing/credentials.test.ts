import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isRecord, isText } from '../../src/type-guards.js'
import { CredentialsCache, type CredentialsKind, type CredentialsSource } from '../../src/signing/credentials.js'

interface Token {
  readonly token: string
  readonly expiresAt?: Date
}

const kind: CredentialsKind<Token> = {
  copyOf: (value) => {
    const { token } = isRecord(value) ? value : {}
    return isText(token) ? { token } : undefined
  },
  rule: 'have token',
  secretsOf: ({ token }) => [token],
}

/** Where the time of these tests begins. */
const START = Date.UTC(2026, 0, 1)
let time = START

function cacheOf(source: CredentialsSource<Token>): CredentialsCache<Token> {
  time = START
  return new CredentialsCache(source, kind, () => time)
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

/** What an issuer gives at a time, without its end. */
function token(index: number): Token {
  return { token: `TOKENEXAMPLE${String(index)}` }
}

/** The credentials for one request, as a call gets them. */
async function current(cache: CredentialsCache<Token>): Promise<Token> {
  const known = cache.known()
  if (known !== undefined) return known
  const renewal = await cache.renew()
  if ('credentials' in renewal) return renewal.credentials
  throw new Error(renewal.problem)
}

/** A source that TypeScript would refuse. */
function untyped(value: unknown): () => Promise<Token> {
  // What comes from plain JavaScript has any type.
  return () => Promise.resolve(value as Token)
}

describe('fixed credentials', () => {
  it('are returned at once, and cannot be renewed', async () => {
    const credentials = { token: 'TOKENEXAMPLE', expiresAt: new Date(START - 1) }
    const cache = cacheOf(credentials)
    const given = await current(cache)
    expect(given).toEqual({ token: 'TOKENEXAMPLE' })
    cache.drop(given)
    expect(cache.known()).toBe(given)
    expect(cache.canRenew).toBe(false)
  })

  it('do not follow later changes of the object', () => {
    const credentials = { token: 'TOKENEXAMPLE' }
    const cache = cacheOf(credentials)
    credentials.token = 'OTHEREXAMPLE'
    expect(cache.known()).toEqual({ token: 'TOKENEXAMPLE' })
  })

  it('may be getters of a class, which are read once for each request', async () => {
    let reads = 0
    class Vault {
      get token(): string {
        reads += 1
        return `TOKENEXAMPLE${String(reads)}`
      }
    }
    const cache = cacheOf(new Vault())
    reads = 0
    const first = await current(cache)
    expect([first, first.token]).toEqual([{ token: 'TOKENEXAMPLE1' }, 'TOKENEXAMPLE1'])
    expect(await current(cache)).toEqual({ token: 'TOKENEXAMPLE2' })
    expect(cache.canRenew).toBe(true)
  })
})

describe('credentials of a function', () => {
  it('are kept until a minute before they expire', async () => {
    const { ask, issued } = issuer(3_600_000)
    const cache = cacheOf(ask)
    expect(cache.canRenew).toBe(true)
    expect(await current(cache)).toEqual(token(0))
    time += 3_539_999
    expect(cache.known()).toEqual(token(0))
    time += 1
    expect(await current(cache)).toEqual(token(1))
    expect(cache.known()).toEqual(token(1))
    expect(issued).toHaveLength(2)
  })

  it('are copied, so that later changes of the object have no effect', async () => {
    const shared = { token: 'TOKENEXAMPLE0' }
    const cache = cacheOf(() => shared)
    const first = await current(cache)
    shared.token = 'TOKENEXAMPLE1'
    expect([first, await current(cache)]).toEqual([token(0), token(1)])
  })

  it('are known as secrets after they were dropped', async () => {
    const cache = cacheOf(issuer(3_600_000).ask)
    expect(cache.secrets).toEqual([])
    cache.drop(await current(cache))
    expect(cache.known()).toBeUndefined()
    expect(cache.secrets).toEqual(['TOKENEXAMPLE0'])
  })

  it.each([
    ['without an end', undefined],
    ['that end within a minute', 60_000],
    ['that have ended', -1],
  ])('%s are used, and requested every time', async (_, lifetimeMs) => {
    const { ask } = issuer(lifetimeMs)
    const cache = cacheOf(() => Promise.resolve(ask()))
    expect(await current(cache)).toEqual(token(0))
    expect(await current(cache)).toEqual(token(1))
  })

  it('are requested once by concurrent calls', async () => {
    const { ask, issued } = issuer()
    const cache = cacheOf(ask)
    const given = await Promise.all([1, 2, 3].map(async () => current(cache)))
    expect(given).toEqual([token(0), token(0), token(0)])
    expect(issued).toHaveLength(1)
  })

  it('are requested again once exactly these are dropped', async () => {
    const { ask } = issuer(3_600_000)
    const cache = cacheOf(ask)
    const first = await current(cache)
    cache.drop({ ...first })
    expect(cache.known()).toBe(first)
    cache.drop(first)
    const second = await current(cache)
    expect(second).toEqual(token(1))
    cache.drop(first)
    expect(cache.known()).toBe(second)
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
  ])('%s fails all waiting calls, and the next call requests them again', async (_, failing) => {
    const cause = new Error('vault is sealed')
    let sealed = true
    const cache = cacheOf(() => (sealed ? failing()(cause) : { token: 'TOKENEXAMPLE' }))
    const failed = { problem: 'the credentials function failed', failure: cause }
    expect(await Promise.all([cache.renew(), cache.renew()])).toEqual([failed, failed])
    sealed = false
    expect(await current(cache)).toEqual({ token: 'TOKENEXAMPLE' })
  })

  it.each([
    ['nothing', undefined, 'must have token'],
    ['an empty token', { token: '' }, 'must have token'],
    ['text for a date', { token: 'TOKENEXAMPLE', expiresAt: '2026-01-01' }, 'returned an invalid expiresAt'],
    ['null for a date', { token: 'TOKENEXAMPLE', expiresAt: null }, 'returned an invalid expiresAt'],
    ['an invalid date', { token: 'TOKENEXAMPLE', expiresAt: new Date('soon') }, 'returned an invalid expiresAt'],
  ])('by returning %s', async (_, value, problem) => {
    const renewal = await cacheOf(untyped(value)).renew()
    expect(renewal).toEqual({ problem: expect.stringContaining(problem) as unknown })
    expect(inspect(renewal)).not.toContain('TOKENEXAMPLE')
  })
})

it('the credentials cannot be read from the cache', async () => {
  const { ask } = issuer(3_600_000)
  for (const source of [{ token: 'TOKENEXAMPLE' }, ask]) {
    const cache = cacheOf(source)
    await current(cache)
    expect(inspect(cache, { depth: Infinity, showHidden: true }) + JSON.stringify(cache)).not.toContain('TOKENEXAMPLE')
  }
})

it('a forgotten call of the function that settles late changes nothing', async () => {
  const settle: ((token: Token) => void)[] = []
  const cache = cacheOf(() => new Promise<Token>((resolve) => settle.push(resolve)))
  const forgotten = cache.renew()
  cache.forget(forgotten)
  const current = cache.renew()
  const lasting = { token: 'LATEEXAMPLE', expiresAt: new Date(START + 3_600_000) }
  settle[0]?.(lasting)
  await forgotten
  expect(cache.known()).toBeUndefined()
  // Still the same call of the function, which a request may be waiting for.
  expect(cache.renew()).toBe(current)
})
