import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isRecord } from '../../../src/type-guards.js'
import type { HuaweiAccessKey } from '../../../src/huawei-vod/index.js'
import { signHuaweiRequest } from '../../../src/huawei-vod/sign.js'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/testing/index.js'
import { withBody, withHeader, withoutHeader, withUrl, type Change, type Sent } from '../../support/changed-requests.js'
import { NEW_YEAR } from '../../support/clients.js'
import {
  describeRandomRequests,
  describeRules,
  receive,
  type Exchange,
  type Rejected,
} from '../authentication-contract.js'
import { huaweiRandomRequests } from './random-requests.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const PROJECT = '0123456789abcdef0123456789abcdef'
const OTHER_PROJECT = 'fedcba9876543210fedcba9876543210'
const HOST = 'vod.cn-north-4.myhuaweicloud.com'
const UNPUBLISH = `https://${HOST}/v1.0/${PROJECT}/asset/status/unpublish`
const BODY = '{"asset_id":["f488337c31c8e4622f1590735b134c65"]}'
const HEADERS = { 'content-type': 'application/json', 'x-project-id': PROJECT }
const UNSIGNED_BODY = withBodyHash('UNSIGNED-PAYLOAD')
const HASHED_BODY = withBodyHash(sha256(BODY))
const KEY = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' }
const TEMPORARY_KEY = { ...KEY, securityToken: 'STSTOKEN' }
const knowsTemporaryKey: EmulatorOptions = { huawei: { credentials: TEMPORARY_KEY } }

const PREFIX = 'Incorrect IAM authentication information: '
const DIFFERS = unauthorized('verify aksk signature fail, canonicalRequest:POST|')
const LACKS_HEADER = unauthorized('verify aksk signature fail, the request lacks a signed header')
const MALFORMED = unauthorized('authorization is malformed')
const EXPIRED = unauthorized('calc ak sk signature fail:signature expired')
const WRONG_SECURITY_TOKEN = unauthorized('verify security token fail')
const WRONG_TOKEN = unauthorized('decrypt token fail')
const NO_TOKEN = unauthorized('x-auth-token not found')
const UNKNOWN_KEY = unauthorized('Get secretKey failed,ak:******,err:ak not exist')
const LOCKED = unauthorized('AK access failed to reach the limit,forbidden.')
const FOREIGN_PROJECT: Refusal = {
  status: 403,
  code: 'VOD.10057',
  message: 'Tenant ID verification failed.',
}

/** An error by its status, its code and how its message begins. */
interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

interface Signing {
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credentials?: HuaweiAccessKey
  readonly date?: Date
  readonly signedHeaders?: readonly string[]
}

const onlyDateSigned = { signedHeaders: ['x-sdk-date'] }
const dateAndBodyHashSigned = { signedHeaders: ['x-sdk-content-sha256', 'x-sdk-date'] }
const twoParameters = { url: `${UNPUBLISH}?b=2&a=1` }

