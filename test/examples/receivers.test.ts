// Callbacks from the served emulator to small receivers, over HTTP.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import {
  createHuaweiVodClient,
  createTencentCiClient,
  type HuaweiVodClient,
  type TencentCiClient,
} from 'cloud-media-clients'
import {
  createEmulator,
  createTestCertificate,
  jobCallback,
  signMfsEvent,
  signSmnMessage,
  type Emulator,
  type EmulatorOptions,
} from 'cloud-media-clients/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as expressReceiver from './receivers/express.js'
import * as honoReceiver from './receivers/hono.js'
import type { ReceiverOptions } from './receivers/results.js'

const SECRET = 'b7f3e2a19c5d4860'
const KEY = 'mfs-key'
const TOPIC = 'urn:smn:cn-north-4:0123456789abcdef0123456789abcdef:vod'
const VIDEO = 'episode-1'
const NOISE = { Input: { Object: 'interview.wav' }, Operation: { Output: { Object: 'clean/interview.wav' } } }

const closers: (() => unknown)[] = []
beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closers.splice(0).reverse()) await close()
})

describe.each([
  ['Express', (options: ReceiverOptions) => createServer(expressReceiver.createReceiver(options))],
  [
    'Hono',
    (options: ReceiverOptions) => {
      const listener = getRequestListener(honoReceiver.createReceiver(options).fetch)
      return createServer((request, response) => void listener(request, response))
    },
  ],
] as const)('a receiver with %s', (_, create) => {
  describe('of the callbacks of CI', () => {
    it.each(['XML', 'JSON'] as const)('prints the result of a job: %s', async (CallBackFormat) => {
      const { emulator, ci, url, lines } = await started(create)
      const { JobId } = await ci.createNoiseReductionJob({ ...NOISE, CallBack: `${url}/ci/${SECRET}`, CallBackFormat })
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ id: JobId, status: 200, state: 'delivered' }])
      expect(lines).toEqual([`${JobId}: clean/interview.wav`])
    })

    it('prints that a job failed', async () => {
      const { emulator, ci, url, lines } = await started(create)
      emulator.settle({ source: 'interview.wav' }, { State: 'Failed' })
      const { JobId } = await ci.createNoiseReductionJob({ ...NOISE, CallBack: `${url}/ci/${SECRET}` })
      await emulator.callbacksDone()
      expect(lines).toEqual([`${JobId}: failed`])
    })

    it('gets a callback that came while it was down', async () => {
      const { emulator, ci, url, lines, stop, start } = await started(create)
      await stop()
      const { JobId } = await ci.createNoiseReductionJob({ ...NOISE, CallBack: `${url}/ci/${SECRET}` })
      await vi.waitFor(() => {
        expect(emulator.callbacks).toMatchObject([{ attempts: 2, error: 'fetch failed: ECONNREFUSED' }])
      })
      await start()
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ status: 200, error: undefined, state: 'delivered' }])
      expect(lines).toEqual([`${JobId}: clean/interview.wav`])
    })

    it('rejects a forged callback', async () => {
      const { ci, url, lines } = await started(create, { jobDurationMs: 60_000 })
      const job = await ci.createNoiseReductionJob(NOISE)
      const forged = jobCallback({ ...job, State: 'Success' })
      expect(await post(`${url}/ci/guess`, forged)).toBe(404)
      expect(await post(`${url}/ci/${SECRET}`, jobCallback({ ...job, JobId: 'j0', State: 'Success' }))).toBe(400)
      expect(await post(`${url}/ci/${SECRET}`, { headers: {}, body: 'x' })).toBe(400)
      expect(await post(`${url}/ci/${SECRET}`, { headers: {}, body: '' })).toBe(400)
      // One for a job that runs is no result yet.
      expect(await post(`${url}/ci/${SECRET}`, forged)).toBe(200)
      expect(lines).toEqual([])
    })

    it('handles a repeated callback once', async () => {
      const { emulator, ci, url, lines } = await started(create)
      await ci.createNoiseReductionJob({ ...NOISE, CallBack: `${url}/ci/${SECRET}` })
      await emulator.callbacksDone()
      expect(await repeated(emulator)).toEqual([200, 200])
      expect(lines).toHaveLength(1)
    })
  })

  describe('of the events through MFS', () => {
    it('prints the result of an extraction', async () => {
      const { emulator, vod, lines } = await started(create)
      const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: VIDEO })
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ id: audio_asset_id, status: 200, state: 'delivered' }])
      const audio = emulator.assets().find(({ asset_id }) => asset_id === audio_asset_id)
      expect(lines).toEqual([`${audio_asset_id}: ${String(audio?.base_info?.video_url)}`])
    })

    it('prints that an extraction failed', async () => {
      const { emulator, vod, lines } = await started(create)
      emulator.settle({ source: VIDEO }, { status: 'SERVER_ERROR', description: 'no audio stream' })
      const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: VIDEO })
      await emulator.callbacksDone()
      expect(lines).toEqual([`${audio_asset_id}: failed: no audio stream`])
    })

    it('gets an event that came while it was down', async () => {
      const { emulator, vod, lines, stop, start } = await started(create)
      await stop()
      await vod.createExtractAudioTask({ asset_id: VIDEO })
      await vi.waitFor(() => {
        expect(emulator.callbacks).toMatchObject([{ attempts: 2 }])
      })
      await start()
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ state: 'delivered' }])
      expect(lines).toHaveLength(1)
    })

    it('rejects a forged event', async () => {
      const { url, lines } = await started(create)
      const event = {
        event_type: 'audioExtractComplete',
        audio_extract_info: { status: 'SUCCEED', asset_id: 'audio-1' },
      }
      const old = Date.now() - 301_000
      const { headers } = await signMfsEvent(event, { key: KEY })
      const { body } = await signMfsEvent({ ...event, more: 1 }, { key: KEY })
      expect(await post(`${url}/mfs`, await signMfsEvent(event, { key: 'guess' }))).toBe(400)
      expect(await post(`${url}/mfs`, await signMfsEvent(event, { key: KEY, timestamp: old }))).toBe(400)
      expect(await post(`${url}/mfs`, { headers, body })).toBe(400)
      expect(await post(`${url}/mfs`, { headers: {}, body: JSON.stringify(event) })).toBe(400)
      expect(lines).toEqual([])
      expect(await post(`${url}/mfs`, await signMfsEvent(event, { key: KEY, body: 'event' }))).toBe(200)
      expect(lines).toEqual(['audio-1: done'])
    })

    it('handles a repeated event once', async () => {
      const { emulator, vod, lines } = await started(create)
      await vod.createExtractAudioTask({ asset_id: VIDEO })
      await emulator.callbacksDone()
      expect(await repeated(emulator)).toEqual([200, 200])
      expect(lines).toHaveLength(1)
    })
  })

  describe('of the messages of SMN', () => {
    it('prints the result of an extraction', async () => {
      const { emulator, vod, lines } = await started(create, { topicUrn: TOPIC })
      const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: VIDEO })
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ kind: 'smn', id: audio_asset_id, status: 200, state: 'delivered' }])
      const audio = emulator.assets().find(({ asset_id }) => asset_id === audio_asset_id)
      expect(lines).toEqual([`${audio_asset_id}: ${String(audio?.base_info?.video_url)}`])
    })

    it('gets a message that came while a proxy responded in its place', async () => {
      const { emulator, vod, url, lines, stop, start } = await started(create, { topicUrn: TOPIC })
      await stop()
      const proxy = createServer((_, response) => response.writeHead(503).end())
      await once(proxy.listen(Number(new URL(url).port), '127.0.0.1'), 'listening')
      await vod.createExtractAudioTask({ asset_id: VIDEO })
      await vi.waitFor(() => {
        expect(emulator.callbacks).toMatchObject([{ attempts: 2, status: 503, state: 'pending' }])
      })
      proxy.closeAllConnections()
      await once(proxy.close(), 'close')
      await start()
      await emulator.callbacksDone()
      expect(emulator.callbacks).toMatchObject([{ status: 200, state: 'delivered' }])
      expect(lines).toHaveLength(1)
    })

    it('confirms the subscription', async () => {
      const { url, visited } = await started(create)
      const signed = await signSmnMessage({ type: 'SubscriptionConfirmation', topic_urn: TOPIC })
      expect(await post(`${url}/smn`, signed)).toBe(200)
      expect(visited).toEqual([expect.stringContaining('https://console.huaweicloud.com/smn/subscription/confirm?')])
    })

    it('rejects a forged message', async () => {
      const { url, lines, visited } = await started(create)
      const event = {
        event_type: 'audioExtractComplete',
        audio_extract_info: { status: 'SUCCEED', asset_id: 'audio-1' },
      }
      const message = { topic_urn: TOPIC, message: event }
      const signed = await signSmnMessage(message)
      const certificate = await createTestCertificate({ bits: 3_072 })
      const { signing_cert_url } = JSON.parse(signed.body) as { signing_cert_url: string }
      const subscription = { type: 'SubscriptionConfirmation', topic_urn: TOPIC, signing_cert_url } as const
      const forgeries = [
        { ...signed, body: signed.body.replace('audio-1', 'audio-2') },
        await signSmnMessage({ ...message, topic_urn: TOPIC.replace(':vod', ':other') }),
        await signSmnMessage({ ...message, timestamp: '2020-01-01T00:00:00Z' }),
        await signSmnMessage({ ...message, signing_cert_url }, { certificate }),
        await signSmnMessage({ ...message, signing_cert_url: 'https://example.com/smn.pem' }, { certificate }),
        await signSmnMessage(subscription, { certificate }),
      ]
      for (const forgery of forgeries) expect(await post(`${url}/smn`, forgery)).toBe(400)
      expect([lines, visited]).toEqual([[], []])
      expect(await post(`${url}/smn`, signed)).toBe(200)
      expect(lines).toEqual(['audio-1: done'])
    })

    it('handles a repeated message once', async () => {
      const { emulator, vod, lines } = await started(create, { topicUrn: TOPIC })
      await vod.createExtractAudioTask({ asset_id: VIDEO })
      await emulator.callbacksDone()
      expect(await repeated(emulator)).toEqual([200, 200])
      expect(lines).toHaveLength(1)
    })
  })
})

