import { createHash, createHmac } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { signHuaweiRequest, type HuaweiSigningInput } from '../../src/huawei-vod/sign.js'
import {
  documentedCanonicalRequest,
  documentedQuery,
  operationVectors,
  publishedVectors,
} from '../vectors/huawei-vod.js'
import { anyRequest, byBytes, headersOf, percentEncode, type GeneratedRequest } from '../vectors/signing-requests.js'

const credentials = { accessKeyId: 'FAKEACCESSKEY', secretAccessKey: 'not-a-real-secret' }
const plain: HuaweiSigningInput = {
  method: 'POST',
  url: 'https://vod.example.com/v1.0/project/asset',
  credentials,
  date: new Date('2026-01-02T03:04:05.678Z'),
}

describe('published signatures', () => {
  it.each([...publishedVectors, ...operationVectors])('$name', async ({ input, signedHeaders, signature }) => {
    const signed = await signHuaweiRequest(input)
    expect(signed.signature).toBe(signature)
    expect(signed.headers['authorization']).toBe(
      `SDK-HMAC-SHA256 Access=${input.credentials.accessKeyId}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    )
  })

  it('passes through the canonical request and the hash that the signing guide prints', async () => {
    const signed = await signHuaweiRequest(publishedVector('V1'))
    expect(signed.canonicalRequest).toBe(documentedCanonicalRequest.text)
    expect(signed.stringToSign).toBe(`SDK-HMAC-SHA256\n20191115T033655Z\n${documentedCanonicalRequest.sha256}`)
  })

  it('computes the canonical query of the Go and Python tests, in any order of the URL', async () => {
    const pairs = documentedQuery.parameters.map((pair) => pair.map(encodeURIComponent).join('='))
    for (const query of [pairs, pairs.toReversed()]) {
      expect((await lines({ url: `https://vod.example.com/?${query.join('&')}` }))[2]).toBe(documentedQuery.canonical)
    }
  })
})

describe('an independent implementation of the rules', () => {
  it('computes the same result for any request', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const expected = independentlySigned(request)
        const signed = await signHuaweiRequest(inputOf(request))
        expect(signed.canonicalRequest).toBe(expected.canonicalRequest)
        expect(signed.headers).toEqual(expected.headers)
      }),
      { numRuns: 500, seed: 20260101 },
    )
  })

  it('hashes the same for a body of 1 MiB, as text, as bytes, and as bytes in shared memory', async () => {
    const text = '音'.repeat(349_525) + '!'
    const bytes = new TextEncoder().encode(text)
    expect(bytes.byteLength).toBe(1024 * 1024)
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
    shared.set(bytes)
    // A view into a larger buffer: only the bytes that are seen count.
    const framed = new Uint8Array(bytes.byteLength + 2)
    framed.set(bytes, 1)
    for (const body of [text, bytes, shared, framed.subarray(1, -1)]) {
      expect((await lines({ body })).at(-1)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })
})

describe('the headers to add', () => {
  it('are authorization and x-sdk-date', async () => {
    const { headers } = await signHuaweiRequest(plain)
    expect(Object.keys(headers).sort()).toEqual(['authorization', 'x-sdk-date'])
    expect(headers['x-sdk-date']).toBe('20260102T030405Z')
  })

  it('are joined by x-security-token with temporary keys, which is signed', async () => {
    const signed = await signHuaweiRequest({ ...plain, credentials: { ...credentials, securityToken: ' token\n' } })
    expect(signed.headers['x-security-token']).toBe('token')
    expect(signed.canonicalRequest).toContain('\nx-security-token:token\n')
    expect(signed.headers['authorization']).toContain('SignedHeaders=host;x-sdk-date;x-security-token,')
  })

  it.each([undefined, ''])('have no token where the credentials have %j', async (securityToken) => {
    const { headers } = await signHuaweiRequest({ ...plain, credentials: { ...credentials, securityToken } })
    expect(headers).not.toHaveProperty('x-security-token')
  })

  it('use the current time without a date', async () => {
    const before = Math.floor(Date.now() / 1000)
    const { headers } = await signHuaweiRequest({ method: 'GET', url: plain.url, credentials })
    const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-sdk-date'] ?? '') ?? []
    const [year = 0, month = 0, ...rest] = parts.map(Number)
    const signedAt = Date.UTC(year, month - 1, ...rest) / 1000
    expect(signedAt).toBeGreaterThanOrEqual(before)
    expect(signedAt).toBeLessThanOrEqual(Date.now() / 1000)
  })
})

