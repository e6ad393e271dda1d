// A receiver of callbacks with Express.
import type { TencentCiClient } from 'cloud-media-clients'
import { respondToCallback, verifyMfsEvent } from 'cloud-media-clients/callbacks'
import express, { type Express, type Response } from 'express'
import { createResults } from './results.js'

export interface ReceiverOptions {
  readonly ci: TencentCiClient
  /** The end of the URL in `CallBack`: anybody who knows it can send a callback. */
  readonly secret: string
  /** From the console of VOD. */
  readonly mfsKeys: readonly string[]
  readonly print: (line: string) => void
}

export function createReceiver({ ci, secret, mfsKeys, print }: ReceiverOptions): Express {
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

  return app
}

async function respond(response: Response, handle: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { status, error } = await respondToCallback(handle)
  if (error !== undefined) console.error(error)
  response.sendStatus(status)
}
