import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorElement } from '../../../generated/tencent-ci/xml.js'
import { signTencentRequest } from '../../../src/tencent-ci/sign.js'
import type { TencentCredentials } from '../../../src/tencent-ci/index.js'
import type { ArrivedRequest } from '../../../src/testing/exchange.js'
import { createEmulator, type EmulatorOptions } from '../../../src/testing/index.js'
import { emulatorSettings } from '../../../src/testing/options.js'
import { authenticateTencent } from '../../../src/testing/tencent-ci/authentication.js'
import { decodeXml } from '../../../src/xml/decode.js'
import {
  withHeader,
  withoutHeader,
  withUrl,
  withBody,
  withOne,
  picked,
  edited,
  lowerCased,
  without,
  withoutNames,
  isAtLeastHundred,
  type Change,
  type Draw,
  type Sent,
} from '../../support/changed-requests.js'
import { NEW_YEAR } from '../../support/clients.js'
import { anyRequest, headersOf, percentEncode } from '../../vectors/signing-requests.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const JOBS = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'
const OUTPUT = '<Output><Region>ap-beijing</Region><Bucket>abc-1250000000</Bucket><Object>out.mp3</Object></Output>'
const BODY = `<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation>${OUTPUT}</Operation></Request>`
const HEADERS = { 'content-type': 'application/xml' }
const KEY = { secretId: 'TESTID', secretKey: 'TESTKEY' }
const TEMPORARY_KEY = { ...KEY, sessionToken: 'STSTOKEN' }
const knowsTemporaryKey: EmulatorOptions = { tencent: { credentials: TEMPORARY_KEY } }

/** How a request is signed, what happens to it after that, and which emulator receives it. */
interface Exchange {
  readonly signing?: {
    readonly url?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly credentials?: TencentCredentials
    readonly date?: Date
    readonly expiresInSeconds?: number
    readonly signedHeaders?: readonly string[]
  }
  readonly change?: Change
  readonly emulator?: EmulatorOptions
}

/** The rule, the one thing broken, the answer, how it is broken, and the twin without that, if it is no plain request. */
type Refused = readonly [
  rule: string,
  broken: string,
  status: number,
  code: string,
  exchange: Exchange,
  twin?: Exchange,
]

const nothingSigned = { signedHeaders: [] }
const twoParameters = { url: `${JOBS}?b=2&a=1` }
const oneMinute = { expiresInSeconds: 60 }
const temporary: Exchange = { signing: { credentials: TEMPORARY_KEY }, emulator: knowsTemporaryKey }

