import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { CredentialsError, type HuaweiCredentials } from '../../src/index.js'
import { huaweiClient, rejection } from '../support/clients.js'
import { extracted, huaweiError, stepFetch, type Step } from '../support/step-server.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const OLD = 'OLDTOKENEXAMPLE'
const NEW = 'NEWTOKENEXAMPLE'

/** Sends the token back in its message. */
const echo: Step = (request) =>
  huaweiError(400, 'VOD.10053', `bad ${request.headers.get('x-auth-token') ?? ''}`)(request)

describe('credentials that change while a request is in progress', () => {
  it.each(['an object', 'a function', 'a class'])('of %s let no secret into the error', async (source) => {
    const shared = { token: OLD }
    class Vault {
      get token(): string {
        return shared.token
      }
    }
    const sources: Record<string, HuaweiCredentials | (() => HuaweiCredentials)> = {
      'an object': shared,
      'a function': () => shared,
      'a class': new Vault(),
    }
    const { fetch } = stepFetch((request) => {
      shared.token = NEW
      return echo(request)
    })
    const error = await rejection(
      huaweiClient({ fetch, credentials: sources[source] ?? shared }).createExtractAudioTask(EXTRACT),
    )
    expect(inspect(error, { depth: Infinity }) + JSON.stringify(error)).not.toContain(OLD)
    expect(error).toHaveProperty('providerMessage', 'bad ***')
  })

  it('of a function are recognized as new, even in the same object', async () => {
    const shared = { token: OLD }
    const refused: Step = (request) => {
      shared.token = NEW
      return huaweiError(401, 'APIGW.0307')(request)
    }
    const { fetch, requests } = stepFetch(refused, extracted)
    const credentials = (): HuaweiCredentials => shared
    const { attempts } = await huaweiClient({ fetch, credentials, maxAttempts: 2 })
      .createExtractAudioTask(EXTRACT)
      .withResponse()
    expect([attempts, ...requests.map(({ headers }) => headers.get('x-auth-token'))]).toEqual([2, OLD, NEW])
  })

  it('of a class are read once per attempt, and again after a refusal', async () => {
    let reads = 0
    class Vault {
      get token(): string {
        reads += 1
        return `TOKENEXAMPLE${String(reads)}`
      }
    }
    const { fetch, requests } = stepFetch(huaweiError(401, 'APIGW.0307'), extracted)
    const client = huaweiClient({ fetch, credentials: new Vault(), maxAttempts: 2 })
    reads = 0
    await client.createExtractAudioTask(EXTRACT)
    expect(requests.map(({ headers }) => headers.get('x-auth-token'))).toEqual(['TOKENEXAMPLE1', 'TOKENEXAMPLE2'])
  })
})

describe("the credentials function's own error", () => {
  const failing = (failure: unknown): (() => HuaweiCredentials) => {
    let asked = 0
    return () => {
      asked += 1
      if (asked === 1) return { token: OLD, expiresAt: new Date(Date.UTC(2027, 0, 1)) }
      throw failure
    }
  }
  const failures = [
    new Error(`cannot renew ${OLD}`),
    Object.assign(new Error('cannot renew'), { request: { headers: { 'x-auth-token': OLD } } }),
    new Error('cannot renew', { cause: new Error(OLD) }),
    `cannot renew ${OLD}`,
    { message: `cannot renew ${OLD}`, code: OLD },
  ]

  it.each(failures)('shows no secret within the call: %#', async (failure) => {
    const { fetch } = stepFetch(huaweiError(401, 'APIGW.0307'), extracted)
    const error = await rejection(
      huaweiClient({ fetch, credentials: failing(failure), maxAttempts: 2 }).createExtractAudioTask(EXTRACT),
    )
    expectScrubbed(error)
  })

  it.each(failures)('shows no secret in the next call: %#', async (failure) => {
    const { fetch } = stepFetch(huaweiError(401, 'APIGW.0307'), extracted)
    const client = huaweiClient({ fetch, credentials: failing(failure) })
    await rejection(client.createExtractAudioTask(EXTRACT))
    expectScrubbed(await rejection(client.createExtractAudioTask(EXTRACT)))
  })

  it('keeps its message and code', async () => {
    const failure = Object.assign(new Error('vault is sealed'), { code: 'SEALED' })
    const error = await rejection(
      huaweiClient({ credentials: () => Promise.reject(failure) }).createExtractAudioTask(EXTRACT),
    )
    expect(error).toMatchObject({ name: 'CredentialsError', cause: { message: 'vault is sealed', code: 'SEALED' } })
  })
})

function expectScrubbed(error: unknown): void {
  expect(error).toBeInstanceOf(CredentialsError)
  expect((error as CredentialsError).cause).toBeInstanceOf(Error)
  expect(inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)).not.toContain(OLD)
}
