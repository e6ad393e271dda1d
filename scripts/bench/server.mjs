// Sends the documented response to every documented request without further checks, so that no client waits for it.
import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import { answers } from './answers.mjs'

const ends = Object.entries({
  '/asset/extract_audio': answers.createExtractAudioTask,
  '/asset/status/unpublish': answers.unpublishAssets,
})

const server = createServer((request, response) => {
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
})
// The connection of a client that pauses between two rounds must stay open.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${String(server.address().port)}`))
process.on('disconnect', () => process.exit())

function answerFor(url, chunks) {
  const known = ends.find(([end]) => url.endsWith(end))
  if (known !== undefined) return known[1]
  const isVoiceSeparate = chunks.some((chunk) => chunk.includes('<Tag>VoiceSeparate</Tag>'))
  return isVoiceSeparate ? answers.createVoiceSeparateJob : answers.createNoiseReductionJob
}
