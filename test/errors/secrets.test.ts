import { inspect, types } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'
import type { Reply, SeenRequest } from '../support/fault-servers.js'
import { endServersAfterEach } from '../support/wire-servers.js'
import {
  answers,
  rowsOf,
  runMatrix,
  SECRETS,
  type CellContext,
  type CellRun,
  type Scenario,
  type TransportName,
} from '../sending/fault-matrix.js'

endServersAfterEach()

type Documents = CellContext['documents']

/** Shorter pieces occur by chance. */
const PIECE_LENGTH = 8
const MATRIX_LIMIT_MS = 60_000

const echoes: readonly Scenario[] = [
  ...inBothWays('a message', (documents, echoed) => ({
    status: 400,
    body: documents.error(documents.provider === 'huawei' ? 'VOD.10053' : 'InvalidArgument', echoed),
  })),
  ...inBothWays('the message of a failure of the server', (documents, echoed) => ({
    status: 500,
    body: documents.error(documents.provider === 'huawei' ? 'VST.10002' : 'InternalError', echoed),
  })),
  ...inBothWays('the message of a refused signature', (documents, echoed) => ({
    status: documents.provider === 'huawei' ? 401 : 403,
    body: documents.error(
      documents.provider === 'huawei' ? 'APIGW.0301' : 'SignatureDoesNotMatch',
      `Incorrect IAM authentication information: verify signature fail, canonicalRequest:${echoed.replace(/\r?\n/g, '|')}`,
    ),
  })),
  ...inBothWays('a code', (documents, echoed) => ({ status: 400, body: documents.error(inXmlText(echoed)) })),
  ...inBothWays('a page', (_, echoed) => ({ status: 502, body: `<html><pre>${echoed}</pre></html>` })),
  ...inBothWays('a page with an unknown status', (_, echoed) => ({ status: 799, body: echoed })),
  ...inBothWays('half a document', (documents, echoed) => ({
    status: 200,
    body: documents.error(undefined, echoed).slice(0, -20),
  })),
  ...inBothWays('what should be the answer', (documents, echoed) => ({
    status: documents.status,
    body: documents.provider === 'huawei' ? JSON.stringify({ echoed }) : `<Response>${inXmlText(echoed)}</Response>`,
  })),
  ...inBothWays('a text that is no UTF-8', (_, echoed) => ({ status: 200, body: `\xff${echoed}` })),
  ...inBothWays('the id of a request, in an error document', (documents, echoed) => ({
    status: 400,
    body: documents
      .error(documents.provider === 'huawei' ? 'VOD.10053' : 'InvalidArgument')
      .replace(/"request_id":"one"/, () => `"request_id":${JSON.stringify(echoed)}`)
      .replace('<RequestId>one', () => `<RequestId>${inXmlText(echoed)}`),
  })),
  ...inBothWays('the id of a request, in the headers of an error', (documents, echoed) => ({
    status: 400,
    headers: idHeaders(echoed),
    body: documents.error(documents.provider === 'huawei' ? 'VOD.10053' : 'InvalidArgument'),
  })),
  ...inBothWays('the id of a request, in the headers of a page', (_, echoed) => ({
    status: 502,
    headers: idHeaders(echoed),
    body: '<html></html>',
  })),
  ...inBothWays('the id of a request, in the headers of a success', (documents, echoed) => ({
    status: documents.status,
    headers: idHeaders(echoed),
    body: documents.success,
  })),
  ...inBothWays('the reason of an answer and its other headers', (documents, echoed) => ({
    status: 400,
    headers: { 'x-other': inOneLine(echoed), 'retry-after': inOneLine(echoed), date: inOneLine(echoed) },
    body: documents.error(documents.provider === 'huawei' ? 'APIGW.0308' : 'SlowDown', echoed),
  })),
  ...inBothWays('an id that was paid for', (documents, _, request) => ({
    status: 200,
    body:
      documents.provider === 'huawei'
        ? `{"audio_asset_id":"${idOf(request)}","more`
        : `<Response><JobsDetail><JobId>${idOf(request)}</JobId><More`,
  })),
]

