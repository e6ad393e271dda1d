import type { RequestListener, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifySmnMessage } from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import { createTestCertificate } from '../../../src/testing/test-certificate.js'
import { endServersAfterEach, httpServer, refusingServer } from '../../support/wire-servers.js'
import { codeOf, newCertificateUrl, now, sign, topicUrn, verify } from './smn.js'

endServersAfterEach()
afterEach(() => {
  vi.unstubAllGlobals()
})

const builtInFetch = globalThis.fetch
const { pem } = await createTestCertificate()

describe('the built-in fetch', () => {
  it('gets the certificate that the message names', async () => {
    const urls = await certificateServer((_request, response) => response.end(pem))
    const url = newCertificateUrl()
    expect(await codeByDefault(url)).toBeUndefined()
    expect(urls).toEqual([url])
  })

  it.each([300, 301, 302, 303, 304, 307, 308])('does not follow redirects: %i', async (status) => {
    const target = await httpServer((_request, response) => response.end(pem))
    await certificateServer((_request, response) => response.writeHead(status, { location: target.url }).end())
    expect(await codeByDefault()).toBe('certificate-redirected')
    expect(target.requests()).toBe(0)
  })

  it('recognizes the redirect that a browser hides', async () => {
    // Its status is 0 too, and it has no body.
    vi.stubGlobal('fetch', () => Promise.resolve(Response.error()))
    expect(await codeByDefault()).toBe('certificate-redirected')
  })

  it.each([201, 203, 206, 400, 404, 500, 503])('accepts no other status than 200: %i', async (status) => {
    await certificateServer((_request, response) => response.writeHead(status).end(pem))
    expect(await codeByDefault()).toBe('certificate-unavailable')
  })

  it('reads 16 kB and no more', async () => {
    for (const [size, code] of [
      [16_384, undefined],
      [16_385, 'certificate-too-large'],
    ] as const) {
      await certificateServer((_request, response) => response.end(pem.padStart(size)))
      expect(await codeByDefault()).toBe(code)
    }
  })

  it('limits a body that never ends', async () => {
    let [sent, isOpen] = [0, true]
    await certificateServer((_request, response) => {
      response.on('close', () => {
        isOpen = false
      })
      write(response)
    })
    expect(await codeByDefault()).toBe('certificate-too-large')
    await vi.waitFor(() => {
      expect(isOpen).toBe(false)
    })
    // Buffers on the way take some of it.
    expect(sent).toBeLessThan(20_000_000)

    function write(response: ServerResponse): void {
      sent += 65_536
      // After the end of the connection, Node 26 calls back at once, with an error.
      response.write(' '.repeat(65_536), (error) => {
        if (!(error instanceof Error) && !response.destroyed) write(response)
      })
    }
  })

  it('has 3 seconds for the headers and the body', async () => {
    const slow: ((response: ServerResponse) => unknown)[] = [
      () => undefined,
      (response) => {
        response.flushHeaders()
      },
      (response) => {
        const timer = setInterval(() => response.write(' '), 100)
        response.on('close', () => {
          clearInterval(timer)
        })
      },
      (response) => {
        const timer = setTimeout(() => response.end(pem), 9_000)
        response.on('close', () => {
          clearTimeout(timer)
        })
      },
    ]
    const open = new Set<ServerResponse>()
    await certificateServer((_request, response) => {
      open.add(response)
      response.on('close', () => open.delete(response))
      slow.pop()?.(response)
    })
    const start = performance.now()
    const codes = await Promise.all(slow.map(() => codeByDefault()))
    expect(codes).toEqual(codes.map(() => 'certificate-unavailable'))
    expect(performance.now() - start).toBeGreaterThan(2_900)
    expect(performance.now() - start).toBeLessThan(8_000)
    await vi.waitFor(() => {
      expect(open.size).toBe(0)
    })
  })

  it('reports the cause of a failure', async () => {
    const nobody = await refusingServer()
    vi.stubGlobal('fetch', () => builtInFetch(nobody.url))
    expect(await byDefault().catch((error: unknown) => error)).toMatchObject({
      code: 'certificate-unavailable',
      message: 'verifySmnMessage: the certificate is not available: ECONNREFUSED',
      cause: { code: 'ECONNREFUSED' },
    })
  })

  /** In place of the host of SMN. Returns the URLs that were requested. */
  async function certificateServer(listener: RequestListener): Promise<readonly string[]> {
    const server = await httpServer(listener)
    const urls: string[] = []
    vi.stubGlobal('fetch', ({ url, redirect, signal }: Request) => {
      urls.push(url)
      return builtInFetch(server.url, { redirect, signal })
    })
    return urls
  }

  async function byDefault(signing_cert_url = newCertificateUrl()): Promise<unknown> {
    return verifySmnMessage(await sign({ signing_cert_url }), { topicUrn, now })
  }

  async function codeByDefault(url?: string): Promise<string | undefined> {
    return codeOf(byDefault(url))
  }
})

