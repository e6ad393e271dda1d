import { describe, expect, it } from 'vitest'
import { errorElement } from '../../../generated/tencent-ci/xml.js'
import { signTencentRequest } from '../../../src/tencent-ci/sign.js'
import type { TencentCredentials } from '../../../src/tencent-ci/index.js'
import { createEmulator, type EmulatorOptions } from '../../../src/testing/index.js'
import { emulatorSettings } from '../../../src/testing/options.js'
import { authenticateTencent } from '../../../src/testing/tencent-ci/authentication.js'
import { decodeXml } from '../../../src/xml/decode.js'
import { withBody, withHeader, withoutHeader, withUrl, type Change, type Sent } from '../../support/changed-requests.js'
import { NEW_YEAR } from '../../support/clients.js'
import { describeRandomRequests, describeRules, type Exchange, type Rejected } from '../authentication-contract.js'
import { tencentRandomRequests } from './random-requests.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const JOBS = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'
const OUTPUT = '<Output><Region>ap-beijing</Region><Bucket>abc-1250000000</Bucket><Object>out.mp3</Object></Output>'
const BODY = `<Request><Tag>NoiseReduction</Tag><Input><Object>in.mp3</Object></Input><Operation>${OUTPUT}</Operation></Request>`
const HEADERS = { 'content-type': 'application/xml' }
const KEY = { secretId: 'TESTID', secretKey: 'TESTKEY' }
const TEMPORARY_KEY = { ...KEY, sessionToken: 'STSTOKEN' }
const knowsTemporaryKey: EmulatorOptions = { tencent: { credentials: TEMPORARY_KEY } }

interface Signing {
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credentials?: TencentCredentials
  readonly date?: Date
  readonly expiresInSeconds?: number
  readonly signedHeaders?: readonly string[]
}

const nothingSigned = { signedHeaders: [] }
const twoParameters = { url: `${JOBS}?b=2&a=1` }
const oneMinute = { expiresInSeconds: 60 }
const temporary: Exchange<Signing> = { signing: { credentials: TEMPORARY_KEY }, emulator: knowsTemporaryKey }