const rejected: readonly Rejected<Signing, Refusal>[] = [
  [
    'a header that is signed may not change',
    'another content type',
    DIFFERS,
    { change: withHeader('content-type', 'application/json;charset=utf-8') },
  ],
  [
    'a header that is signed may not change',
    'another project header',
    DIFFERS,
    { change: withHeader('x-project-id', OTHER_PROJECT) },
  ],
  [
    'a header that is signed may not change',
    'the date a second later',
    DIFFERS,
    { change: withHeader('x-sdk-date', '20260101T000001Z') },
    { signing: onlyDateSigned },
  ],
  [
    'the host is signed',
    'another host',
    DIFFERS,
    { change: withUrl((url) => url.replace('cn-north-4', 'cn-north-1')) },
  ],
  [
    'a header that is listed as signed must be there',
    'no project header',
    LACKS_HEADER,
    { change: withoutHeader('x-project-id') },
  ],
  [
    'the date must be among the signed headers',
    'only host signed',
    LACKS_HEADER,
    { change: signedByHand('host') },
    { change: signedByHand('host', 'x-sdk-date') },
  ],
  [
    'the path is signed',
    'another project in the path',
    DIFFERS,
    { change: withUrl((url) => url.replace(PROJECT, OTHER_PROJECT)) },
  ],
  [
    'the query is signed',
    'another value',
    DIFFERS,
    { change: withUrl((url) => url.replace('a=1', 'a=2')) },
    { signing: twoParameters },
  ],
  [
    'the query is signed',
    'one more parameter',
    DIFFERS,
    { change: withUrl((url) => `${url}&c=3`) },
    { signing: twoParameters },
  ],
  [
    'a plus sign in the query is itself',
    'a space instead',
    DIFFERS,
    { change: withUrl((url) => url.replace('%2B', '%20')) },
    { signing: { url: `${UNPUBLISH}?a=1%2B1` } },
  ],
  [
    'the query can be read',
    'an escape that is no UTF-8',
    unauthorized('verify aksk signature fail'),
    { change: withUrl((url) => `${url}?a=%FF`) },
  ],
  ['the body is signed', 'one more space', DIFFERS, { change: withBody(`${BODY} `) }, { signing: onlyDateSigned }],
  [
    'UNSIGNED-PAYLOAD is part of what is signed',
    'added after signing',
    DIFFERS,
    { change: withHeader('x-sdk-content-sha256', 'UNSIGNED-PAYLOAD') },
  ],
  [
    'UNSIGNED-PAYLOAD must be signed',
    'only the date signed',
    DIFFERS,
    { signing: { ...UNSIGNED_BODY, ...onlyDateSigned } },
    { signing: { ...UNSIGNED_BODY, ...dateAndBodyHashSigned } },
  ],
  ['UNSIGNED-PAYLOAD has upper case', 'lower case', DIFFERS, { signing: withBodyHash('unsigned-payload') }],
  [
    'the hash in a header is that of the body',
    'another body',
    DIFFERS,
    { change: withBody(`${BODY} `) },
    { signing: { ...HASHED_BODY, ...dateAndBodyHashSigned } },
  ],
  ['the hash in a header is that of the body', 'a signed text', DIFFERS, { signing: withBodyHash('any text') }],
  [
    'the hash in a header must be signed',
    'only the date signed',
    DIFFERS,
    { signing: { ...HASHED_BODY, ...onlyDateSigned } },
    { signing: HASHED_BODY },
  ],
  [
    'the hash in a header must be signed',
    'an empty text, and only the date signed',
    DIFFERS,
    { signing: { ...withBodyHash(''), ...onlyDateSigned } },
    { signing: HASHED_BODY },
  ],
  [
    'the secret makes the signature',
    'another secret',
    DIFFERS,
    { signing: { credentials: { ...KEY, secretAccessKey: 'TESTKEY' } } },
  ],
  [
    'the key must be known',
    'another key',
    UNKNOWN_KEY,
    { signing: { credentials: { ...KEY, accessKeyId: 'TESTID' } } },
  ],
  ['a request must be signed or carry a token', 'neither', NO_TOKEN, { change: withoutHeader('authorization') }],
  ...(
    [
      ['another scheme', () => 'Bearer TOKENEXAMPLE'],
      ['nothing', () => ''],
      ['another algorithm', (text) => text.replace('SHA256', 'SM3')],
      ['a comma after the algorithm', (text) => text.replace('SHA256 ', 'SHA256, ')],
      ['no key', (text) => text.replace(/Access=\w+, /, '')],
      ['no list of headers', (text) => text.replace(/SignedHeaders=.*?, /, '')],
      ['no signature', (text) => text.replace(/, Signature=.*/, '')],
      ['a signature in upper case', (text) => text.replace(/[0-9a-f]{64}$/, (digits) => digits.toUpperCase())],
      ['a digit too many', (text) => `${text}0`],
    ] as const satisfies [string, (text: string) => string][]
  ).map(([broken, change]): Rejected<Signing, Refusal> => [
    'the authorization must have the form of the guide',
    broken,
    MALFORMED,
    { change: (sent) => withHeader('authorization', change(sent.headers['authorization'] ?? ''))(sent) },
  ]),
  [
    'a signature needs its date',
    'no date',
    MALFORMED,
    { change: withoutHeader('x-sdk-date') },
    { signing: onlyDateSigned },
  ],
  [
    'a signature needs its date',
    'a date in another form',
    MALFORMED,
    { change: withHeader('x-sdk-date', '2026-01-01T00:00:00Z') },
  ],
  [
    'the date may be 15 minutes early',
    'a second more',
    EXPIRED,
    { signing: { date: new Date(NEW_YEAR - 15 * MINUTE - SECOND) } },
    { signing: { date: new Date(NEW_YEAR - 15 * MINUTE) } },
  ],
  [
    'the date may be 15 minutes late',
    'a second more',
    EXPIRED,
    { signing: { date: new Date(NEW_YEAR + 15 * MINUTE + SECOND) } },
    { signing: { date: new Date(NEW_YEAR + 15 * MINUTE) } },
  ],
  [
    'the date is measured by the clock of the emulator',
    'the clock 15 minutes and a second later',
    EXPIRED,
    { emulator: { now: () => NEW_YEAR + 15 * MINUTE + SECOND } },
    { emulator: { now: () => NEW_YEAR + 15 * MINUTE } },
  ],
  [
    'the date is measured by the clock of the emulator',
    'the clock 15 minutes and a second earlier',
    EXPIRED,
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE - SECOND } },
    { emulator: { now: () => NEW_YEAR - 15 * MINUTE } },
  ],
  [
    'temporary keys come with their token',
    'another token',
    WRONG_SECURITY_TOKEN,
    { signing: { credentials: { ...KEY, securityToken: 'TOKENEXAMPLE' } } },
    { signing: { credentials: TEMPORARY_KEY }, emulator: knowsTemporaryKey },
  ],
  [
    'temporary keys come with their token',
    'no token',
    WRONG_SECURITY_TOKEN,
    { signing: { credentials: KEY } },
    { signing: { credentials: TEMPORARY_KEY }, emulator: knowsTemporaryKey },
  ],
  ['permanent keys come without a token', 'a token', WRONG_SECURITY_TOKEN, { signing: { credentials: TEMPORARY_KEY } }],
  [
    'a token must be known',
    'another token',
    WRONG_TOKEN,
    { change: byToken('STSTOKEN') },
    { change: byToken('TOKENEXAMPLE') },
  ],
  [
    'a token wins over a signature',
    'a token that is wrong',
    WRONG_TOKEN,
    { change: withHeader('x-auth-token', 'STSTOKEN') },
  ],
  [
    'a key is for its own project',
    'another project in the header',
    FOREIGN_PROJECT,
    { signing: { headers: { ...HEADERS, 'x-project-id': OTHER_PROJECT } } },
  ],
  [
    'a key is for its own project',
    'another project in the path',
    FOREIGN_PROJECT,
    { signing: { url: UNPUBLISH.replace(PROJECT, OTHER_PROJECT) } },
  ],
  [
    'a key is for its own project',
    'an emulator of another project',
    FOREIGN_PROJECT,
    { emulator: { huawei: { projectId: OTHER_PROJECT } } },
  ],
  [
    'a token is for its own project',
    'another project in the path',
    FOREIGN_PROJECT,
    { change: (sent) => withUrl((url) => url.replace(PROJECT, OTHER_PROJECT))(byToken('TOKENEXAMPLE')(sent)) },
    { change: byToken('TOKENEXAMPLE') },
  ],
]