it('a receiver with Hono needs no server: the emulator calls its fetch', async () => {
  const emulator: Emulator = createEmulator({
    huawei: { events: { url: 'http://localhost/smn', topicUrn: TOPIC } },
    callbacks: { fetch: (request) => receiver.fetch(request) },
  })
  const { huawei, tencent } = emulator.options
  const { fetch, fetchCertificate } = emulator
  const ci = createTencentCiClient({ ...tencent, fetch })
  const { projectId, credentials, assets } = huawei
  const vod = createHuaweiVodClient({ region: 'cn-north-4', projectId, credentials, fetch })
  const lines: string[] = []
  const smn = { topicUrn: TOPIC, fetchCertificate }
  const receiver = honoReceiver.createReceiver({
    ci,
    secret: SECRET,
    mfsKeys: [KEY],
    smn,
    print: (line) => lines.push(line),
  })
  const { JobId } = await ci.createNoiseReductionJob({ ...NOISE, CallBack: `http://localhost/ci/${SECRET}` })
  const { audio_asset_id } = await vod.createExtractAudioTask({ asset_id: assets[0]?.asset_id ?? '' })
  await emulator.callbacksDone()
  expect(lines).toContain(`${JobId}: clean/interview.wav`)
  expect(lines.filter((line) => line.startsWith(`${audio_asset_id}: https://`))).toHaveLength(1)
})