const refused: readonly Refused[] = [
  [
    'a header that is listed may not change',
    'another content type',
    401,
    'InvalidAuthorization',
    { change: withHeader('content-type', 'text/xml') },
  ],
  [
    'a header that is listed may not change',
    'another case',
    401,
    'InvalidAuthorization',
    { change: withHeader('x-more', 'A') },
    { signing: { headers: { ...HEADERS, 'x-more': 'a' } } },
  ],
  [
    'a header that is listed must be there',
    'no such header',
    401,
    'InvalidAuthorization',
    { change: withoutHeader('x-more') },
    { signing: { headers: { ...HEADERS, 'x-more': '' } } },
  ],
  [
    'the host is covered where it is listed',
    'another host',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace(/\/\/[^/]+/, '//localhost:4010')) },
  ],
  [
    'a parameter that is listed may not change',
    'another value',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('a=1', 'a=2')) },
    { signing: twoParameters },
  ],
  [
    'a parameter that is listed may not change',
    'a second value',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => `${url}&A=3`) },
    { signing: twoParameters },
  ],
  [
    'a parameter that is listed must be there',
    'no such parameter',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('&empty', '')) },
    { signing: { url: `${JOBS}?a=1&empty` } },
  ],
  [
    'a plus sign in a parameter is itself',
    'a space instead',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('%2B', '%20')) },
    { signing: { url: `${JOBS}?a=1%2B1` } },
  ],
  [
    'a parameter can be read',
    'an escape that is no UTF-8',
    401,
    'InvalidAuthorization',
    { change: withUrl((url) => `${url}?b=%FF`) },
  ],
  [
    'the lists are covered',
    'a header less',
    401,
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replace('content-type;host', 'host')) },
  ],
  [
    'the lists are covered',
    'a parameter less',
    401,
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replace('url-param-list=a;b', 'url-param-list=a')) },
    { signing: twoParameters },
  ],
  [
    'a signature may begin 15 minutes from now',
    'a second more',
    401,
    'SignatureExpired',
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE - SECOND } },
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE } },
  ],
  [
    'a signature ends when it says so',
    'a second after the end',
    401,
    'SignatureExpired',
    { emulator: { now: () => NEW_YEAR + 61 * SECOND } },
    { signing: oneMinute, emulator: { now: () => NEW_YEAR + 60 * SECOND } },
  ],
  [
    'a signature is measured by the clock of the emulator',
    'made by another clock',
    401,
    'SignatureExpired',
    { signing: { date: new Date(NEW_YEAR - 60 * MINUTE) } },
    { signing: { date: new Date(NEW_YEAR - 15 * MINUTE) } },
  ],
  [
    'the times of validity are covered',
    'a later end',
    401,
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replaceAll(';1767226500', ';1767226501')) },
  ],
  [
    'the times of validity are covered',
    'an earlier start',
    401,
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replaceAll('=1767225600;', '=1767225599;')) },
  ],
  [
    'both times of validity are the same',
    'another q-sign-time',
    401,
    'InvalidAuthorization',
    { change: withField('q-sign-time', '1767225600;1767226501') },
  ],
  ['the algorithm is sha1', 'sha256', 401, 'InvalidAuthorization', { change: withField('q-sign-algorithm', 'sha256') }],
  ['a request must be signed', 'not signed', 401, 'MissingAuthorization', { change: withoutHeader('authorization') }],
  ...(
    [
      ['another scheme', () => 'Bearer TOKENEXAMPLE'],
      ['nothing', () => ''],
      ['no algorithm', (text) => text.replace('q-sign-algorithm=sha1&', '')],
      ['no q-sign-time', (text) => text.replace(/q-sign-time=[^&]*&/, '')],
      ['no q-key-time', (text) => text.replace(/q-key-time=[^&]*&/, '')],
      ['no time at all', (text) => text.replace(/q-(sign|key)-time=[^&]*&/g, '')],
      ['times that are no numbers', (text) => text.replaceAll('1767225600;1767226500', 'now;then')],
      ['a single time', (text) => text.replaceAll('1767225600;1767226500', '1767225600')],
      ['an end before the start', (text) => text.replaceAll('1767225600;1767226500', '1767225601;1767225600')],
      ['no list of headers', (text) => text.replace('&q-header-list=', '')],
      ['no list of parameters', (text) => text.replace('&q-url-param-list=', '')],
      ['no signature', (text) => text.replace(/&q-signature=.*/, '')],
      ['a digit too many', (text) => `${text}0`],
      ['a signature in upper case', (text) => text.replace(/[0-9a-f]{40}$/, (digits) => digits.toUpperCase())],
    ] as const satisfies [string, (text: string) => string][]
  ).map(([broken, change]): Refused => [
    'the authorization must have the form of the guide',
    broken,
    401,
    'InvalidAuthorization',
    { change: withAuthorization(change) },
    { signing: nothingSigned },
  ]),
  [
    'the secret makes the signature',
    'another secret',
    401,
    'InvalidAuthorization',
    { signing: { credentials: { ...KEY, secretKey: 'SKEXAMPLE' } } },
  ],
  [
    'the key must be known',
    'another key',
    401,
    'SecretidNotExist',
    { signing: { credentials: { ...KEY, secretId: 'AKEXAMPLE' } } },
  ],
  [
    'the key must be named',
    'no key',
    401,
    'SecretidNotExist',
    { change: withAuthorization((text) => text.replace('q-ak=TESTID&', '')) },
  ],
  [
    'temporary keys come with their token',
    'another token',
    401,
    'AccessDenied',
    { signing: { credentials: { ...KEY, sessionToken: 'TOKENEXAMPLE' } } },
    temporary,
  ],
  [
    'temporary keys come with their token',
    'another token under the other name',
    401,
    'AccessDenied',
    { signing: { headers: { ...HEADERS, 'x-cos-security-token': 'TOKENEXAMPLE' } } },
    { signing: { headers: { ...HEADERS, 'x-cos-security-token': 'STSTOKEN' } }, emulator: knowsTemporaryKey },
  ],
  [
    'temporary keys come with their token under either name',
    'another token under one of both',
    401,
    'AccessDenied',
    { change: withHeader('x-cos-security-token', 'TOKENEXAMPLE') },
    temporary,
  ],
  [
    'temporary keys come with their token',
    'no token',
    401,
    'SecretidNotExist',
    { signing: { credentials: KEY } },
    temporary,
  ],
  [
    'a token that is listed is covered',
    'the token under the other name',
    401,
    'InvalidAuthorization',
    { change: (sent) => withHeader('x-cos-security-token', 'STSTOKEN')(withoutHeader('x-ci-security-token')(sent)) },
    temporary,
  ],
  ...['x-ci-security-token', 'x-cos-security-token'].map((name): Refused => [
    'permanent keys come without a token',
    `a token in ${name}`,
    401,
    'AccessDenied',
    { signing: { headers: { ...HEADERS, [name]: 'STSTOKEN' } } },
  ]),
]

