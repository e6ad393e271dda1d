import { createHash, createHmac } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { signTencentRequest, type TencentSigningInput } from '../../src/tencent-ci/sign.js'
import { anyRequest, byBytes, headersOf, percentEncode, type GeneratedRequest } from '../vectors/signing-requests.js'
import { documentedExamples, operationVectors, publishedVectors } from '../vectors/tencent-ci.js'

const credentials = { secretId: 'FAKESECRETID', secretKey: 'not-a-real-secret' }
const plain: TencentSigningInput = {
  method: 'POST',
  url: 'https://bucket.ci.example.com/jobs',
  credentials,
  date: new Date('2026-01-01T00:00:00.999Z'),
}

describe('published signatures', () => {
  it.each([...publishedVectors, ...operationVectors])(
    '$name',
    async ({ input, headerList, parameterList, signature }) => {
      const signed = await signTencentRequest(input)
      expect(signed.signature).toBe(signature)
      const start = Math.floor((input.date ?? new Date()).getTime() / 1000)
      const keyTime = `${String(start)};${String(start + (input.expiresInSeconds ?? 900))}`
      expect(signed.headers['authorization']).toBe(
        `q-sign-algorithm=sha1&q-ak=${input.credentials.secretId}&q-sign-time=${keyTime}&q-key-time=${keyTime}` +
          `&q-header-list=${headerList}&q-url-param-list=${parameterList}&q-signature=${signature}`,
      )
    },
  )

  it.each(documentedExamples)('passes through every string of the documentation: $name', async (example) => {
    const signed = await signTencentRequest(example.input)
    expect(signed.httpString).toBe(example.httpString)
    expect(signed.stringToSign).toBe(example.stringToSign)
    expect(signed.signature.startsWith(example.signatureStart)).toBe(true)
    expect(signed.headers['authorization']).toContain(
      `&q-header-list=${example.headerList}&q-url-param-list=${example.parameterList}&`,
    )
  })
})

describe('an independent implementation of the rules', () => {
  it('computes the same result for any request', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, fc.integer({ min: 1, max: 1e6 }), async (request, expiresInSeconds) => {
        const expected = independentlySigned(request, expiresInSeconds)
        const signed = await signTencentRequest({ ...inputOf(request), expiresInSeconds })
        expect(signed.httpString).toBe(expected.httpString)
        expect(signed.headers).toEqual(expected.headers)
      }),
      { numRuns: 500, seed: 20260101 },
    )
  })
})

describe('the headers to add', () => {
  it('are authorization alone with permanent keys', async () => {
    for (const sessionToken of [undefined, '']) {
      const { headers } = await signTencentRequest({ ...plain, credentials: { ...credentials, sessionToken } })
      expect(Object.keys(headers)).toEqual(['authorization'])
    }
  })

  it('are joined by x-ci-security-token with temporary keys, which is signed', async () => {
    const signed = await signTencentRequest({ ...plain, credentials: { ...credentials, sessionToken: ' to/ken\n' } })
    expect(signed.headers['x-ci-security-token']).toBe('to/ken')
    expect(signed.httpString).toContain('&x-ci-security-token=to%2Fken\n')
    expect(signed.headers['authorization']).toContain('&q-header-list=host;x-ci-security-token&')
  })

  it('are valid from the second of signing, for 900 seconds by default', async () => {
    expect((await signTencentRequest(plain)).stringToSign).toMatch(/^sha1\n1767225600;1767226500\n/)
    expect((await signTencentRequest({ ...plain, expiresInSeconds: 60 })).stringToSign).toContain(
      '1767225600;1767225660',
    )
  })

  it('use the current time without a date', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { stringToSign } = await signTencentRequest({ method: 'GET', url: plain.url, credentials })
    const start = Number(/^sha1\n(\d+);/.exec(stringToSign)?.[1])
    expect(start).toBeGreaterThanOrEqual(before)
    expect(start).toBeLessThanOrEqual(Date.now() / 1000)
  })
})