interface Started {
  readonly emulator: Emulator
  readonly vod: HuaweiVodClient
  readonly ci: TencentCiClient
  /** Of the receiver. */
  readonly url: string
  /** What the receiver has printed. */
  readonly lines: readonly string[]
  /** The URLs at which the receiver has confirmed a subscription. */
  readonly visited: readonly string[]
  readonly stop: () => Promise<void>
  /** Starts the receiver again, at the same URL. */
  readonly start: () => Promise<void>
}

/** An emulator and a receiver, both served until the test ends. */
async function started(
  create: (options: ReceiverOptions) => Server,
  { topicUrn, ...options }: EmulatorOptions & { readonly topicUrn?: string } = {},
): Promise<Started> {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  const events = topicUrn === undefined ? { url: `${url}/mfs`, key: KEY } : { url: `${url}/smn`, topicUrn }
  const emulator = createEmulator({ huawei: { assets: [{ asset_id: VIDEO }], events }, ...options })
  const { url: endpoint, close } = await emulator.listen()
  const { huawei, tencent } = emulator.options
  const vod = createHuaweiVodClient({ endpoint, projectId: huawei.projectId, credentials: huawei.credentials })
  const ci = createTencentCiClient({ ...tencent, endpoint })
  const lines: string[] = []
  const visited: string[] = []
  const server = create({
    ci,
    secret: SECRET,
    mfsKeys: ['old-key', KEY],
    // As a receiver in another process would get the certificate of the emulator.
    smn: { topicUrn: TOPIC, fetchCertificate: async ({ pathname }) => (await fetch(`${endpoint}${pathname}`)).text() },
    confirm: {
      fetch: (request) => {
        visited.push(request.url)
        return Promise.resolve(Response.json({ subscription_urn: `${TOPIC}:1` }))
      },
    },
    print: (line) => lines.push(line),
  })

  async function start(): Promise<void> {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  }

  async function stop(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }

  closers.push(close, stop, emulator.reset)
  await start()
  return { emulator, vod, ci, url, lines, visited, stop, start }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  // The address of a TCP server is an object.
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

/** Sends what the emulator has sent, twice more, and returns the statuses. */
async function repeated({ callbacks }: Emulator): Promise<number[]> {
  const [callback] = callbacks
  if (callback === undefined) throw new Error('there is no callback')
  return [await post(callback.url, callback), await post(callback.url, callback)]
}

async function post(url: string, { headers, body }: { headers: Readonly<Record<string, string>>; body: string }) {
  const response = await fetch(url, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}
