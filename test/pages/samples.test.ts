import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { ApiError, RequestValidationError, UnexpectedResponseError } from '../../src/index.js'
import { createEmulator } from '../../src/testing/index.js'
import { signTencentRequest } from '../../src/tencent-ci/index.js'
import { useAnswers } from '../support/answering.js'
import { NEW_YEAR, rejection } from '../support/clients.js'
import { samples, type Sample } from './samples.js'

const server = useAnswers()
const requests = samples.filter(({ direction }) => direction === 'request')
const answers = samples.filter(({ direction }) => direction === 'answer')

/** An answer that suits the sample's operation, for calls that are about the request. */
function anyAnswer(sample: Sample): Sample {
  const prefix = sample.name.split(/-?template|-example|: /)[0] ?? ''
  const answer = answers.find(({ name, outcome }) => name.startsWith(prefix) && outcome.kind === 'result')
  if (answer === undefined) throw new Error(`no answer for ${sample.name}`)
  return answer
}

describe('a documented request', () => {
  it.each(requests.filter(({ outcome }) => outcome.kind === 'sent'))('leaves as documented: $name', async (sample) => {
    const sent = server.answer(anyAnswer(sample))
    await sample.call()
    expect(sent).toHaveLength(1)
    expect(sent[0]?.headers.get('content-type')).toBe(sample.contentType)
    expect(read(sent[0]?.body ?? '')).toEqual(read(sample.body))
  })

  it.each(requests.filter(({ outcome }) => outcome.kind === 'refused before sending'))(
    'that breaks its own page is rejected, and sent unchanged without validation: $name',
    async (sample) => {
      const sent = server.answer(anyAnswer(sample))
      const error = await rejection(sample.call())
      if (sample.outcome.kind !== 'refused before sending') throw new Error('filtered above')
      expect(error).toBeInstanceOf(RequestValidationError)
      expect(error).toMatchObject({ attempts: 0, mayHaveRun: false })
      expect((error as RequestValidationError).issues.map(({ path }) => path).sort()).toEqual(sample.outcome.paths)
      expect(sent).toEqual([])
      await sample.call({ validate: false })
      expect(read(sent[0]?.body ?? '')).toEqual(read(sample.body))
    },
  )

  it.each(requests.filter(({ outcome }) => outcome.kind === 'not well formed'))(
    'that is malformed is rejected by the emulator: $name',
    async (sample) => {
      const emulator = createEmulator({ now: () => NEW_YEAR })
      const url = 'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs'
      const headers = { 'content-type': sample.contentType }
      const { credentials } = emulator.options.tencent
      const signed = await signTencentRequest({ method: 'POST', url, headers, credentials, date: new Date(NEW_YEAR) })
      const request = { method: 'POST', headers: { ...headers, ...signed.headers } }
      const refused = await emulator.fetch(new Request(url, { ...request, body: sample.body }))
      expect(refused.status).toBe(400)
      const repaired = samples.find(({ name }) => sample.name === `${name}, as printed`)
      const accepted = await emulator.fetch(new Request(url, { ...request, body: repaired?.body ?? '' }))
      expect(accepted.status).toBe(200)
    },
  )
})

describe('a documented response', () => {
  it.each(answers)('has the expected outcome: $name', async (sample) => {
    const { outcome } = sample
    server.answer(sample)
    if (outcome.kind === 'result') {
      expect(await sample.call()).toEqual(outcome.value)
      return
    }
    const error = await rejection(sample.call())
    if (outcome.kind === 'ApiError') {
      expect(error).toBeInstanceOf(ApiError)
      expect(error).toMatchObject({ status: sample.status, code: outcome.code, mayHaveRun: outcome.mayHaveRun })
    } else {
      expect(error).toBeInstanceOf(UnexpectedResponseError)
      expect(error).toMatchObject({ status: 200, mayHaveRun: true, ids: 'ids' in outcome ? outcome.ids : [] })
    }
  })
})

it('the table holds 12 XML bodies of the pages, 3 of them malformed, and all JSON bodies', () => {
  const xml = samples.filter(({ contentType }) => contentType === 'application/xml')
  const malformed = xml.filter(({ name }) => name.endsWith('as printed'))
  expect([xml.length - malformed.length, malformed.length, samples.length - xml.length]).toEqual([12, 3, 6])
})

/** The fields of a body, without regard to order and white space. Not our own decoder, which is under test. */
function read(body: string): unknown {
  return body.startsWith('<') ? new XMLParser({ parseTagValue: false }).parse(body) : JSON.parse(body)
}