describe('which headers are signed', () => {
  it('replaces a date, a token and an authorization that are there already', async () => {
    const again = await signHuaweiRequest({
      ...plain,
      headers: { 'X-Sdk-Date': '19700101T000000Z', 'X-Security-Token': 'old', Authorization: 'old' },
      credentials: { ...credentials, securityToken: 'new' },
    })
    expect(again).toEqual(await signHuaweiRequest({ ...plain, credentials: { ...credentials, securityToken: 'new' } }))
  })

  it('signs the host with a port that is not the default', async () => {
    expect(await lines({ url: 'http://127.0.0.1:4010/' })).toContain('host:127.0.0.1:4010')
    expect(await lines({ url: 'https://vod.example.com:443/' })).toContain('host:vod.example.com')
  })

  it('signs a host header that overrides the URL', async () => {
    expect(await lines({ url: 'http://127.0.0.1:4010/', headers: { Host: 'vod.example.com' } })).toContain(
      'host:vod.example.com',
    )
  })

  it('omits names with an underscore', async () => {
    const signed = await signHuaweiRequest({ ...plain, headers: { TEST_UNDERSCORE: 'value' } })
    expect(signed).toEqual(await signHuaweiRequest(plain))
  })

  it('trims values and keeps white space within them', async () => {
    expect(await lines({ headers: { 'x-flag': ' \t two  words\t\r\n' } })).toContain('x-flag:two  words')
  })

  it('accepts Headers as well as an object', async () => {
    const headers = { 'Content-Type': 'application/json', 'X-Project-Id': ' p ' }
    expect(await signHuaweiRequest({ ...plain, headers: new Headers(headers) })).toEqual(
      await signHuaweiRequest({ ...plain, headers }),
    )
  })

  it('can be narrowed, in any order, with names given twice', async () => {
    const signed = await signHuaweiRequest({
      ...plain,
      headers: { 'x-a': '1', 'x-b': '2' },
      signedHeaders: ['x-sdk-date', 'x-a', 'host', 'x-a'],
    })
    expect(signed.headers['authorization']).toContain('SignedHeaders=host;x-a;x-sdk-date,')
    expect(signed.canonicalRequest).not.toContain('x-b')
  })

  it.each(['x-absent', 'test_underscore', 'authorization'])('cannot be %s', async (name) => {
    await expect(
      signHuaweiRequest({
        ...plain,
        headers: { test_underscore: '1', authorization: '2' },
        signedHeaders: ['x-sdk-date', name],
      }),
    ).rejects.toThrow(new TypeError(`signedHeaders names ${name}, which is not a header that can be signed`))
  })

  it('must include x-sdk-date', async () => {
    await expect(signHuaweiRequest({ ...plain, signedHeaders: ['host'] })).rejects.toThrow(TypeError)
  })
})

describe('the path', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['/a', '/a/'],
    ['/a/', '/a/'],
    ['/a//b', '/a//b/'],
    ["/a b/!'()*", '/a%20b/%21%27%28%29%2A/'],
    ['/%E4%B8%80', '/%E4%B8%80/'],
    ['/%e4%b8%80', '/%E4%B8%80/'],
    ['/一', '/%E4%B8%80/'],
    ['/a%2Fb', '/a%2Fb/'],
    ['/a%2525', '/a%2525/'],
    ['/a+b~_-.', '/a%2Bb~_-./'],
  ])('%j is signed as %j', async (path, canonical) => {
    expect((await lines({ url: `https://vod.example.com${path}` }))[1]).toBe(canonical)
  })
})