const accepted: readonly (readonly [rule: string, exchange: Exchange])[] = [
  ['a signature over all headers', {}],
  ['a signature over no header and no parameter', { signing: nothingSigned }],
  ['another value of a header that is not listed', { signing: nothingSigned, change: withHeader('x-more', '2') }],
  ['a header that is added after signing', { change: withHeader('x-more', '1') }],
  [
    'another host that is not listed',
    { signing: nothingSigned, change: withUrl((url) => url.replace(/\/\/[^/]+/, '//localhost:4010')) },
  ],
  ['a parameter that is added after signing', { change: withUrl((url) => `${url}?c=3`) }],
  [
    'a parameter that is added to others after signing',
    { signing: twoParameters, change: withUrl((url) => `${url}&c=3&c=4`) },
  ],
  [
    'parameters in another order',
    { signing: twoParameters, change: withUrl((url) => url.replace('b=2&a=1', 'a=1&b=2')) },
  ],
  [
    'the name of a parameter in another case',
    { signing: twoParameters, change: withUrl((url) => url.replace('a=1', 'A=1')) },
  ],
  [
    'parameters in an equal encoding',
    {
      signing: { url: `${JOBS}?name=a%2Fb%2b%E4%B8%80~&empty&%E4%B8%80=` },
      change: withUrl((url) => url.replace(/\?.*/, '?n%61me=a/b+%e4%b8%80%7E&empty=&%e4%b8%80')),
    },
  ],
  ['a header whose name is encoded in the list', { signing: { headers: { ...HEADERS, 'x-more!': '1' } } }],
  ['white space around a header value', { change: withHeader('content-type', ' \tapplication/xml ') }],
  ['white space that was around a header value at signing', { signing: { headers: { ...HEADERS, 'x-more': ' 1\t' } } }],
  ['another body', { change: withBody(BODY.replace('in.mp3', 'other.mp3')) }],
  ['the token of temporary keys, listed', temporary],
  [
    'the token of temporary keys, not listed',
    { signing: { credentials: TEMPORARY_KEY, ...nothingSigned }, emulator: knowsTemporaryKey },
  ],
  [
    'the token of temporary keys under the other name, listed',
    { signing: { headers: { ...HEADERS, 'x-cos-security-token': 'STSTOKEN' } }, emulator: knowsTemporaryKey },
  ],
  [
    'the token of temporary keys under the other name, not listed',
    {
      signing: { headers: { ...HEADERS, 'x-cos-security-token': 'STSTOKEN' }, ...nothingSigned },
      emulator: knowsTemporaryKey,
    },
  ],
  [
    'the token of temporary keys under both names',
    { ...temporary, change: withHeader('x-cos-security-token', 'STSTOKEN') },
  ],
]

