// Receives callbacks. A callback only makes a worker read the job at once, so a forged one costs a read, and no more.
import { createServer, type IncomingMessage } from 'node:http'
import {
  confirmSubscription,
  parseJobCallback,
  respondToCallback,
  verifyMfsEvent,
  verifySmnMessage,
  type CallbackRequest,
  type VodEvent,
} from 'cloud-media-clients/callbacks'
import { wakeChannel } from './names.js'
import { connect } from './redis.js'
import { readSettings } from './settings.js'

const MAX_BYTES = 256 * 1024
const settings = readSettings()
const { SECRET = '', MFS_KEYS = '', SMN_TOPIC = '', PORT = '3000' } = process.env
if (settings.operation !== 'createExtractAudioTask' && SECRET === '') {
  throw new Error('SECRET must be the end of the URL of the callbacks of CI: the only proof of their origin')
}
const redis = connect(settings)

async function wake(id: string | undefined): Promise<void> {
  if (id !== undefined) await redis.publish(wakeChannel(settings), id)
}

type Handler = (callback: CallbackRequest) => Promise<unknown>

const wakeFor = (event: VodEvent | undefined): Promise<void> => wake(event?.audio_extract_info?.asset_id)

const ofJobs: Handler = (callback) => Promise.all(parseJobCallback(callback).map(({ JobId }) => wake(JobId)))

const handlers = new Map<string, Handler>([
  ...(SECRET === '' ? [] : [[`/ci/${SECRET}`, ofJobs] as const]),
  ['/mfs', async (callback) => wakeFor(await verifyMfsEvent(callback, { keys: MFS_KEYS.split(',') }))],
  [
    '/smn',
    async (callback) => {
      const message = await verifySmnMessage(callback, { topicUrn: SMN_TOPIC })
      if (message.type === 'Notification') await wakeFor(message.event)
      if (message.type === 'SubscriptionConfirmation') await confirmSubscription(message)
    },
  ],
])

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_BYTES) throw new Error('the callback is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

createServer((request, response) => {
  const handle = handlers.get(request.url ?? '')
  if (handle === undefined || request.method !== 'POST') {
    response.writeHead(404).end()
    return
  }
  void respondToCallback(async () => handle({ body: await bodyOf(request), headers: request.headers })).then(
    ({ status, error }) => {
      if (error !== undefined) console.error(error)
      response.writeHead(status).end()
    },
  )
}).listen(Number(PORT), () => {
  console.log(`callbacks: port ${PORT}`)
})