describe('the query', () => {
  it.each([
    ['', ''],
    ['?', ''],
    ['?acl', 'acl='],
    ['?b=2&a=1&&', 'a=1&b=2'],
    ['?a=2&a=1&a', 'a=&a=1&a=2'],
    ['?a=b=c', 'a=b%3Dc'],
    ['?=v', '=v'],
    ['?a=1+1', 'a=1%2B1'],
    ['?a=1%201', 'a=1%201'],
    // Upper case sorts before lower case, and code points count, not UTF-16 units.
    ['?a=1&F=1', 'F=1&a=1'],
    ['?a=%F0%9F%98%80&a=%EF%BC%81', 'a=%EF%BC%81&a=%F0%9F%98%80'],
    // Sorted before encoding: "a{" comes after "aa".
    ['?a%7B=1&aa=2', 'aa=2&a%7B=1'],
    ['?ab=1&a=2', 'a=2&ab=1'],
  ])('%j is signed as %j', async (query, canonical) => {
    expect((await lines({ url: `https://vod.example.com/${query}` }))[2]).toBe(canonical)
  })
})

describe('the body', () => {
  it('is replaced by what x-sdk-content-sha256 holds', async () => {
    const canonical = await lines({ headers: { 'X-Sdk-Content-Sha256': 'UNSIGNED-PAYLOAD' }, body: 'anything' })
    expect(canonical.at(-1)).toBe('UNSIGNED-PAYLOAD')
    expect(canonical).toContain('x-sdk-content-sha256:UNSIGNED-PAYLOAD')
  })
})

describe('purity', () => {
  it('gives the same twice, changes no input and never shows the secret', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const input = inputOf(request)
        const before = structuredClone(input)
        const first = await signHuaweiRequest(deepFreeze(input))
        expect(await signHuaweiRequest(input)).toEqual(first)
        expect(input).toEqual(before)
        expect(JSON.stringify(first)).not.toContain(credentials.secretAccessKey)
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
        expect(await signHuaweiRequest(reversed)).toEqual(await signHuaweiRequest(input))
      }),
    )
  })

  it('accepts a URL object', async () => {
    const url = 'https://vod.example.com/a%20b?c=d'
    expect(await signHuaweiRequest({ ...plain, url: new URL(url) })).toEqual(await signHuaweiRequest({ ...plain, url }))
  })
})

