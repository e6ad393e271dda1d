// Sends the documented response to every documented request without further checks, so that no client waits for it.
// Listens once for http, and for https as often as ordered, so that the handshakes of each client can be counted.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { answers } from './answers.mjs'
import { order } from './order.mjs'

const known = Object.entries({
  '/asset/extract_audio': answers.createExtractAudioTask,
  '/asset/status/unpublish': answers.unpublishAssets,
  '/asset/info': answers.listAssets,
  '/jobs/': answers.getJobs,
})

const credentials = { key: readFileSync(order.key), cert: readFileSync(order.certificate) }
const plain = http.createServer(answer)
const secure = Array.from({ length: order.secure }, () => https.createServer(credentials, answer))
const handshakes = secure.map(() => 0)
secure.forEach((server, index) => server.on('secureConnection', () => (handshakes[index] += 1)))
process.on('message', () => process.send(handshakes))
process.on('disconnect', () => process.exit())
process.send({
  http: await listening('http', plain),
  https: await Promise.all(secure.map((server) => listening('https', server))),
})

async function listening(scheme, server) {
  // 0, unless a measurement orders a limit, as the connection of a client that pauses between two rounds must stay open.
  server.keepAliveTimeout = order.idleLimitMs
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `${scheme}://127.0.0.1:${String(server.address().port)}`
}

function answer(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { status, contentType, body } = answerFor(request.url, chunks)
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'x-request-id': '5a63903e2f0c4b6d8e1a7c9b3d5f6071',
      'x-ci-request-id': 'NjMxMDJhM2ZfMThhYTk0MGFfYmU1OV8zZg==',
    })
    response.end(body)
  })
}

function answerFor(url, chunks) {
  const found = known.find(([part]) => url.includes(part))
  if (found !== undefined) return found[1]
  const isVoiceSeparate = chunks.some((chunk) => chunk.includes('<Tag>VoiceSeparate</Tag>'))
  return isVoiceSeparate ? answers.createVoiceSeparateJob : answers.createNoiseReductionJob
}
