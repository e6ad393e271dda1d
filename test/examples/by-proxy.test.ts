// Through a proxy: the agent that speaks to it is an option of the client.
import http from 'node:http'
import { createTencentCiClient } from 'cloud-media-clients'
import { createEmulator } from 'cloud-media-clients/testing'
import { HttpProxyAgent } from 'http-proxy-agent'
import { HttpsProxyAgent } from 'https-proxy-agent'
import { afterAll, afterEach, expect, it } from 'vitest'
import { proxyServer } from '../support/proxy-server.js'
import { endServersAfterEach, tlsServer } from '../support/wire-servers.js'
import { cleanRecording } from './podcast.js'

const emulator = createEmulator()
const { url, close } = await emulator.listen()
const { credentials } = emulator.options.tencent

endServersAfterEach()
afterEach(() => {
  emulator.reset()
})
afterAll(close)

it('cleans a recording through a proxy, over https', async () => {
  const provider = await tlsServer(forwardToEmulator)
  const proxy = await proxyServer()

  const agent = new HttpsProxyAgent(proxy.url, { keepAlive: true })
  // Only for a certificate that Node does not trust anyway.
  Object.assign(agent.options, { ca: provider.certificate })
  const ci = createTencentCiClient({ endpoint: provider.url, credentials, agent })

  const jobId = await cleanRecording(ci, 'interview.wav')
  expect(emulator.jobs()).toMatchObject([{ JobId: jobId }])
  expect([proxy.tunnels(), proxy.forwarded()]).toEqual([1, 0])
  agent.destroy()
})

it('cleans a recording through a proxy, over http', async () => {
  const proxy = await proxyServer()

  const agent = new HttpProxyAgent(proxy.url, { keepAlive: true })
  const ci = createTencentCiClient({ endpoint: url, credentials, agent })

  const jobId = await cleanRecording(ci, 'interview.wav')
  expect(emulator.jobs()).toMatchObject([{ JobId: jobId }])
  expect([proxy.tunnels(), proxy.forwarded()]).toEqual([0, 1])
  agent.destroy()
})

/** Lets the emulator respond over https. */
function forwardToEmulator(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { url: path = '', method, headers } = request
  const onward = http.request(new URL(path, url), { method, headers, agent: false }, (answer) => {
    answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
  })
  request.pipe(onward)
}