describe('which headers are signed', () => {
  it('replaces a token and an authorization that are there already', async () => {
    const again = await signTencentRequest({
      ...plain,
      headers: { 'X-CI-Security-Token': 'old', Authorization: 'old' },
      credentials: { ...credentials, sessionToken: 'new' },
    })
    expect(again).toEqual(await signTencentRequest({ ...plain, credentials: { ...credentials, sessionToken: 'new' } }))
  })

  it('signs the host with a port that is not the default', async () => {
    expect((await lines({ url: 'http://127.0.0.1:4010/jobs' }))[3]).toBe('host=127.0.0.1%3A4010')
    expect((await lines({ url: 'https://bucket.ci.example.com:443/jobs' }))[3]).toBe('host=bucket.ci.example.com')
  })

  it('signs a host header that overrides the URL', async () => {
    const canonical = await lines({ url: 'http://127.0.0.1:4010/jobs', headers: { Host: 'bucket.ci.example.com' } })
    expect(canonical[3]).toBe('host=bucket.ci.example.com')
  })

  it('changes names to lowercase and encodes them, and trims values', async () => {
    const canonical = await lines({ headers: { 'X-Flag': ' \tTwo  Words;(é)*\t\r\n' } })
    expect(canonical[3]).toBe('host=bucket.ci.example.com&x-flag=Two%20%20Words%3B%28%C3%A9%29%2A')
  })

  it('accepts Headers as well as an object', async () => {
    const headers = { 'Content-Type': 'application/xml', 'X-Flag': ' p ' }
    expect(await signTencentRequest({ ...plain, headers: new Headers(headers) })).toEqual(
      await signTencentRequest({ ...plain, headers }),
    )
  })

  it('can be narrowed, in any order, with names given twice', async () => {
    const signed = await signTencentRequest({
      ...plain,
      headers: { 'x-a': '1', 'x-b': '2' },
      signedHeaders: ['x-a', 'host', 'x-a'],
    })
    expect(signed.headers['authorization']).toContain('&q-header-list=host;x-a&')
    expect(signed.httpString).not.toContain('x-b')
  })

  it.each(['x-absent', 'authorization'])('cannot be %s', async (name) => {
    await expect(
      signTencentRequest({ ...plain, headers: { authorization: '1' }, signedHeaders: [name] }),
    ).rejects.toThrow(new TypeError(`signedHeaders names ${name}, which is not a header that can be signed`))
  })
})

describe('the path', () => {
  it.each([
    ['', '/'],
    ['/jobs', '/jobs'],
    ['/jobs/', '/jobs/'],
    ['/a//b', '/a//b'],
    ['/%E4%B8%80%20b', '/一 b'],
    ['/一', '/一'],
    ['/a%2Fb', '/a/b'],
    ['/a%2525', '/a%25'],
    ['/a+b', '/a+b'],
    ['/A', '/A'],
  ])('%j is signed as %j', async (path, canonical) => {
    expect((await lines({ url: `https://bucket.ci.example.com${path}` }))[1]).toBe(canonical)
  })
})

describe('the query', () => {
  it.each([
    ['', '', ''],
    ['?', '', ''],
    ['?acl', 'acl=', 'acl'],
    ['?nextToken=aB%2Bc&Size=10', 'nexttoken=aB%2Bc&size=10', 'nexttoken;size'],
    ['?a=1+1&b=1%201', 'a=1%2B1&b=1%201', 'a;b'],
    ['?a=b=c&&', 'a=b%3Dc', 'a'],
    ['?=v', '=v', ''],
    ["?a=!'()*~", 'a=%21%27%28%29%2A~', 'a'],
    // Lower case includes the hex of an encoded name, but not of a value.
    ['?%E4%B8%80=%E4%B8%80', '%e4%b8%80=%E4%B8%80', '%e4%b8%80'],
    // A repeated name, whatever its case, is listed for each value.
    ['?a=2&A=1&a=3', 'a=1&a=2&a=3', 'a;a;a'],
    ['?a=%F0%9F%98%80&a=%EF%BC%81', 'a=%EF%BC%81&a=%F0%9F%98%80', 'a;a'],
    // Sorted by the encoded name: "a%7b" comes before "aa".
    ['?aa=1&a%7B=2', 'a%7b=2&aa=1', 'a%7b;aa'],
  ])('%j is signed as %j under the names %j', async (query, parameters, names) => {
    const signed = await signTencentRequest({ ...plain, url: `https://bucket.ci.example.com/${query}` })
    expect(signed.httpString.split('\n')[2]).toBe(parameters)
    expect(signed.headers['authorization']).toContain(`&q-url-param-list=${names}&`)
  })
})

describe('purity', () => {
  it('returns the same result twice, changes no input, and never shows the secret', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const input = inputOf(request)
        const before = structuredClone(input)
        Object.values(input).forEach(Object.freeze)
        const first = await signTencentRequest(Object.freeze(input))
        expect(await signTencentRequest(input)).toEqual(first)
        expect(input).toEqual(before)
        expect(JSON.stringify(first)).not.toContain(credentials.secretKey)
      }),
    )
  })

  it('does not depend on the order of headers or of the query', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const input = inputOf(request)
        const url = new URL(request.url)
        const query = url.search.slice(1).split('&').toReversed().join('&')
        const headers = Object.fromEntries(Object.entries(headersOf(request)).toReversed())
        const reversed = { ...input, headers, url: `${url.origin}${url.pathname}?${query}` }
        expect(await signTencentRequest(reversed)).toEqual(await signTencentRequest(input))
      }),
    )
  })

  it('accepts a URL object', async () => {
    const url = 'https://bucket.ci.example.com/a%20b?c=d'
    expect(await signTencentRequest({ ...plain, url: new URL(url) })).toEqual(
      await signTencentRequest({ ...plain, url }),
    )
  })
})

