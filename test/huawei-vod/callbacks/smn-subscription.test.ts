import { afterEach, describe, expect, it, vi } from 'vitest'
import { ConfigurationError } from '../../../src/errors/errors.js'
import {
  confirmSubscription,
  type ConfirmSubscriptionOptions,
} from '../../../src/huawei-vod/callbacks/confirm-subscription.js'
import type { VerifiedSmnSubscriptionConfirmation } from '../../../src/huawei-vod/callbacks/verify-smn-message.js'
import { endServersAfterEach, httpServer, refusingServer } from '../../support/wire-servers.js'
import { codeOf, sign, timestamp, topicUrn, verify } from './smn.js'

endServersAfterEach()
afterEach(() => {
  vi.unstubAllGlobals()
})

const builtInFetch = globalThis.fetch
const token = 'c0ffee0123456789c0ffee0123456789'
const url = `https://console.huaweicloud.com/smn/subscription/confirm?token=${token}&topic_urn=${topicUrn}&region=cn-north-4`
const subscription_urn = `${topicUrn}:0123456789abcdef0123456789abcdef`
const confirmed = JSON.stringify({ request_id: 'r1', subscription_urn })

const message = {
  type: 'SubscriptionConfirmation',
  topic_urn: topicUrn,
  message: '',
  message_id: 'm1',
  timestamp,
} as const

