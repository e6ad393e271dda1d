// A receiver of callbacks with Hono, for any platform that has fetch.
import type { TencentCiClient } from 'cloud-media-clients'
import { respondToCallback, verifyMfsEvent } from 'cloud-media-clients/callbacks'
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createResults } from './results.js'

export interface ReceiverOptions {
  readonly ci: TencentCiClient
  /** The end of the URL in `CallBack`: anybody who knows it can send a callback. */
  readonly secret: string
  /** From the console of VOD. */
  readonly mfsKeys: readonly string[]
  readonly print: (line: string) => void
}

export function createReceiver({ ci, secret, mfsKeys, print }: ReceiverOptions): Hono {
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

  return app
}

async function respond(context: Context, handle: (signal: AbortSignal) => Promise<void>): Promise<Response> {
  const { status, error } = await respondToCallback(handle)
  if (error !== undefined) console.error(error)
  return context.body(null, status)
}