describe('each rule is enforced', () => {
  it.each(
    refused.map(
      ([rule, broken, status, code, exchange, twin = {}]) => [rule, broken, status, code, exchange, twin] as const,
    ),
  )('%s: %s is refused', async (_rule, _broken, status, code, exchange, twin) => {
    expect(await statusOf(twin)).toBe(200)
    const both = { ...twin, ...exchange }
    const response = await receive(both)
    expect(response.status).toBe(status)
    const someText: unknown = expect.stringMatching(/./)
    expect(decodeXml(await response.text(), [errorElement]).value).toEqual({
      Code: code,
      Message: someText,
      RequestId: response.headers.get('x-ci-request-id'),
      TraceId: response.headers.get('x-ci-trace-id'),
    })
    expect(response.headers.get('content-type')).toBe('application/xml')
    expect(response.headers.get('date')).toBe(new Date(both.emulator?.now?.() ?? NEW_YEAR).toUTCString())
  })

  it.each(accepted)('%s is accepted', async (_rule, { change, ...exchange }) => {
    expect(await statusOf(exchange)).toBe(200)
    expect(await statusOf({ ...exchange, ...(change && { change }) })).toBe(200)
  })
})

describe('an error', () => {
  it('has an id of its own, and the time of the emulator', async () => {
    const emulator = createEmulator({ now: () => Date.UTC(2026, 1, 3, 4, 5, 6, 789) })
    const ids = new Set<string | null>()
    for (let count = 0; count < 2; count++) {
      const response = await emulator.fetch(JOBS, { method: 'POST', body: BODY })
      expect(response.headers.get('date')).toBe('Tue, 03 Feb 2026 04:05:06 GMT')
      ids.add(response.headers.get('x-ci-request-id'))
    }
    expect(ids.size).toBe(2)
    expect(ids).not.toContain(null)
  })
})

describe('the path', () => {
  it.each([
    ['/a%20b/%E4%B8%80', '/a%20b/%e4%b8%80', undefined],
    ['/a%20b/%E4%B8%80', '/%61 b/一', undefined],
    ['/a%2Bb', '/a+b', undefined],
    ['/a', '/a/', 'InvalidAuthorization'],
    ['/a', '/A', 'InvalidAuthorization'],
    ['/a%20b', '/a+b', 'InvalidAuthorization'],
    ['/a%25', '/a%2525', 'InvalidAuthorization'],
    ['/a', '/%FF', 'InvalidAuthorization'],
  ])('%s signed, and %s received, gives %s', async (path, other, code) => {
    const settings = emulatorSettings({ now: () => NEW_YEAR })
    const { headers, body } = await signed({ url: new URL(path, JOBS).href })
    const received = { method: 'POST', headers, body: new TextEncoder().encode(body) }
    expect(await authenticateTencent({ ...received, url: new URL(path, JOBS) }, settings)).toBeUndefined()
    expect(await authenticateTencent({ ...received, url: new URL(other, JOBS) }, settings)).toBe(code)
  })
})

/** A request in its decoded pieces, with what its signature lists. */
interface Pieces {
  readonly method: string
  readonly host: string
  readonly segments: readonly string[]
  readonly query: readonly (readonly [name: string, value: string])[]
  readonly headers: Readonly<Record<string, string>>
  readonly signedHeaders: readonly string[]
  readonly signedParameters: ReadonlySet<string>
}

