// A receiver of callbacks with Express.
import { confirmSubscription, respondToCallback, verifyMfsEvent, verifySmnMessage } from 'cloud-media-clients/callbacks'
import express, { type Express, type Response } from 'express'
import { createResults, type ReceiverOptions } from './results.js'

export function createReceiver({ ci, secret, mfsKeys, smn, confirm, print }: ReceiverOptions): Express {
  const results = createResults(print)
  const app = express()
  // Signatures are for the bytes as they arrived, so nothing may parse them before.
  app.use(express.raw({ type: () => true, limit: '256kb' }))

  app.post(`/ci/${secret}`, (request, response) =>
    respond(response, async (signal) => {
      results.addJobs(await ci.confirmCallback(request, { signal }))
    }),
  )

  app.post('/mfs', (request, response) =>
    respond(response, async () => {
      results.addEvent(await verifyMfsEvent(request, { keys: mfsKeys }))
    }),
  )

  app.post('/smn', (request, response) =>
    respond(response, async () => {
      const message = await verifySmnMessage(request, smn)
      if (message.type === 'Notification') results.addEvent(message.event)
      if (message.type === 'SubscriptionConfirmation') await confirmSubscription(message, confirm)
    }),
  )

  return app
}

async function respond(response: Response, handle: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { status, error } = await respondToCallback(handle)
  if (error !== undefined) console.error(error)
  response.sendStatus(status)
}
