// A receiver of callbacks with Hono, for any platform that has fetch.
import { confirmSubscription, respondToCallback, verifyMfsEvent, verifySmnMessage } from 'cloud-media-clients/callbacks'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createResults, type ReceiverOptions } from './results.js'

export function createReceiver({ ci, secret, mfsKeys, smn, confirm, print }: ReceiverOptions): Hono {
  const results = createResults(print)
  const app = new Hono()
  app.use(bodyLimit({ maxSize: 256 * 1024 }))

  app.post(`/ci/${secret}`, (context) =>
    respond(context, async (signal) => {
      results.addJobs(await ci.confirmCallback(context.req.raw, { signal }))
    }),
  )

  app.post('/mfs', (context) =>
    respond(context, async () => {
      results.addEvent(await verifyMfsEvent(context.req.raw, { keys: mfsKeys }))
    }),
  )

  app.post('/smn', (context) =>
    respond(context, async () => {
      const message = await verifySmnMessage(context.req.raw, smn)
      if (message.type === 'Notification') results.addEvent(message.event)
      if (message.type === 'SubscriptionConfirmation') await confirmSubscription(message, confirm)
    }),
  )

  return app
}

async function respond(context: Context, handle: (signal: AbortSignal) => Promise<void>): Promise<Response> {
  const { status, error } = await respondToCallback(handle)
  if (error !== undefined) console.error(error)
  return context.body(null, status)
}