describe('confirmSubscription', () => {
  it.each([
    ['a host for all regions', url],
    ['the host of the region', url.replace('console.', 'cn-north-4-console.')],
  ])('visits the URL: %s', async (_what, subscribe_url) => {
    const fetch = vi.fn<(request: Request) => Promise<Response>>(() => Promise.resolve(new Response(confirmed)))
    expect(await confirmSubscription({ ...message, subscribe_url }, { fetch })).toEqual({ subscription_urn })
    expect(fetch).toHaveBeenCalledTimes(1)
    const [[request] = []] = fetch.mock.calls
    expect(request).toMatchObject({ method: 'GET', url: subscribe_url, redirect: 'manual', body: null })
    expect([...(request?.headers ?? [])]).toEqual([])
  })

  it('accepts what verifySmnMessage returns, and uses the built-in fetch', async () => {
    const verified = await verify(await sign({ type: 'SubscriptionConfirmation', subscribe_url: url }))
    const server = await httpServer((_request, response) => response.end(confirmed))
    vi.stubGlobal('fetch', ({ redirect, signal }: Request) => builtInFetch(server.url, { redirect, signal }))
    if (verified.type !== 'SubscriptionConfirmation') throw new Error('it is one')
    expect(await confirmSubscription(verified)).toEqual({ subscription_urn })
  })

  it.each([
    url.replace('https:', 'http:'),
    url.replace('console.', 'cn-north-1-console.'),
    url.replace('console.', 'x.console.'),
    url.replace('console.', 'CONSOLE.'),
    url.replace('huaweicloud.com', 'huaweicloud.com.evil.test'),
    url.replace('huaweicloud.com', 'huaweicloud.com:8443'),
    url.replace('huaweicloud.com', 'huaweicloud.com@evil.test'),
    url.replace('https://', 'https://user@'),
    url.replace('https://', 'https://evil.test/'),
    url.replace('https://', 'https:\\\\'),
    url.replace('/confirm', '/unsubscribe'),
    url.replace('/smn/', '/smn/../smn/'),
    url.replace('/smn/', '//smn/'),
    url.replace('/confirm', '/confirm/'),
    url.replace(/\?.*/, ''),
    `${url}#x`,
    `${url}\n`,
    ` ${url}`,
    `${url}&name=a b`,
    '',
    undefined,
  ])('visits no other URL: %j', async (subscribe_url) => {
    const fetch = vi.fn()
    const confirmation = { ...message, subscribe_url } as VerifiedSmnSubscriptionConfirmation
    expect(await codeOf(confirmSubscription(confirmation, { fetch }))).toBe('invalid-subscribe-url')
    expect(fetch).not.toHaveBeenCalled()
  })

  it('rejects a message without its topic', async () => {
    const fetch = vi.fn()
    const unverified = { ...message, subscribe_url: url, topic_urn: undefined }
    // @ts-expect-error -- the topic is missing
    expect(await codeOf(confirmSubscription(unverified, { fetch }))).toBe('unknown-type')
    expect(fetch).not.toHaveBeenCalled()
  })

  it('rejects the notice that a subscription has ended', async () => {
    const fetch = vi.fn()
    const ended = { ...message, type: 'UnsubscribeConfirmation', subscribe_url: url } as const
    // @ts-expect-error -- it would renew the subscription
    expect(await codeOf(confirmSubscription(ended, { fetch }))).toBe('unknown-type')
    // @ts-expect-error -- nothing is verified
    expect(await codeOf(confirmSubscription(undefined, { fetch }))).toBe('unknown-type')
    expect(fetch).not.toHaveBeenCalled()
  })

  it.each([
    ['status 302', 302, ''],
    ['status 400', 400, '{"message":"expired"}'],
    ['status 403', 403, ''],
    ['status 500', 500, confirmed],
    ['status 201', 201, confirmed],
    ['status 200, but no subscription_urn of the topic', 200, ''],
    ['status 200, but no subscription_urn of the topic', 200, '<html>'],
    ['status 200, but no subscription_urn of the topic', 200, 'null'],
    ['status 200, but no subscription_urn of the topic', 200, '{"subscription_urn":""}'],
    ['status 200, but no subscription_urn of the topic', 200, '{"subscription_urn":1}'],
    ['status 200, but no subscription_urn of the topic', 200, '{"subscription_urn":"urn:smn:cn-north-4:0:other:1"}'],
    ['status 200, but no subscription_urn of the topic', 200, confirmed.padEnd(16_385)],
  ])('reports a failure: %s', async (what, status, body) => {
    const target = await httpServer((_request, response) => response.end(confirmed))
    const server = await httpServer((_request, response) =>
      response.writeHead(status, { location: target.url }).end(body),
    )
    expect(await errorOf(server.url)).toMatchObject({
      code: 'confirmation-failed',
      message: `confirmSubscription: ${what}`,
    })
    expect(target.requests()).toBe(0)
  })

  it('reports that there is no connection', async () => {
    const { url } = await refusingServer()
    expect(await errorOf(url)).toMatchObject({
      code: 'confirmation-failed',
      message: 'confirmSubscription: no response: ECONNREFUSED',
      cause: { code: 'ECONNREFUSED' },
    })
  })

  it.each([
    ['the headers', false],
    ['the body', true],
  ])('ends the request if %s take longer than timeoutMs', async (_what, hasHeaders) => {
    let isOpen = true
    const server = await httpServer((_request, response) => {
      response.on('close', () => {
        isOpen = false
      })
      if (hasHeaders) response.write('{')
    })
    expect(await errorOf(server.url, { timeoutMs: 50 })).toMatchObject({
      message: 'confirmSubscription: no response: no complete response within 50 ms',
    })
    await vi.waitFor(() => {
      expect(isOpen).toBe(false)
    })
  })

  it('shows the token in no error', async () => {
    const texts = [`sending ${url} failed`, encodeURIComponent(url), `token ${token}`]
    for (const text of texts) {
      const cause = Object.assign(new Error(text), { request: { url } })
      const error = await errorOf('', { fetch: () => Promise.reject(cause) })
      expect(error).toMatchObject({ code: 'confirmation-failed' })
      expect(
        JSON.stringify([error, String(error), (error as Error).cause, String((error as Error).cause)]),
      ).not.toMatch(/c0ffee/)
    }
    for (const subscribe_url of [`${url}#`, url.replace('https', 'http')]) {
      const error: unknown = await confirmSubscription({ ...message, subscribe_url }).catch((error: unknown) => error)
      expect(JSON.stringify([error, String(error)])).not.toMatch(/c0ffee/)
    }
  })

  it.each([
    [null, 'options'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: '5' }, 'timeoutMs'],
    [{ timeoutMS: 5 }, 'timeoutMS'],
    [{ fetch: 'x' }, 'fetch'],
  ])('rejects options %j: a wrong %s', async (options, option) => {
    // What JavaScript may pass.
    const error: unknown = await confirmSubscription(
      { ...message, subscribe_url: url },
      options as ConfirmSubscriptionOptions,
    ).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option })
  })

  function errorOf(server: string, options: ConfirmSubscriptionOptions = {}): Promise<unknown> {
    const fetch = ({ redirect, signal }: Request): Promise<Response> => builtInFetch(server, { redirect, signal })
    return confirmSubscription({ ...message, subscribe_url: url }, { fetch, ...options }).catch(
      (error: unknown) => error,
    )
  }
})
