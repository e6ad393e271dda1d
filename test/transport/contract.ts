import { describe, expect, it } from 'vitest'
import type { Transport, WireAnswer, WireFailure, WireOutcome } from '../../src/transport/transport.js'
import {
  faults,
  forgetfulServer,
  httpServer,
  pause,
  silences,
  tcpServer,
  wireRequest,
  type Fault,
  type Phase,
} from '../support/wire-servers.js'

/** What a transport reports, where transports may differ. */
export interface TransportReports {
  /** For each fault, whether the request certainly was not sent, and the reason of the failure. */
  readonly faults: Readonly<Record<Fault, readonly [isUnsent: boolean, reason: string | RegExp]>>
  /** For each phase, whether a request that is cancelled then certainly was not sent. */
  readonly cancelled: Readonly<Record<Phase, boolean>>
}

/** Declares the tests of what every transport does. The caller ends the servers. */
export function describeTransport(name: string, send: Transport, reports: TransportReports): void {
  describe(`${name}, if an exchange fails`, () => {
    it.each(Object.entries(reports.faults))('reports whether the request was sent: %s', async (fault, report) => {
      const [isUnsent, reason] = report
      // The keys of an object are typed as text.
      const server = await faults[fault as Fault]()
      const outcome = failureOf(await send(wireRequest(server.url)).outcome)
      expect(outcome).toMatchObject({ isUnsent })
      expect(outcome.failure.code ?? outcome.failure.message).toMatch(reason)
      expect(outcome.failure.isPermanent).toBe(fault === 'untrusted certificate')
      expect(server.requests()).toBe(SENT_FAULTS.has(fault) ? 1 : 0)
    })

    it('reports a reset at accept as unsent only if it is seen while connecting', async () => {
      const server = await tcpServer((socket) => socket.resetAndDestroy())
      for (let count = 0; count < 10; count += 1) {
        const { failure, isUnsent } = failureOf(await send(wireRequest(server.url)).outcome)
        expect(failure.code).toMatch(/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/)
        expect(isUnsent).toBe(failure.isUnconnected)
      }
      expect(server.requests()).toBe(0)
    })

    it('reports a close at accept as uncertain', async () => {
      const server = await tcpServer((socket) => socket.destroy())
      expect(await send(wireRequest(server.url)).outcome).toMatchObject({ isUnsent: false })
    })

    it.each(['end', 'resetAndDestroy'] as const)(
      'reports a kept connection that the server ends as uncertain: %s',
      async (how) => {
        const server = await forgetfulServer(how)
        expect(textOf(await send(wireRequest(server.url)).outcome)).toBe('ok')
        expect(await send(wireRequest(server.url)).outcome).toMatchObject({ isUnsent: false })
        expect(server.requests()).toBe(2)
      },
    )

    it('reports an invalid header as unsent', async () => {
      const { outcome, cancel } = send(wireRequest('http://127.0.0.1:9/', { headers: { 'x-name': 'one\r\ntwo' } }))
      expect(await outcome).toMatchObject({ isUnsent: true, failure: { isPermanent: true } })
      cancel()
    })
  })

  describe(`${name}, if an exchange is cancelled`, () => {
    it.each(Object.entries(silences))('ends it at once: %s', async (phase, { start, isSent }) => {
      const server = await start()
      const { outcome, cancel } = send(wireRequest(server.url))
      await pause(100)
      cancel()
      expect(await soon(outcome)).toMatchObject({
        // The keys of an object are typed as text.
        isUnsent: reports.cancelled[phase as Phase],
        failure: { message: 'cancelled' },
      })
      expect(server.requests()).toBe(isSent ? 1 : 0)
      // Neither the last events of the connection nor a second time do any harm.
      cancel()
      await pause(20)
    })

    it('keeps the response if there is one', async () => {
      const { url } = await httpServer((_, response) => response.end('ok'))
      const { outcome, cancel } = send(wireRequest(url))
      expect(textOf(await outcome)).toBe('ok')
      cancel()
      expect(textOf(await outcome)).toBe('ok')
    })
  })

  describe(`${name}, for a request`, () => {
    it.each([
      ['text', 'naïve 音频', 'naïve 音频'],
      ['bytes', new TextEncoder().encode('naïve 音频'), 'naïve 音频'],
      ['an empty body', '', ''],
    ])('sends its method, URL, headers, length, and body: %s', async (_what, body, expected) => {
      const { url } = await httpServer((request, response) => {
        const chunks: Buffer[] = []
        request.on('data', (chunk: Buffer) => chunks.push(chunk))
        request.on('end', () => {
          const { host, 'x-one': one, 'content-length': length } = request.headers
          response.end([request.method, request.url, host, one, length, Buffer.concat(chunks).toString()].join(' '))
        })
      })
      const { outcome } = send(wireRequest(`${url}path?a=%20b`, { method: 'PUT', body, headers: { 'x-one': 'two' } }))
      const length = String(Buffer.byteLength(expected))
      expect(textOf(await outcome)).toBe(`PUT /path?a=%20b ${new URL(url).host} two ${length} ${expected}`)
    })

    it('sends a method that never has a body', async () => {
      const { url } = await httpServer((request, response) => response.end(request.method))
      expect(textOf(await send(wireRequest(url, { method: 'GET', body: '' })).outcome)).toBe('GET')
    })
  })

  describe(`${name}, from a response`, () => {
    it('reads the status, the headers, and the body', async () => {
      const { url } = await httpServer((_, response) => response.writeHead(418, { 'X-Two': ['a', 'b'] }).end('é!'))
      const { status, headers, body, isTruncated } = answerOf(await send(wireRequest(url)).outcome)
      expect([status, isTruncated, new TextDecoder().decode(body)]).toEqual([418, false, 'é!'])
      expect([headers.get('X-TWO'), headers.get('none')]).toEqual(['a, b', null])
      expect([...headers]).toContainEqual(['x-two', 'a, b'])
    })

    it.each([204, 200, 304])('reads an empty body: %i', async (status) => {
      const { url } = await httpServer((_, response) => response.writeHead(status).end())
      const outcome = answerOf(await send(wireRequest(url)).outcome)
      expect(outcome).toMatchObject({ status, isTruncated: false, body: { length: 0 } })
    })

    it('reads a body without a length up to the end of the connection', async () => {
      const { url } = await tcpServer(
        () => undefined,
        (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n<Respon'),
      )
      expect(textOf(await send(wireRequest(url)).outcome)).toBe('<Respon')
    })

    it('does not follow redirects', async () => {
      const server = await httpServer((_, response) => response.writeHead(307, { location: '/elsewhere' }).end())
      expect(answerOf(await send(wireRequest(server.url)).outcome).status).toBe(307)
      expect(server.requests()).toBe(1)
    })

    it('reads a body that arrives drop by drop', async () => {
      const { url } = await httpServer((_, response) => {
        const drops = 'drop by drop'.split(/(?<=.)/)
        const next = (): void => {
          const drop = drops.shift()
          if (drop === undefined) response.end()
          else response.write(drop, () => setTimeout(next, 2))
        }
        next()
      })
      expect(textOf(await send(wireRequest(url)).outcome)).toBe('drop by drop')
    })

    it('truncates a body to the limit, and closes the connection', async () => {
      const closed: Promise<unknown>[] = []
      const { url } = await httpServer((_, response) => {
        closed.push(new Promise((resolve) => response.once('close', resolve)))
        // Without an end.
        response.write('x'.repeat(700))
        setTimeout(() => response.write('y'.repeat(700)), 5)
      })
      const answer = answerOf(await send(wireRequest(url, { maxAnswerBytes: 1000 })).outcome)
      expect(answer).toMatchObject({ status: 200, isTruncated: true })
      expect(Buffer.from(answer.body).toString()).toBe('x'.repeat(700) + 'y'.repeat(300))
      expect(closed).toHaveLength(1)
      await Promise.all(closed)
    })

    it.each([
      [999, true],
      [1000, false],
    ])('reads 1000 bytes with a limit of %i: truncated %s', async (maxAnswerBytes, isTruncated) => {
      const { url } = await httpServer((_, response) => response.end('x'.repeat(1000)))
      const answer = answerOf(await send(wireRequest(url, { maxAnswerBytes })).outcome)
      expect([answer.body.length, answer.isTruncated]).toEqual([maxAnswerBytes, isTruncated])
    })
  })
}

/** The faults before which the request has reached the server. */
const SENT_FAULTS: ReadonlySet<string> = new Set<Fault>([
  'closed before the answer',
  'reset before the answer',
  'reset in the status line',
  'garbage instead of HTTP',
  'a switch of protocols',
  'reset inside the answer',
  'closed inside the answer',
  'closed inside a chunked answer',
])

export function answerOf(outcome: WireOutcome): WireAnswer {
  if ('failure' in outcome) throw new Error('no answer', { cause: outcome.failure })
  return outcome
}

export function failureOf(outcome: WireOutcome): WireFailure {
  if ('failure' in outcome) return outcome
  throw new Error(`an answer: ${String(outcome.status)}`)
}

export function textOf(outcome: WireOutcome): string {
  return new TextDecoder().decode(answerOf(outcome).body)
}

/** The value of a promise that resolves within this turn of the event loop. */
export async function soon<Value>(promise: Promise<Value>): Promise<Value | 'nothing'> {
  return Promise.race([
    promise,
    new Promise<'nothing'>((resolve) =>
      setImmediate(() => {
        resolve('nothing')
      }),
    ),
  ])
}