const accepted: readonly (readonly [rule: string, exchange: Exchange<Signing>])[] = [
  ['a signature over all headers', {}],
  ['a signature over the date alone', { signing: onlyDateSigned }],
  [
    'another value of an unsigned header',
    { signing: onlyDateSigned, change: withHeader('content-type', 'application/json;a=b') },
  ],
  ['an unsigned header left out', { signing: onlyDateSigned, change: withoutHeader('x-project-id') }],
  ['a header that is added after signing', { change: withHeader('x-more', '1') }],
  ['a query in another order', { signing: twoParameters, change: withUrl((url) => url.replace('b=2&a=1', 'a=1&b=2')) }],
  [
    'the values of one name in another order',
    { signing: { url: `${UNPUBLISH}?a=2&a=1` }, change: withUrl((url) => url.replace('a=2&a=1', 'a=1&a=2')) },
  ],
  [
    'a query in an equal encoding',
    {
      signing: { url: `${UNPUBLISH}?name=a%2Fb%2b%E4%B8%80~&empty` },
      change: withUrl((url) => url.replace(/\?.*/, '?n%61me=a/b+%e4%b8%80%7E&empty=')),
    },
  ],
  ['white space around a header value', { change: withHeader('x-project-id', ` \t${PROJECT} `) }],
  ['white space that was around a header value at signing', { signing: { headers: { ...HEADERS, 'x-more': ' 1\t' } } }],
  ['another body under UNSIGNED-PAYLOAD', { signing: UNSIGNED_BODY, change: withBody(`${BODY} `) }],
  [
    'another body under UNSIGNED-PAYLOAD, signed with the date alone',
    { signing: { ...UNSIGNED_BODY, ...dateAndBodyHashSigned }, change: withBody(`${BODY} `) },
  ],
  ['the hash of the body in a signed header', { signing: HASHED_BODY }],
  ['temporary keys with their token', { signing: { credentials: TEMPORARY_KEY }, emulator: knowsTemporaryKey }],
  [
    'temporary keys with their token left out of the signature',
    { signing: { credentials: TEMPORARY_KEY, ...onlyDateSigned }, emulator: knowsTemporaryKey },
  ],
  ['a token without a signature', { change: byToken('TOKENEXAMPLE') }],
  [
    'a token besides a signature that is wrong',
    { change: (sent) => withBody(`${BODY} `)(withHeader('x-auth-token', 'TOKENEXAMPLE')(sent)) },
  ],
  [
    'any of several tokens',
    { change: byToken('STSTOKEN'), emulator: { huawei: { tokens: ['TOKENEXAMPLE', 'STSTOKEN'] } } },
  ],
  ['a request without the project header', { signing: { headers: { 'content-type': 'application/json' } } }],
]