/** Each gives the request with one part of its canonical form changed, or nothing where there is no such part. */
const changes: Readonly<Record<string, (pieces: Pieces, draw: Draw) => Pieces | undefined>> = {
  method: (pieces, { pick }) => {
    const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => method !== pieces.method)
    return { ...pieces, method: picked(others, pick) ?? '' }
  },
  'a segment of the path': (pieces, { pick, edit }) => ({
    ...pieces,
    segments: withOne(pieces.segments, pick, (segment) => [edited(segment, edit)]),
  }),
  'one more segment': (pieces, { pick }) => ({
    ...pieces,
    segments: withOne(pieces.segments, pick, (segment) => ['x', segment]),
  }),
  'the value of a listed parameter': (pieces, { pick, edit }) =>
    withListed(pieces, pick, ([name, value]) => [[name, edited(value, edit)]]),
  'a listed parameter left out': (pieces, { pick }) => withListed(pieces, pick, () => []),
  'one more value of a listed parameter': (pieces, { pick, edit }) =>
    withListed(pieces, pick, ([name, value]) => [
      [name, value],
      [name, edit(value)],
    ]),
  'a listed header': (pieces, { pick, edit }) => {
    // Another token is refused for itself.
    const name = picked(withoutNames(pieces.signedHeaders, 'x-ci-security-token'), pick)
    if (name === undefined) return undefined
    const value = name === 'host' ? pieces.host : (pieces.headers[name] ?? '')
    return { ...pieces, headers: { ...pieces.headers, [name]: edited(value, edit) } }
  },
  'a listed header left out': (pieces, { pick }) => {
    const name = picked(withoutNames(pieces.signedHeaders, 'x-ci-security-token', 'host'), pick)
    return name === undefined ? undefined : { ...pieces, headers: without(pieces.headers, name) }
  },
}

const edits: readonly Draw['edit'][] = [
  (text) => `${text}x`,
  (text) => Array.from(text).slice(1).join(''),
  (text) => Array.from(text).slice(0, -1).join(''),
  (text) => Array.from(text).toReversed().join(''),
  (text) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()),
]

describe('any request that our signer signed', () => {
  it('is accepted, and refused after any one change of its canonical form', { timeout: 60_000 }, async () => {
    const made = new Map(Object.keys(changes).map((kind) => [kind, 0]))
    await fc.assert(
      fc.asyncProperty(
        anyRequest,
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
        fc.nat(),
        fc.record({ pick: fc.nat(), edit: fc.constantFrom(...edits) }),
        async (request, body, choices, kindNumber, draw) => {
          const { host, segments, query, token, date } = request
          const credentials = token === undefined ? KEY : { ...KEY, sessionToken: token }
          const settings = emulatorSettings({ now: () => date.getTime(), tencent: { credentials } })
          const authenticate = (arrived: ArrivedRequest) => authenticateTencent(arrived, settings)

          const given = lowerCased(headersOf(request))
          const names = Object.keys({ ...given, host, ...(token && { 'x-ci-security-token': token }) })
          const signedHeaders = names.filter((_name, index) => choices[index] === true)
          // A list of nothing and a list of one empty name are the same text.
          const parameters = query.map(([name]) => listedName(name))
          const signedParameters = new Set(
            parameters.filter((name, index) => name === '' || choices[7 + index] === true),
          )
          const method = request.method.toUpperCase()
          const pieces = { method, host, segments, query, headers: given, signedHeaders, signedParameters }

          const listed = query.filter(([name]) => signedParameters.has(listedName(name)))
          const { url } = arrivedFrom({ ...pieces, query: listed }, body)
          const signature = await signTencentRequest({ ...request, url, headers: given, credentials, signedHeaders })
          const headers = { ...given, ...signature.headers }
          const complete = { ...pieces, headers }
          expect(await authenticate({ method, url: new URL(request.url), headers, body })).toBeUndefined()
          expect(
            await authenticate(arrivedFrom(withOtherUnlisted(complete), Uint8Array.of(...body, 0))),
          ).toBeUndefined()

          const [kind, changed] = changedPieces(complete, kindNumber, draw)
          made.set(kind, (made.get(kind) ?? 0) + 1)
          expect(await authenticate(arrivedFrom(changed, body)), kind).toBe('InvalidAuthorization')
        },
      ),
      { numRuns: 2000, seed: 20_260_101 },
    )
    expect(Object.fromEntries(made)).toEqual(
      Object.fromEntries(Object.keys(changes).map((kind) => [kind, expect.toSatisfy(isAtLeastHundred)])),
    )
  })
})

