import { describe, expect, it } from 'vitest'
import { localTimeOf } from '../../src/sending/sending-time.js'
import { CloudMediaError } from '../../src/index.js'
import { huaweiClient, NEW_YEAR, rejection } from '../support/clients.js'
import { huaweiError, stepFetch, type Step } from '../support/step-server.js'

const EXTRACT = { asset_id: 'a1' }
const MINUTE_MS = 60_000

const lost: Step = () => Promise.reject(new TypeError('terminated'))
const unsent: Step = () => Promise.reject(Object.assign(new Error('no'), { code: 'ECONNREFUSED', syscall: 'connect' }))

/** A clock that moves a second per request, and what a call rejects with. */
async function failure(...steps: readonly Step[]): Promise<CloudMediaError> {
  const clock = { now: NEW_YEAR }
  const server = stepFetch(...steps)
  const client = huaweiClient({
    maxAttempts: 4,
    now: () => clock.now,
    sleep: () => Promise.resolve(),
    fetch: async (request) => {
      clock.now += 1000
      return server.fetch(request)
    },
  })
  const error = await rejection(client.createExtractAudioTask(EXTRACT))
  if (!(error instanceof CloudMediaError)) throw new Error('not an error of a call')
  return error
}

describe('startedAt', () => {
  it('is when the request was sent whose response was lost', async () => {
    expect((await failure(lost)).startedAt).toEqual(new Date(NEW_YEAR))
  })

  it('is undefined if no request may have run', async () => {
    expect(await failure(huaweiError(400, 'VOD.10053'))).toMatchObject({ mayHaveRun: false, startedAt: undefined })
  })

  it('is that of the first attempt that may have run, not of one before it', async () => {
    expect((await failure(unsent, unsent, lost)).startedAt).toEqual(new Date(NEW_YEAR + 2000))
  })

  it('uses the clock of the server once it is known, and remembers the local time', async () => {
    const refused = huaweiError(401, 'APIGW.0301', 'signature expired', {
      date: new Date(NEW_YEAR + 1000 + 20 * MINUTE_MS).toUTCString(),
    })
    const { startedAt } = await failure(refused, lost)
    expect(Math.abs(Number(startedAt) - (NEW_YEAR + 1000 + 20 * MINUTE_MS))).toBeLessThan(2000)
    expect(startedAt && localTimeOf(startedAt)).toBe(NEW_YEAR + 1000)
    expect(localTimeOf(new Date(NEW_YEAR))).toBeUndefined()
  })

  it('is part of the error as JSON', async () => {
    expect(JSON.parse(JSON.stringify(await failure(lost)))).toMatchObject({ startedAt: '2026-01-01T00:00:00.000Z' })
  })
})