/** Scenarios in which one attempt, or one header, is not like the others. */
const particularEchoes: readonly Scenario[] = [
  {
    name: 'echoed as a canonical request that differs in the security token',
    start: answers((documents, request) => ({
      status: documents.provider === 'huawei' ? 401 : 403,
      body: documents.error(
        documents.provider === 'huawei' ? 'APIGW.0301' : 'SignatureDoesNotMatch',
        `verify signature fail, canonicalRequest:${canonicalRequestOf(request)}`,
      ),
      runs: false,
    })),
  },
  {
    name: 'echoed after the token was renewed, the expired one',
    credentials: 'renewed',
    start: answers(
      ({ provider, error }) => ({
        status: provider === 'huawei' ? 401 : 400,
        body: error(provider === 'huawei' ? 'APIGW.0307' : 'ExpiredToken'),
        runs: false,
      }),
      ({ provider, error }) => ({
        status: 400,
        body: error(provider === 'huawei' ? 'VOD.10053' : 'InvalidArgument', SECRETS.expiredToken),
        runs: false,
      }),
    ),
  },
]

const ownFailures: readonly Scenario[] = [
  ownFetch('an error with the request in it', (request, headers) =>
    Object.assign(new Error(`could not send ${JSON.stringify(headers)}`), { request, headers, config: { headers } }),
  ),
  ownFetch('an error with the request in its cause', (request, headers) => {
    const cause = Object.assign(new Error(JSON.stringify(headers)), { request, code: JSON.stringify(headers) })
    return new TypeError('fetch failed', { cause })
  }),
  ownFetch('several errors with the request', (request, headers) => {
    const members = [Object.assign(new Error(JSON.stringify(headers)), { request, errno: headers })]
    return new AggregateError(members, JSON.stringify(headers))
  }),
  ownFetch('an error with the request in what is hidden', (request, headers) =>
    Object.defineProperties(new Error(JSON.stringify(headers)), {
      request: { value: request, enumerable: false },
      [Symbol(JSON.stringify(headers))]: { value: headers, enumerable: false },
    }),
  ),
  {
    ...ownFetch('an error with a token in its code', (_, headers) => {
      const token = headers['x-security-token'] ?? headers['x-ci-security-token'] ?? ''
      return Object.assign(new Error('no'), { code: `E${Buffer.from(token).toString('hex').toUpperCase()}` })
    }),
  },
  ownFetch('an object that is no error', (_, headers) => ({ headers, message: JSON.stringify(headers) })),
  ownFetch('a text', (_, headers) => JSON.stringify(headers)),
]

const allEchoes = [...echoes, ...particularEchoes]
const TRANSPORTS: readonly TransportName[] = ['sockets', 'fetch']
const runs: CellRun[] = []
const written: string[] = []

beforeAll(async () => {
  spyOnOutput()
  for (const transport of TRANSPORTS) {
    runs.push(...(await runMatrix(transport, [...rowsOf(transport), ...allEchoes])))
  }
  runs.push(...(await runMatrix('fetch', ownFailures)))
}, MATRIX_LIMIT_MS)

afterAll(() => {
  vi.restoreAllMocks()
})

describe('no secret, no signature and no piece of one is in what the library shows', () => {
  const names = [...rowsOf('sockets'), ...allEchoes, ...ownFailures].map(({ name }) => name)

  it.each(names)('%s', (name) => {
    expectNoLeak(name)
  })

  it('and nothing is written anywhere', () => {
    expect(written).toEqual([])
  })

  it('and what was sent held what is looked for', () => {
    const isSigned = runs.map(({ requests }) => requests.flatMap(signaturesIn)).filter(({ length }) => length > 0)
    expect(isSigned.length).toBeGreaterThan(runs.length / 2)
    const sent = runs.flatMap(({ requests }) => requests.map(({ text }) => text)).join('\n')
    for (const secret of [SECRETS.securityToken, SECRETS.token, SECRETS.expiredToken, SECRETS.sessionToken]) {
      expect(sent).toContain(secret)
    }
  })

  it('and the hint about a security token that was changed on its way shows the place, not the token', () => {
    const hints = runs
      .filter(({ row, operation }) => row === particularEchoes[0]?.name && operation === 'unpublishAssets')
      .map(({ error }) => error)
    expect(hints).toHaveLength(TRANSPORTS.length)
    for (const error of hints) {
      expect(error).toHaveProperty('hint', expect.stringContaining('signed "x-security-token:***", read'))
    }
  })

  it('whatever is asked of a client that has sent nothing', () => {
    const { secretAccessKey, securityToken, token, secretKey, sessionToken } = SECRETS
    const clients = [
      huaweiClient({ credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey, securityToken } }),
      huaweiClient({ credentials: { token } }),
      tencentClient({ credentials: { secretId: 'TESTID', secretKey, sessionToken } }),
    ]
    expect(clients.flatMap((client) => leaksIn(client, Object.values(SECRETS)))).toEqual([])
  })

  it('but the error of a credentials function is handed on as its cause', async () => {
    // What is in it is the user's own: the library has no way to know which part of it is a secret.
    const own = new Error('vault: wrong passphrase "unknown-to-the-library"')
    const client = huaweiClient({
      credentials: () => {
        throw own
      },
    })
    const error = await rejection(client.unpublishAssets({ asset_id: ['one'] }))
    expect(error).toMatchObject({ name: 'CredentialsError', cause: own })
    expect(String(error)).not.toContain('unknown-to-the-library')
  })
})