async function signed(signing: Exchange['signing']): Promise<Sent> {
  const input = { url: JOBS, headers: HEADERS, credentials: KEY, date: new Date(NEW_YEAR), ...signing }
  const { headers } = await signTencentRequest({ ...input, method: 'POST' })
  return { url: input.url, headers: { ...input.headers, ...headers }, body: BODY }
}

async function receive({ signing, change = (sent) => sent, emulator }: Exchange): Promise<Response> {
  const { url, headers, body } = change(await signed(signing))
  return createEmulator({ now: () => NEW_YEAR, ...emulator }).fetch(new Request(url, { method: 'POST', headers, body }))
}

async function statusOf(exchange: Exchange): Promise<number> {
  return (await receive(exchange)).status
}

function withAuthorization(change: (text: string) => string): Change {
  return (sent) => withHeader('authorization', change(sent.headers['authorization'] ?? ''))(sent)
}

function withField(name: string, value: string): Change {
  return withAuthorization((text) => text.replace(new RegExp(`(?<=${name}=)[^&]*`), value))
}

/** The name as the list of the signature has it. */
function listedName(name: string): string {
  return percentEncode(name).toLowerCase()
}

/** The request spelled in another way than the one that was signed. */
function arrivedFrom({ method, host, segments, query, headers }: Pieces, body: Uint8Array): ArrivedRequest {
  const path = segments.map(percentEncode).join('/')
  const pairs = query.map((pair) => pair.map(percentEncode).join('='))
  return {
    method,
    url: new URL(`https://${host}/${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`),
    headers,
    body,
  }
}

/** The first of the changes that can be made, from the one with the number on. */
function changedPieces(pieces: Pieces, kindNumber: number, draw: Draw): [kind: string, changed: Pieces] {
  const kinds = Object.entries(changes)
  const first = kindNumber % kinds.length
  for (const [kind, change] of [...kinds.slice(first), ...kinds.slice(0, first)]) {
    const changed = change(pieces, draw)
    if (changed !== undefined) return [kind, changed]
  }
  throw new Error('there is no change to make')
}

function withOtherUnlisted(pieces: Pieces): Pieces {
  const kept = ['authorization', 'x-ci-security-token', ...pieces.signedHeaders]
  const headers = Object.entries(pieces.headers).map(
    ([name, value]) => [name, kept.includes(name) ? value : `${value}x`] as const,
  )
  const query = pieces.query.map(
    ([name, value]) => [name, pieces.signedParameters.has(listedName(name)) ? value : `${value}x`] as const,
  )
  return {
    ...pieces,
    headers: { ...Object.fromEntries(headers), 'x-added-header': '1' },
    query: [...query, ['added-parameter', '1']],
  }
}

/** The request with something done to one of the parameters that are listed. */
function withListed(
  pieces: Pieces,
  pick: number,
  change: (pair: Pieces['query'][number]) => Pieces['query'],
): Pieces | undefined {
  const listed = pieces.query.filter(([name]) => pieces.signedParameters.has(listedName(name)))
  const chosen = picked(listed, pick)
  return chosen && { ...pieces, query: withOne(pieces.query, pieces.query.indexOf(chosen), change) }
}
