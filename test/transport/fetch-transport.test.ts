import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { plainFailure } from '../../src/transport/failure-reason.js'
import { fetchTransport } from '../../src/transport/fetch-transport.js'
import type { WireOutcome } from '../../src/transport/transport.js'
import { endServersAfterEach, pause, wireRequest } from '../support/wire-servers.js'
import { describeTransport, soon } from './contract.js'

endServersAfterEach()

const send = fetchTransport(fetch)

describeTransport('fetch transport', send, {
  faults: {
    refused: [true, 'ECONNREFUSED'],
    'name unknown': [true, /^(ENOTFOUND|EAI_AGAIN)$/],
    'untrusted certificate': [true, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    // Fetch does not tell how far a connection came that failed before its handshake was over.
    'TLS to a plain port': [false, /^(EPROTO|ERR_SSL_)/],
    'reset within the handshake': [false, 'ECONNRESET'],
    'closed before the answer': [false, 'UND_ERR_SOCKET'],
    'reset before the answer': [false, 'ECONNRESET'],
    'reset in the status line': [false, 'ECONNRESET'],
    'garbage instead of HTTP': [false, /HPE_INVALID_CONSTANT|fetch failed/], // Node 24 names no code.
    'a switch of protocols': [false, 'UND_ERR_SOCKET'],
    'reset inside the answer': [false, 'ECONNRESET'],
    'closed inside the answer': [false, 'UND_ERR_SOCKET'],
    'closed inside a chunked answer': [false, 'UND_ERR_SOCKET'],
  },
  cancelled: {
    'while it connects': false,
    'within the handshake': false,
    'before the answer': false,
    'within the answer': false,
  },
})

describe('fetch transport, if fetch rejects', () => {
  it.each([
    ['connecting', { syscall: 'connect' }, true],
    ['name lookup', { syscall: 'getaddrinfo', code: 'ENOTFOUND' }, true],
    ['a connect timeout', { code: 'UND_ERR_CONNECT_TIMEOUT' }, true],
    ['a certificate', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, true],
    ['reading', { syscall: 'read', code: 'ECONNRESET' }, false],
    ['headers that take too long', { code: 'UND_ERR_HEADERS_TIMEOUT' }, false],
    ['nothing known', {}, false],
  ])('judges a failure, also as a cause or a member: %s', async (_what, properties, isUnsent) => {
    const failure = errorWith(properties)
    const nested = new TypeError('fetch failed', { cause: new Error('why', { cause: failure }) })
    for (const one of [failure, nested, new AggregateError([failure, nested])]) {
      expect(await failingBy(one)).toEqual({ failure: plainFailure(one), isUnsent })
    }
  })

  it('requires that none of several attempts came further', async () => {
    const attempts = new AggregateError([errorWith({ syscall: 'connect' }), errorWith({ syscall: 'read' })])
    expect(await failingBy(attempts)).toMatchObject({ isUnsent: false })
    expect(await failingBy(new AggregateError([]))).toMatchObject({ isUnsent: false })
  })

  it('accepts circular causes, and failures that are not errors', async () => {
    const failure = errorWith({})
    failure.cause = new AggregateError([failure], 'around', { cause: failure })
    expect(await failingBy(failure)).toMatchObject({ isUnsent: false })
    for (const one of [undefined, null, 'text', 7])
      expect(await failingBy(one)).toEqual({ failure: plainFailure(one), isUnsent: false })
  })

  it('accepts a fetch that throws at once', async () => {
    const failure = errorWith({ syscall: 'connect' })
    const transport = fetchTransport(() => {
      throw failure
    })
    expect(await transport(wireRequest('http://one.test/')).outcome).toEqual({
      failure: plainFailure(failure),
      isUnsent: true,
    })
  })

  it('reports a method that no Request accepts as unsent', async () => {
    const { outcome, cancel } = send(wireRequest('http://127.0.0.1:9/', { method: 'CONNECT' }))
    cancel()
    expect(await outcome).toMatchObject({ isUnsent: true, failure: { isPermanent: true } })
  })
})

describe('fetch transport, if an exchange is cancelled', () => {
  it('ends it even if fetch ignores the signal, and closes a late response', async () => {
    let isClosed = false
    const body = new ReadableStream({
      cancel: () => {
        isClosed = true
      },
    })
    const late = pause(30).then(() => new Response(body))
    const { outcome, cancel } = fetchTransport(() => late)(wireRequest('http://one.test/'))
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: false })
    await pause(60)
    expect(isClosed).toBe(true)
  })

  it('ends it even if fetch ignores the signal, and closes a response that has begun', async () => {
    let isClosed = false
    const body = new ReadableStream({
      cancel: () => {
        isClosed = true
        throw new Error('not now')
      },
    })
    const { outcome, cancel } = fetchTransport(() => Promise.resolve(new Response(body)))(
      wireRequest('http://one.test/'),
    )
    await pause(10)
    cancel()
    expect(await soon(outcome)).toMatchObject({ isUnsent: false })
    expect(isClosed).toBe(true)
    await pause(5)
  })

  it('aborts the signal of fetch even if nothing else refers to the request', async () => {
    setFlagsFromString('--expose-gc')
    // The flag makes it a global function.
    const collect = runInNewContext('gc') as () => void
    let isAborted = false
    const { outcome, cancel } = fetchTransport(({ signal }) => {
      signal.addEventListener('abort', () => {
        isAborted = true
      })
      return new Promise(() => undefined)
    })(wireRequest('http://one.test/'))
    await pause(5)
    collect()
    await pause(5)
    cancel()
    await outcome
    expect(isAborted).toBe(true)
  })
})

/** The outcome if fetch rejects with this failure. */
function failingBy(failure: unknown): Promise<WireOutcome> {
  // A fetch may reject with anything.
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
  return fetchTransport(() => Promise.reject(failure))(wireRequest('http://one.test/')).outcome
}

function errorWith(properties: object): Error {
  return Object.assign(new Error('made up'), properties)
}