describe('the check itself finds', () => {
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
    ['hex', hex],
    ['hex in upper case', hex.toUpperCase()],
    ['a piece of hex', hex.slice(3, 3 + PIECE_LENGTH)],
    ['a piece', `…${secret.slice(7, 7 + PIECE_LENGTH)}…`],
    ['a signature', `Signature=${signature}`],
    ['a piece of a signature', signature.slice(30, 30 + PIECE_LENGTH)],
    ['a signature in base64', Buffer.from(signature).toString('base64')],
  ])('%s', (_, planted) => {
    expect(leaksIn(planted, [secret, signature])).not.toEqual([])
    expect(leaksIn({ event: planted }, [secret, signature])).not.toEqual([])
  })

  it('no piece that is shorter, and nothing in what is harmless', () => {
    expect(leaksIn(new Error(secret.slice(4, 4 + PIECE_LENGTH - 1)), [secret])).toEqual([])
    expect(leaksIn(new Error('access key AKEXAMPLE', { cause: { headers: new Headers() } }), [secret])).toEqual([])
  })
})

function expectNoLeak(name: string): void {
  const found = runs
    .filter(({ row }) => row === name)
    .flatMap((run) => {
      const secrets = [...Object.values(SECRETS), ...run.requests.flatMap(signaturesIn)]
      return [run.error, run.events, run.client].flatMap(leakFinder(secrets)).map((leak) => `${run.operation}: ${leak}`)
    })
  expect(runs.some(({ row }) => row === name)).toBe(true)
  expect([...new Set(found)]).toEqual([])
}

/** The signature of a request, and what it stands in. */
function signaturesIn({ headers: { authorization = '' } }: Pick<SeenRequest, 'headers'>): string[] {
  return [...authorization.matchAll(/signature=([0-9a-f]+)/gi)].map(([, signature = '']) => signature)
}

function leaksIn(value: unknown, secrets: readonly string[]): string[] {
  return leakFinder(secrets)(value)
}

/** Finds everything of these secrets that can be seen in a value, in whatever way one looks at it. */
function leakFinder(secrets: readonly string[]): (value: unknown) => string[] {
  const pieces = new Set(secrets.flatMap(formsOf).flatMap(piecesOf))
  return (value) =>
    [...textsOf(value)].flatMap((text) => {
      for (let start = 0; start + PIECE_LENGTH <= text.length; start += 1) {
        const piece = text.slice(start, start + PIECE_LENGTH)
        if (pieces.has(piece)) return [`${piece} in ${text.slice(0, 200)}`]
      }
      return []
    })
}