describe('input that cannot be signed', () => {
  const secret = 'Secret-9f'
  const halfOfAPair = '\ud800'
  const cases: Record<string, [Partial<TencentSigningInput>, RegExp]> = {
    'a malformed escape in the path': [{ url: `https://ci.example.com/${secret}%zz` }, /path of the URL/],
    'an escape that is no UTF-8 in the path': [{ url: `https://ci.example.com/${secret}%FF` }, /path of the URL/],
    'a malformed escape in a query value': [{ url: `https://ci.example.com/?a=${secret}%` }, /query of the URL/],
    'a relative URL': [{ url: `/jobs?${secret}` }, /^url must be/],
    'half a surrogate pair in a header': [{ headers: { 'x-a': secret + halfOfAPair } }, /^header x-a has/],
    'a line break in a header': [{ headers: { 'x-a': `${secret}\nx-b: c` } }, /^header x-a has/],
    'a header given twice': [{ headers: { 'x-a': secret, 'X-A': secret } }, /^header x-a occurs twice/],
    'an invalid date': [{ date: new Date(NaN) }, /^date must be/],
    'a date before 1970': [{ date: new Date(-1) }, /^date must be/],
    'no time of validity': [{ expiresInSeconds: 0 }, /^expiresInSeconds must be/],
    'half a second of validity': [{ expiresInSeconds: 0.5 }, /^expiresInSeconds must be/],
    'endless validity': [{ expiresInSeconds: Infinity }, /^expiresInSeconds must be/],
    'an id with a line break': [{ credentials: { ...credentials, secretId: `${secret}\n` } }, /^credentials\.secretId/],
    'an empty secret': [{ credentials: { ...credentials, secretKey: '' } }, /^credentials\.secretKey/],
    'a secret with a line break': [
      { credentials: { ...credentials, secretKey: `${secret}\n` } },
      /^credentials\.secretKey/,
    ],
    'a token with a line break inside': [
      { credentials: { ...credentials, sessionToken: `${secret}\n${secret}` } },
      /^header x-ci-security-token has/,
    ],
  }

  it.each(Object.entries(cases))('is %s', async (_, [change, message]) => {
    const failure: unknown = await signTencentRequest({ ...plain, ...change }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TypeError)
    expect(failure).toHaveProperty('message', expect.stringMatching(message))
    expect(JSON.stringify(failure, ['message', 'stack', 'cause', 'input'])).not.toContain(secret)
    expect(String(failure)).not.toContain(secret)
  })
})

async function lines(change: Partial<TencentSigningInput>): Promise<string[]> {
  return (await signTencentRequest({ ...plain, ...change })).httpString.split('\n')
}

function inputOf(request: GeneratedRequest): TencentSigningInput {
  const { method, url, token, date } = request
  return { method, url, headers: headersOf(request), credentials: { ...credentials, sessionToken: token }, date }
}

/** The rules of facts "Tencent Cloud CI" A, from the decoded pieces and without any code of the signer. */
function independentlySigned(
  request: GeneratedRequest,
  expiresInSeconds: number,
): { httpString: string; headers: Record<string, string> } {
  const milliseconds = request.date.getTime()
  const start = (milliseconds - (milliseconds % 1000)) / 1000
  const keyTime = [start, start + expiresInSeconds].join(';')

  const headers: [string, string][] = request.headers.map(({ name, value }) => [name, value])
  headers.push(['HOST', request.host])
  if (request.token !== undefined) headers.push(['X-CI-Security-Token', request.token])
  const [headerList, headerPairs] = listOf(headers)
  const [parameterList, parameterPairs] = listOf(request.query)
  const path = request.segments.map((segment) => `/${segment}`).join('')
  const httpString = `${request.method.toLowerCase()}\n${path}\n${parameterPairs}\n${headerPairs}\n`

  const hash = createHash('sha1').update(httpString, 'utf8').digest('hex')
  const signKey = createHmac('sha1', credentials.secretKey).update(keyTime).digest('hex')
  const signature = createHmac('sha1', signKey).update(`sha1\n${keyTime}\n${hash}\n`).digest('hex')
  return {
    httpString,
    headers: {
      ...(request.token === undefined ? {} : { 'x-ci-security-token': request.token }),
      authorization: `q-sign-algorithm=sha1&q-ak=FAKESECRETID&q-sign-time=${keyTime}&q-key-time=${keyTime}&q-header-list=${headerList}&q-url-param-list=${parameterList}&q-signature=${signature}`,
    },
  }
}

function listOf(entries: readonly (readonly [string, string])[]): [list: string, pairs: string] {
  const byName = new Map<string, string[]>()
  for (const [name, value] of entries) {
    const key = percentEncode(name).toLowerCase()
    byName.set(key, [...(byName.get(key) ?? []), value])
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1))
  const flat = sorted.flatMap(([key, values]) =>
    values.sort((a, b) => byBytes(['', a], ['', b])).map((value) => [key, percentEncode(value)] as const),
  )
  return [flat.map(([key]) => key).join(';'), flat.map((pair) => pair.join('=')).join('&')]
}
