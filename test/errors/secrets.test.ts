import { beforeAll, describe, expect, it, vi } from 'vitest'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'
import type { Reply, SeenRequest } from '../support/fault-servers.js'
import { endServersAfterEach } from '../support/wire-servers.js'
import {
  answers,
  runMatrix,
  SECRETS,
  type CellContext,
  type CellRun,
  type Scenario,
  type TransportName,
} from '../sending/fault-matrix.js'
import { formsOf, leaksIn, leaksOfRuns, PIECE_LENGTH, recordOutput, signaturesIn } from './leaks.js'

endServersAfterEach()

type Documents = CellContext['documents']

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

const TRANSPORTS: readonly TransportName[] = ['sockets', 'fetch']
const runs: CellRun[] = []
let written: readonly string[] = []

beforeAll(async () => {
  written = recordOutput()
  for (const transport of TRANSPORTS) runs.push(...(await runMatrix(transport, [...echoes, ...particularEchoes])))
  runs.push(...(await runMatrix('fetch', ownFailures)))
  vi.restoreAllMocks()
}, MATRIX_LIMIT_MS)

// fault-matrix.test.ts looks for secrets where nothing is echoed.
describe('a call', () => {
  it.each([...echoes, ...particularEchoes, ...ownFailures].map(({ name }) => name))(
    'shows no secret, no signature, and no piece of one: %s',
    (name) => {
      const ofScenario = runs.filter(({ row }) => row === name)
      expect(ofScenario.length).toBeGreaterThan(0)
      expect(leaksOfRuns(ofScenario)).toEqual([])
    },
  )

  it('writes nothing anywhere', () => {
    expect(written).toEqual([])
  })

  it('sends the secrets that are looked for', () => {
    const isSigned = runs.map(({ requests }) => requests.flatMap(signaturesIn)).filter(({ length }) => length > 0)
    expect(isSigned.length).toBeGreaterThan(runs.length / 2)
    const sent = runs.flatMap(({ requests }) => requests.map(({ text }) => text)).join('\n')
    for (const secret of [SECRETS.securityToken, SECRETS.token, SECRETS.expiredToken, SECRETS.sessionToken]) {
      expect(sent).toContain(secret)
    }
  })

  it('hints that a proxy changed the security token, without showing it', () => {
    const hints = runs
      .filter(({ row, operation }) => row === particularEchoes[0]?.name && operation === 'unpublishAssets')
      .map(({ error }) => error)
    expect(hints).toHaveLength(TRANSPORTS.length)
    for (const error of hints) {
      expect(error).toHaveProperty('hint', expect.stringContaining('signed "x-security-token:***", read'))
    }
  })
})

describe('a client', () => {
  it('shows no secret before its first call', () => {
    const { secretAccessKey, securityToken, token, secretKey, sessionToken } = SECRETS
    const clients = [
      huaweiClient({ credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey, securityToken } }),
      huaweiClient({ credentials: { token } }),
      tencentClient({ credentials: { secretId: 'TESTID', secretKey, sessionToken } }),
    ]
    expect(leaksIn(clients, Object.values(SECRETS))).toEqual([])
  })

  it('keeps the error of a credentials function as its cause', async () => {
    // What is in it is the caller's own: the library cannot know which part of it is a secret.
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

/** A caller's own fetch that sends, and then throws what it made of the request. */
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