describe('a fetchCertificate of the caller', () => {
  it('is called with the URL', async () => {
    const url = newCertificateUrl()
    const fetchCertificate = vi.fn(() => Promise.resolve(pem))
    await verify(await sign({ signing_cert_url: url }), { fetchCertificate })
    expect(fetchCertificate.mock.calls).toEqual([[new URL(url)]])
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
  ])('that %s is the cause', async (_what, fetchCertificate) => {
    expect(await verify(await sign(), { fetchCertificate }).catch((error: unknown) => error)).toMatchObject({
      code: 'certificate-unavailable',
      message: 'verifySmnMessage: the certificate is not available: no',
      cause: new Error('no'),
    })
  })

  it.each([
    ['16,385 characters', 'certificate-too-large', pem.padStart(16_385)],
    ['16,384 characters', undefined, pem.padStart(16_384)],
    ['nothing', 'certificate-unavailable', undefined],
    ['bytes', 'certificate-unavailable', new TextEncoder().encode(pem)],
    ['a Response', 'certificate-unavailable', new Response(pem)],
    ['a page', 'invalid-certificate', '<html>'],
  ])('that returns %s: %s', async (_what, code, value) => {
    // What JavaScript may return.
    expect(await codeOf(verify(await sign(), { fetchCertificate: () => Promise.resolve(value as string) }))).toBe(code)
  })

  it('has 3 seconds', async () => {
    const signed = await sign()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let code: string | undefined
      const called = new Promise<void>((resolve) => {
        const fetchCertificate = (): Promise<string> => {
          resolve()
          return new Promise(() => undefined)
        }
        void codeOf(verify(signed, { fetchCertificate })).then((found) => {
          code = found
        })
      })
      await called
      await vi.advanceTimersByTimeAsync(2_999)
      expect(code).toBeUndefined()
      await vi.advanceTimersByTimeAsync(1)
      expect(code).toBe('certificate-unavailable')
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await verify(await sign())
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a certificate is kept', () => {
  it('for each URL and function', async () => {
    const [fetchCertificate, another] = [counting(), counting()]
    const signed = await sign()
    for (let message = 0; message < 3; message++) await verify(await sign(), { fetchCertificate })
    expect(fetchCertificate).toHaveBeenCalledTimes(1)
    await verify(signed, { fetchCertificate: another })
    expect(another).toHaveBeenCalledTimes(1)
    await verify(await sign({ signing_cert_url: newCertificateUrl() }), { fetchCertificate })
    expect(fetchCertificate).toHaveBeenCalledTimes(2)
  })

  it('and is fetched once for messages that arrive at once', async () => {
    const fetchCertificate = counting()
    await Promise.all((await Promise.all([sign(), sign(), sign()])).map((one) => verify(one, { fetchCertificate })))
    expect(fetchCertificate).toHaveBeenCalledTimes(1)
  })

  it('unless it failed', async () => {
    const fetchCertificate = counting()
    const signed = await sign()
    fetchCertificate.mockRejectedValueOnce(new Error('down')).mockResolvedValueOnce('<html>')
    const codes = await Promise.all([signed, signed].map((one) => codeOf(verify(one, { fetchCertificate }))))
    // Both waited for the same one.
    expect(codes).toEqual(['certificate-unavailable', 'certificate-unavailable'])
    expect(await codeOf(verify(signed, { fetchCertificate }))).toBe('invalid-certificate')
    expect(await codeOf(verify(signed, { fetchCertificate }))).toBeUndefined()
    expect(fetchCertificate).toHaveBeenCalledTimes(3)
  })

  it('until it expires', async () => {
    const end = now() + 1_000
    const expiring = await createTestCertificate({ notAfter: new Date(end) })
    const signed = await sign({}, expiring)
    const fetchCertificate = counting(expiring.pem)
    const codeAt = (time: number): Promise<string | undefined> =>
      codeOf(verify(signed, { fetchCertificate, now: () => time }))
    expect([await codeAt(now()), await codeAt(end)]).toEqual([undefined, undefined])
    expect(fetchCertificate).toHaveBeenCalledTimes(1)
    // Checked at each use, and fetched again, as it may have been renewed.
    expect([await codeAt(end + 1), await codeAt(end + 1)]).toEqual(['certificate-expired', 'certificate-expired'])
    expect(fetchCertificate).toHaveBeenCalledTimes(3)
    fetchCertificate.mockResolvedValue(pem)
    expect([await codeAt(end + 1), await codeAt(end + 1)]).toEqual([undefined, undefined])
    expect(fetchCertificate).toHaveBeenCalledTimes(4)
  })

  it('not before it is valid', async () => {
    const start = now() + 1_000
    const future = await createTestCertificate({ notBefore: new Date(start) })
    const signed = await sign({}, future)
    const fetchCertificate = counting(future.pem)
    const codeAt = (time: number): Promise<string | undefined> =>
      codeOf(verify(signed, { fetchCertificate, now: () => time }))
    expect([await codeAt(start - 1), await codeAt(start)]).toEqual(['certificate-not-yet-valid', undefined])
    expect(fetchCertificate).toHaveBeenCalledTimes(2)
  })

  it('up to a limit of 32', async () => {
    const fetchCertificate = counting()
    const messages = await Promise.all(
      Array.from({ length: 33 }, () => sign({ signing_cert_url: newCertificateUrl() })),
    )
    const [first, second] = messages
    if (first === undefined || second === undefined) throw new Error('there are 33')
    for (const message of messages) await verify(message, { fetchCertificate })
    expect(fetchCertificate).toHaveBeenCalledTimes(33)
    await verify(second, { fetchCertificate })
    expect(fetchCertificate).toHaveBeenCalledTimes(33)
    await verify(first, { fetchCertificate })
    expect(fetchCertificate).toHaveBeenCalledTimes(34)
  })

  it('even if other URLs are fetched meanwhile', async () => {
    const url = newCertificateUrl()
    const fetchCertificate = vi.fn((one: URL) =>
      one.href === url ? Promise.resolve(pem) : Promise.reject(new Error()),
    )
    const signed = await sign({ signing_cert_url: url })
    await verify(signed, { fetchCertificate })
    const forged = await Promise.all(Array.from({ length: 100 }, () => sign({ signing_cert_url: newCertificateUrl() })))
    await Promise.all(forged.map((one) => codeOf(verify(one, { fetchCertificate }))))
    await verify(signed, { fetchCertificate })
    // No more than eight at a time.
    expect(fetchCertificate).toHaveBeenCalledTimes(9)
    expect(await codeOf(verify(forged[99] ?? signed, { fetchCertificate }))).toBe('certificate-unavailable')
    expect(fetchCertificate).toHaveBeenCalledTimes(10)
  })

  it('until its URL has another one, which is checked once a minute at most', async () => {
    const [url, renewed] = [newCertificateUrl(), await createTestCertificate({ bits: 2_048 + 8 })]
    const fetchCertificate = counting()
    const at = (message: typeof before, seconds: number): Promise<string | undefined> =>
      codeOf(verify(message, { fetchCertificate, now: () => now() + seconds * 1_000 }))
    const before = await sign({ signing_cert_url: url })
    const after = await sign({ signing_cert_url: url }, renewed)
    expect(await at(before, 0)).toBeUndefined()
    // A forged message causes no request within a minute, and one later.
    expect([await at(after, 59), fetchCertificate.mock.calls.length]).toEqual(['wrong-signature', 1])
    expect([await at(after, 60), fetchCertificate.mock.calls.length]).toEqual(['wrong-signature', 2])
    expect([await at(after, 61), fetchCertificate.mock.calls.length]).toEqual(['wrong-signature', 2])
    expect([await at(before, 62), fetchCertificate.mock.calls.length]).toEqual([undefined, 2])
    fetchCertificate.mockResolvedValue(renewed.pem)
    expect([await at(after, 120), await at(after, 121)]).toEqual([undefined, undefined])
    expect(fetchCertificate).toHaveBeenCalledTimes(3)
  })

  it('only if it has verified a message', async () => {
    const other = await createTestCertificate({ bits: 2_048 + 8 })
    const fetchCertificate = counting(other.pem)
    const signed = await sign({ signing_cert_url: newCertificateUrl() })
    expect(await codeOf(verify(signed, { fetchCertificate }))).toBe('wrong-signature')
    fetchCertificate.mockResolvedValue(pem)
    expect(await codeOf(verify(signed, { fetchCertificate }))).toBeUndefined()
  })

  function counting(certificate = pem) {
    return vi.fn(() => Promise.resolve(certificate))
  }
})