describeRules('Huawei VOD', {
  rejected,
  accepted,
  sign,
  expectRefusal: async (response, refusal) => {
    const answer = await read(response)
    expect(answer).toMatchObject(starting(refusal))
    // Only the gateway's own errors carry the id.
    expect(answer.requestId).toBe(refusal.status === 401 ? response.headers.get('x-request-id') : undefined)
  },
})

describe('an error of the gateway', () => {
  it('repeats the canonical request as the gateway read it, with "|" for line breaks', async () => {
    const change = withBody(`${BODY} `)
    const { message } = await read(await receive({ signing: twoParameters, change }, sign))
    expect(message).toBe(
      [
        `${PREFIX}verify aksk signature fail, canonicalRequest:POST`,
        `/v1.0/${PROJECT}/asset/status/unpublish/`,
        'a=1&b=2',
        'content-type:application/json',
        `host:${HOST}`,
        `x-project-id:${PROJECT}`,
        'x-sdk-date:20260101T000000Z',
        '',
        'content-type;host;x-project-id;x-sdk-date',
        sha256(`${BODY} `),
      ].join('|'),
    )
  })

  it('repeats a canonical request without query or body hash', async () => {
    const credentials = { ...KEY, secretAccessKey: 'TESTKEY' }
    const { message } = await read(
      await receive({ signing: { ...UNSIGNED_BODY, ...dateAndBodyHashSigned, credentials } }, sign),
    )
    expect(message).toBe(
      [
        `${DIFFERS.message}/v1.0/${PROJECT}/asset/status/unpublish/`,
        '',
        'x-sdk-content-sha256:UNSIGNED-PAYLOAD',
        'x-sdk-date:20260101T000000Z',
        '',
        'x-sdk-content-sha256;x-sdk-date',
        'UNSIGNED-PAYLOAD',
      ].join('|'),
    )
  })

  it('has the hash of the body that arrived in place of a wrong one', async () => {
    const { message } = await read(await receive({ signing: HASHED_BODY, change: withBody(`${BODY} `) }, sign))
    expect(message).toContain(`|x-sdk-content-sha256:${sha256(`${BODY} `)}|`)
    expect(String(message).split('|').at(-1)).toBe(sha256(`${BODY} `))
  })

  it('has a code, a message and the id of the answer, and the time of the emulator', async () => {
    const response = await receive(
      {
        change: withoutHeader('authorization'),
        emulator: { now: () => Date.UTC(2026, 1, 3, 4, 5, 6, 789) },
      },
      sign,
    )
    expect(response.headers.get('date')).toBe('Tue, 03 Feb 2026 04:05:06 GMT')
    expect(response.headers.get('content-type')).toBe('application/json')
    const requestId = response.headers.get('x-request-id')
    expect(requestId).toMatch(/^[0-9a-f]{32}$/)
    expect(await response.json()).toEqual({
      error_code: 'APIGW.0301',
      error_msg: NO_TOKEN.message,
      request_id: requestId,
    })
  })

  it('has an id of its own', async () => {
    const emulator = createEmulator({ now: () => NEW_YEAR })
    const ids = [await attempt(emulator, wrong), await attempt(emulator, wrong)].map(({ requestId }) => requestId)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('an access key', () => {
  it('stays usable after five wrong signatures in a row', async () => {
    const { emulator } = emulatorWithClock()
    await attempts(emulator, 5, wrong)
    expect(await attempt(emulator, right)).toMatchObject({ status: 200 })
  })

  it('is locked after six, even for the right signature', async () => {
    const { emulator } = emulatorWithClock()
    await attempts(emulator, 6, wrong)
    for (const signing of [right, wrong]) {
      expect(await attempt(emulator, signing)).toMatchObject(LOCKED)
    }
  })

  it('is locked after wrong signatures that arrive at the same time', async () => {
    const { emulator } = emulatorWithClock()
    await Promise.all(Array.from({ length: 10 }, () => attempt(emulator, wrong)))
    expect(await attempt(emulator, right)).toMatchObject(LOCKED)
  })

  it('is locked after signatures that lack one of their headers', async () => {
    const { emulator } = emulatorWithClock()
    const { url, headers, body } = withoutHeader('x-project-id')(await sign())
    for (let count = 0; count < 6; count++) await emulator.fetch(url, { method: 'POST', headers, body })
    expect(await attempt(emulator, right)).toMatchObject(LOCKED)
  })

  it('has its count reset by a success in between', async () => {
    const { emulator } = emulatorWithClock()
    for (let count = 0; count < 2; count++) {
      await attempts(emulator, 5, wrong)
      expect(await attempt(emulator, right)).toMatchObject({ status: 200 })
    }
  })

  it("is locked for five minutes of the emulator's clock, and then has its count reset", async () => {
    const { emulator, advance } = emulatorWithClock()
    await attempts(emulator, 6, wrong)
    advance(5 * MINUTE - 1)
    expect(await attempt(emulator, right)).toMatchObject(LOCKED)
    advance(1)
    await attempts(emulator, 5, wrong)
    expect(await attempt(emulator, right)).toMatchObject({ status: 200 })
    await attempts(emulator, 6, wrong)
    expect(await attempt(emulator, right)).toMatchObject(LOCKED)
  })

  it('is unlocked by a reset', async () => {
    const { emulator } = emulatorWithClock()
    await attempts(emulator, 6, wrong)
    emulator.reset()
    expect(await attempt(emulator, right)).toMatchObject({ status: 200 })
  })

  it('does not block tokens while it is locked', async () => {
    const { emulator } = emulatorWithClock()
    await attempts(emulator, 6, wrong)
    const { url, headers, body } = byToken('TOKENEXAMPLE')(await sign())
    expect((await emulator.fetch(url, { method: 'POST', headers, body })).status).toBe(200)
  })
})

describeRandomRequests('Huawei VOD', huaweiRandomRequests, 300)

const right: Signing = {}
const wrong: Signing = { credentials: { ...KEY, secretAccessKey: 'TESTKEY' } }

async function sign(signing?: Signing): Promise<Sent> {
  const input = { url: UNPUBLISH, headers: HEADERS, credentials: KEY, date: new Date(NEW_YEAR), ...signing }
  const { headers } = await signHuaweiRequest({ ...input, method: 'POST', body: BODY })
  return { url: input.url, headers: { ...input.headers, ...headers }, body: BODY }
}

async function read(response: Response) {
  const document: unknown = await response.json()
  const { error_code: code, error_msg: message, request_id: requestId } = isRecord(document) ? document : {}
  return { status: response.status, code, message, requestId }
}

function emulatorWithClock(): { emulator: Emulator; advance: (milliseconds: number) => void } {
  let now = NEW_YEAR
  return {
    emulator: createEmulator({ now: () => now }),
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}

async function attempt(emulator: Emulator, signing: Signing) {
  const { url, headers, body } = await sign(signing)
  return read(await emulator.fetch(url, { method: 'POST', headers, body }))
}

async function attempts(emulator: Emulator, count: number, signing: Signing): Promise<void> {
  for (let done = 0; done < count; done++) {
    expect(await attempt(emulator, signing)).toMatchObject(starting(DIFFERS))
  }
}

function unauthorized(message: string): Refusal {
  return { status: 401, code: 'APIGW.0301', message: `${PREFIX}${message}` }
}

/** What an answer must match whose message may go on. */
function starting({ message, ...refusal }: Refusal) {
  const beginning: unknown = expect.toSatisfy((text) => typeof text === 'string' && text.startsWith(message))
  return { ...refusal, message: beginning }
}

/** A request with a header in the place of the hash of the body. */
function withBodyHash(value: string): Signing {
  return { headers: { ...HEADERS, 'x-sdk-content-sha256': value } }
}

/** A token in the place of the signature. */
function byToken(token: string): Change {
  return (sent) => ({ ...sent, headers: { ...HEADERS, 'x-auth-token': token } })
}

/** Signs anew, which the signer would not do without the date. */
function signedByHand(...names: string[]): Change {
  return (sent) => {
    const headers: Record<string, string> = { ...sent.headers, host: HOST }
    const lines = names.map((name) => `${name}:${headers[name] ?? ''}`)
    const path = `/v1.0/${PROJECT}/asset/status/unpublish/`
    const canonicalRequest = ['POST', path, '', ...lines, '', names.join(';'), sha256(sent.body)].join('\n')
    const stringToSign = `SDK-HMAC-SHA256\n20260101T000000Z\n${sha256(canonicalRequest)}`
    const signature = createHmac('sha256', 'SKEXAMPLE').update(stringToSign).digest('hex')
    const authorization = `SDK-HMAC-SHA256 Access=AKEXAMPLE, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return withHeader('authorization', authorization)(sent)
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