/** By other means than those of the library. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const percent = encodeURIComponent(secret)
  const hex = bytes.toString('hex')
  return [
    ...[secret, bytes.toString('base64'), bytes.toString('base64url')],
    ...[percent, percent.replace(/%../g, (escape) => escape.toLowerCase()), percent.toLowerCase()],
    ...[hex, hex.toUpperCase()],
  ]
}

function piecesOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE_LENGTH + 1) }, (_, start) =>
    text.slice(start, start + PIECE_LENGTH),
  )
}

function textsOf(value: unknown): Set<string> {
  const texts = new Set<string>()
  const views: (() => string | undefined)[] = [
    () => shown(value),
    () => JSON.stringify(value),
    () => shown(structuredClone(value)),
    () => String(value),
  ]
  for (const view of views) {
    try {
      texts.add(view() ?? '')
    } catch {
      // Not every value can be seen in every way.
    }
  }
  walk(value, texts, new Set())
  return texts
}

function shown(value: unknown): string {
  return inspect(value, {
    showHidden: true,
    depth: null,
    getters: true,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Infinity,
  })
}

/** Every text that hangs on a value, also by what neither inspect nor JSON shows. */
function walk(value: unknown, texts: Set<string>, visited: Set<unknown>): void {
  if (typeof value === 'string') texts.add(value)
  if (typeof value === 'symbol') texts.add(String(value.description))
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || visited.has(value)) return
  visited.add(value)
  if (types.isUint8Array(value)) {
    texts.add(Buffer.from(value).toString('latin1'))
    return
  }
  if (value instanceof Map || value instanceof Set || value instanceof Headers) {
    for (const member of value) walk(member, texts, visited)
  }
  for (const key of Reflect.ownKeys(value)) {
    walk(key, texts, visited)
    try {
      walk(Reflect.get(value, key), texts, visited)
    } catch {
      // A getter may refuse.
    }
  }
}

function hidden(key: string | symbol, value: unknown): object {
  return Object.defineProperty(new Error('one'), key, { value, enumerable: false })
}

/** For either kind of credentials, as the secrets of both are looked for in other places. */
function inBothWays(
  where: string,
  make: (documents: Documents, echoed: string, request: SeenRequest) => Omit<Reply, 'runs'>,
): Scenario[] {
  return [undefined, 'token' as const].map((credentials) => ({
    name: `echoed in ${where}${credentials === undefined ? '' : ', with a token'}`,
    ...(credentials && { credentials }),
    start: answers((documents, request) => ({
      ...make(documents, echoOf(documents, credentials, request), request),
      runs: true,
    })),
  }))
}

/** The whole request, and the secrets of its client as people and programs write them. */
function echoOf({ provider }: Documents, credentials: 'token' | undefined, request: SeenRequest): string {
  const { secretAccessKey, securityToken, token, secretKey, sessionToken } = SECRETS
  const ofHuawei = credentials === 'token' ? [token] : [secretAccessKey, securityToken]
  const secrets = [...(provider === 'huawei' ? ofHuawei : [secretKey, sessionToken]), ...signaturesIn(request)]
  const pieces = secrets.map((secret) => secret.slice(3, 3 + PIECE_LENGTH))
  return [...secrets.flatMap(formsOf), ...pieces, request.text].join('\n')
}

/** As the gateway of Huawei Cloud tells it, had the last character of the security token been lost. */
function canonicalRequestOf({ text, headers }: SeenRequest): string {
  const path = text.split(' ')[1] ?? ''
  const names = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? []
  const lines = names.map((name) => {
    const value = headers[name] ?? ''
    return `${name}:${name === 'x-security-token' ? value.slice(0, -1) : value}`
  })
  return ['POST', `${path}/`, '', ...lines, '', names.join(';')].join('|')
}

/** What looks like an id: the signature, or a piece of what there is instead of one. */
function idOf(request: SeenRequest): string {
  return signaturesIn(request)[0] ?? Buffer.from(SECRETS.token).toString('hex')
}

function idHeaders(echoed: string): Record<string, string> {
  const id = inOneLine(echoed)
  return { 'x-request-id': id, 'x-ci-request-id': id, 'x-ci-trace-id': id }
}

function inOneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ')
}

function inXmlText(text: string): string {
  return text.replace(/[<>&]/g, ' ')
}

/** A user's own fetch that sends, and then throws what it made of the request. */
function ownFetch(name: string, make: (request: Request, headers: Record<string, string>) => unknown): Scenario {
  return {
    name: `a fetch that throws ${name}`,
    start: answers(({ status, success }) => ({ status, body: success, runs: true })),
    fetch: async (request) => {
      const headers = Object.fromEntries(request.headers)
      await globalThis.fetch(request.clone())
      throw make(request, headers)
    },
  }
}

function spyOnOutput(): void {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      written.push(shown(parts))
    })
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk))
      return true
    })
  }
}