const rejected: readonly Rejected<Signing, string>[] = [
  [
    'a header that is listed may not change',
    'another content type',
    'InvalidAuthorization',
    { change: withHeader('content-type', 'text/xml') },
  ],
  [
    'a header that is listed may not change',
    'another case',
    'InvalidAuthorization',
    { change: withHeader('x-more', 'A') },
    { signing: { headers: { ...HEADERS, 'x-more': 'a' } } },
  ],
  [
    'a header that is listed must be there',
    'no such header',
    'InvalidAuthorization',
    { change: withoutHeader('x-more') },
    { signing: { headers: { ...HEADERS, 'x-more': '' } } },
  ],
  [
    'the host is covered where it is listed',
    'another host',
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace(/\/\/[^/]+/, '//localhost:4010')) },
  ],
  [
    'a parameter that is listed may not change',
    'another value',
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('a=1', 'a=2')) },
    { signing: twoParameters },
  ],
  [
    'a parameter that is listed may not change',
    'a second value',
    'InvalidAuthorization',
    { change: withUrl((url) => `${url}&A=3`) },
    { signing: twoParameters },
  ],
  [
    'a parameter that is listed must be there',
    'no such parameter',
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('&empty', '')) },
    { signing: { url: `${JOBS}?a=1&empty` } },
  ],
  [
    'a plus sign in a parameter is itself',
    'a space instead',
    'InvalidAuthorization',
    { change: withUrl((url) => url.replace('%2B', '%20')) },
    { signing: { url: `${JOBS}?a=1%2B1` } },
  ],
  [
    'a parameter can be read',
    'an escape that is no UTF-8',
    'InvalidAuthorization',
    { change: withUrl((url) => `${url}?b=%FF`) },
  ],
  [
    'the lists are covered',
    'a header less',
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replace('content-type;host', 'host')) },
  ],
  [
    'the lists are covered',
    'a parameter less',
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replace('url-param-list=a;b', 'url-param-list=a')) },
    { signing: twoParameters },
  ],
  [
    'a signature may begin 15 minutes from now',
    'a second more',
    'SignatureExpired',
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE - SECOND } },
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE } },
  ],
  [
    'a signature ends when it says so',
    'a second after the end',
    'SignatureExpired',
    { emulator: { now: () => NEW_YEAR + 61 * SECOND } },
    { signing: oneMinute, emulator: { now: () => NEW_YEAR + 60 * SECOND } },
  ],
  [
    'a signature is measured by the clock of the emulator',
    'made by another clock',
    'SignatureExpired',
    { signing: { date: new Date(NEW_YEAR - 60 * MINUTE) } },
    { signing: { date: new Date(NEW_YEAR - 15 * MINUTE) } },
  ],
  [
    'the times of validity are covered',
    'a later end',
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replaceAll(';1767226500', ';1767226501')) },
  ],
  [
    'the times of validity are covered',
    'an earlier start',
    'InvalidAuthorization',
    { change: withAuthorization((text) => text.replaceAll('=1767225600;', '=1767225599;')) },
  ],
  [
    'both times of validity are the same',
    'another q-sign-time',
    'InvalidAuthorization',
    { change: withField('q-sign-time', '1767225600;1767226501') },
  ],
  ['the algorithm is sha1', 'sha256', 'InvalidAuthorization', { change: withField('q-sign-algorithm', 'sha256') }],
  ['a request must be signed', 'not signed', 'MissingAuthorization', { change: withoutHeader('authorization') }],
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
  ).map(([broken, change]): Rejected<Signing, string> => [
    'the authorization must have the form of the guide',
    broken,
    'InvalidAuthorization',
    { change: withAuthorization(change) },
    { signing: nothingSigned },
  ]),
  [
    'the secret makes the signature',
    'another secret',
    'InvalidAuthorization',
    { signing: { credentials: { ...KEY, secretKey: 'SKEXAMPLE' } } },
  ],
  [
    'the key must be known',
    'another key',
    'SecretidNotExist',
    { signing: { credentials: { ...KEY, secretId: 'AKEXAMPLE' } } },
  ],
  [
    'the key must be named',
    'no key',
    'SecretidNotExist',
    { change: withAuthorization((text) => text.replace('q-ak=TESTID&', '')) },
  ],
  [
    'temporary keys come with their token',
    'another token',
    'AccessDenied',
    { signing: { credentials: { ...KEY, sessionToken: 'TOKENEXAMPLE' } } },
    temporary,
  ],
  [
    'temporary keys come with their token',
    'another token under the other name',
    'AccessDenied',
    { signing: { headers: { ...HEADERS, 'x-cos-security-token': 'TOKENEXAMPLE' } } },
    { signing: { headers: { ...HEADERS, 'x-cos-security-token': 'STSTOKEN' } }, emulator: knowsTemporaryKey },
  ],
  [
    'temporary keys come with their token under either name',
    'another token under one of both',
    'AccessDenied',
    { change: withHeader('x-cos-security-token', 'TOKENEXAMPLE') },
    temporary,
  ],
  [
    'temporary keys come with their token',
    'no token',
    'SecretidNotExist',
    { signing: { credentials: KEY } },
    temporary,
  ],
  [
    'a token that is listed is covered',
    'the token under the other name',
    'InvalidAuthorization',
    { change: (sent) => withHeader('x-cos-security-token', 'STSTOKEN')(withoutHeader('x-ci-security-token')(sent)) },
    temporary,
  ],
  ...['x-ci-security-token', 'x-cos-security-token'].map((name): Rejected<Signing, string> => [
    'permanent keys come without a token',
    `a token in ${name}`,
    'AccessDenied',
    { signing: { headers: { ...HEADERS, [name]: 'STSTOKEN' } } },
  ]),
]

const accepted: readonly (readonly [rule: string, exchange: Exchange<Signing>])[] = [
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

describeRules('Tencent CI', {
  rejected,
  accepted,
  sign,
  expectRefusal: async (response, code) => {
    expect(response.status).toBe(401)
    const someText: unknown = expect.stringMatching(/./)
    expect(decodeXml(await response.text(), [errorElement]).value).toEqual({
      Code: code,
      Message: someText,
      RequestId: response.headers.get('x-ci-request-id'),
      TraceId: response.headers.get('x-ci-trace-id'),
    })
    expect(response.headers.get('content-type')).toBe('application/xml')
  },
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
    const { headers, body } = await sign({ url: new URL(path, JOBS).href })
    const received = { method: 'POST', headers, body: new TextEncoder().encode(body) }
    expect(await authenticateTencent({ ...received, url: new URL(path, JOBS) }, settings)).toBeUndefined()
    expect(await authenticateTencent({ ...received, url: new URL(other, JOBS) }, settings)).toBe(code)
  })
})

describeRandomRequests('Tencent CI', tencentRandomRequests, 300)

async function sign(signing?: Signing): Promise<Sent> {
  const input = { url: JOBS, headers: HEADERS, credentials: KEY, date: new Date(NEW_YEAR), ...signing }
  const { headers } = await signTencentRequest({ ...input, method: 'POST' })
  return { url: input.url, headers: { ...input.headers, ...headers }, body: BODY }
}

function withAuthorization(change: (text: string) => string): Change {
  return (sent) => withHeader('authorization', change(sent.headers['authorization'] ?? ''))(sent)
}

function withField(name: string, value: string): Change {
  return withAuthorization((text) => text.replace(new RegExp(`(?<=${name}=)[^&]*`), value))
}