describe('input that cannot be signed', () => {
  const secret = 'Secret-9f'
  const halfOfAPair = '\ud800'
  const cases: Record<string, [Partial<HuaweiSigningInput>, RegExp]> = {
    'a malformed escape in the path': [{ url: `https://vod.example.com/${secret}%zz` }, /path of the URL/],
    'an escape that is no UTF-8 in the path': [{ url: `https://vod.example.com/${secret}%FF` }, /path of the URL/],
    'a malformed escape in a query value': [{ url: `https://vod.example.com/?a=${secret}%` }, /query of the URL/],
    'a malformed escape in a query name': [{ url: `https://vod.example.com/?${secret}%=a` }, /query of the URL/],
    'a relative URL': [{ url: `/path?${secret}` }, /^url must be/],
    'another scheme': [{ url: `ftp://vod.example.com/${secret}` }, /^url must be/],
    'half a surrogate pair in a header': [{ headers: { 'x-a': secret + halfOfAPair } }, /^header x-a has/],
    'a line break in a header': [{ headers: { 'x-a': `${secret}\nx-b: c` } }, /^header x-a has/],
    'a header name with a line break': [
      { headers: { [`x-a\n${secret}`]: '1' } },
      /^headers has an invalid header name/,
    ],
    'a header given twice': [{ headers: { 'x-a': secret, 'X-A': secret } }, /^header x-a occurs twice/],
    'an invalid date': [{ date: new Date(NaN) }, /^date must be/],
    'a date beyond four-digit years': [{ date: new Date('+010000-01-01T00:00:00Z') }, /^date must be/],
    'an access key with a line break': [
      { credentials: { ...credentials, accessKeyId: `${secret}\n` } },
      /^credentials\.accessKeyId must/,
    ],
    'an empty secret': [{ credentials: { ...credentials, secretAccessKey: '' } }, /^credentials\.secretAccessKey must/],
    'a secret with a line break': [
      { credentials: { ...credentials, secretAccessKey: `${secret}\n` } },
      /^credentials\.secretAccessKey must/,
    ],
    'a token with a line break inside': [
      { credentials: { ...credentials, securityToken: `${secret}\n${secret}` } },
      /^header x-security-token has/,
    ],
  }

  it.each(Object.entries(cases))('is %s', async (_, [change, message]) => {
    const failure: unknown = await signHuaweiRequest({ ...plain, ...change }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(TypeError)
    expect(failure).toHaveProperty('message', expect.stringMatching(message))
    expect(JSON.stringify(failure, ['message', 'stack', 'cause', 'input'])).not.toContain(secret)
    expect(String(failure)).not.toContain(secret)
  })

  it('is a missing key', async () => {
    const withoutKey = Object.assign({ ...credentials }, { accessKeyId: undefined })
    await expect(signHuaweiRequest({ ...plain, credentials: withoutKey })).rejects.toThrow(
      /^credentials\.accessKeyId must/,
    )
  })
})

async function lines(change: Partial<HuaweiSigningInput>): Promise<string[]> {
  return (await signHuaweiRequest({ ...plain, ...change })).canonicalRequest.split('\n')
}

function publishedVector(name: string): HuaweiSigningInput {
  const vector = publishedVectors.find((candidate) => candidate.name.startsWith(name))
  if (vector === undefined) throw new Error(`no vector ${name}`)
  return vector.input
}

function inputOf(request: GeneratedRequest): HuaweiSigningInput {
  const { method, url, token, date, body } = request
  return { method, url, headers: headersOf(request), body, credentials: { ...credentials, securityToken: token }, date }
}

function deepFreeze(input: HuaweiSigningInput): HuaweiSigningInput {
  Object.values(input).forEach(Object.freeze)
  return Object.freeze(input)
}

/** The rules of facts "Huawei Cloud VOD" A1, from the decoded pieces and without any code of the signer. */
function independentlySigned(request: GeneratedRequest): { canonicalRequest: string; headers: Record<string, string> } {
  const time = request.date
  const two = (value: number): string => `${value < 10 ? '0' : ''}${String(value)}`
  const day = `${String(time.getUTCFullYear())}${two(time.getUTCMonth() + 1)}${two(time.getUTCDate())}`
  const sdkDate = `${day}T${two(time.getUTCHours())}${two(time.getUTCMinutes())}${two(time.getUTCSeconds())}Z`

  const added: Record<string, string> = { 'x-sdk-date': sdkDate }
  if (request.token !== undefined) added['x-security-token'] = request.token
  const headerLines = [
    `host:${request.host}`,
    ...Object.entries(added).map((pair) => pair.join(':')),
    ...request.headers
      .filter(({ name }) => !name.includes('_'))
      .map(({ name, value }) => `${name.toLowerCase()}:${value}`),
  ]
  const nameOf = (line: string): string => line.slice(0, line.indexOf(':'))
  headerLines.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))

  let canonical = `${request.method.toUpperCase()}\n`
  for (const segment of request.segments) canonical += `/${percentEncode(segment)}`
  canonical += request.segments.at(-1) === '' ? '\n' : '/\n'
  canonical += [...request.query].sort(byBytes).reduce((text, [name, value]) => {
    return `${text}${text === '' ? '' : '&'}${percentEncode(name)}=${percentEncode(value)}`
  }, '')
  canonical += `\n${headerLines.join('\n')}\n\n${headerLines.map(nameOf).join(';')}\n`
  canonical += createHash('sha256').update(request.body, 'utf8').digest('hex')

  const hash = createHash('sha256').update(canonical).digest('hex')
  const mac = createHmac('sha256', credentials.secretAccessKey).update(`SDK-HMAC-SHA256\n${sdkDate}\n${hash}`)
  added['authorization'] =
    `SDK-HMAC-SHA256 Access=FAKEACCESSKEY, SignedHeaders=${headerLines.map(nameOf).join(';')}, Signature=${mac.digest('hex')}`
  return { canonicalRequest: canonical, headers: added }
}
