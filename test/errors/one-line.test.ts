import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ApiError, CloudMediaError, type NoiseReductionRequest, type UnpublishRequest } from '../../src/index.js'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'
import { huaweiError, stepFetch, type Step } from '../support/step-server.js'

const EXTRACT = { asset_id: 'f488337c31c8e4622f1590735b134c65' }
const NOISE = { Input: { Object: 'in.mp3' }, Operation: { Output: { Object: 'out.mp3' } } }

/** A line break, an escape sequence, marks that change the direction of text, a line separator, and length. */
const HOSTILE = `a\r\nFAKE LOG LINE\u001b[2J\u009b31m\u202Eb\u2066\u2028c\u0000\u200b${'x'.repeat(20_000)}`
const UNPRINTABLE = /[\p{C}\u2028\u2029]/u

const huaweiFailures: [what: string, step: Step][] = [
  ['a code', huaweiError(400, HOSTILE)],
  ['a message', huaweiError(400, 'VOD.10053', HOSTILE)],
  ['a request id', () => Response.json({ error_code: 'VOD.10053', request_id: HOSTILE }, { status: 400 })],
  [
    'a request id in a header',
    huaweiError(400, 'VOD.10053', 'no', { 'x-request-id': `\u009b31m${'x'.repeat(9_000)}` }),
  ],
  ['what the gateway read', huaweiError(401, 'APIGW.0301', `verify aksk signature fail, canonicalRequest:${HOSTILE}`)],
  ['a page', () => new Response(HOSTILE, { status: 502 })],
  [
    'many ids',
    () => new Response(Array.from({ length: 60_000 }, (_, id) => `"audio_asset_id":"${String(id)}"`).join()),
  ],
  ['a failure', () => Promise.reject(Object.assign(new Error(HOSTILE), { code: HOSTILE }))],
]

describe('the parts of an error are bounded and printable:', () => {
  it.each(huaweiFailures)('Huawei, %s', async (_, step) => {
    const { fetch } = stepFetch(step)
    const requestIds: (string | undefined)[] = []
    const onAttempt = ({ requestId }: { requestId: string | undefined }): unknown => requestIds.push(requestId)
    const error = await rejection(huaweiClient({ fetch, onAttempt }).createExtractAudioTask(EXTRACT))
    expectPrintable(error)
    expect(requestIds.join()).not.toMatch(UNPRINTABLE)
    expect(requestIds.join().length).toBeLessThan(130)
  })

  it('Tencent, every part', async () => {
    const text = HOSTILE.replaceAll('\u0000', '').replaceAll('\u001b', '')
    const parts = ['Code', 'Message', 'RequestId', 'TraceId'].map((name) => `<${name}>${text}</${name}>`)
    const { fetch } = stepFetch(() => new Response(`<Error>${parts.join('')}</Error>`, { status: 400 }))
    expectPrintable(await rejection(tencentClient({ fetch }).createNoiseReductionJob(NOISE)))
  })

  it('the failure of credentials', async () => {
    const credentials = (): never => {
      throw new Error(HOSTILE)
    }
    expectPrintable(await rejection(huaweiClient({ credentials }).createExtractAudioTask(EXTRACT)))
  })
})

describe('the issues of a request are bounded and printable:', () => {
  it.each<[what: string, request: object]>([
    ['a long name', { [HOSTILE + 'y'.repeat(5_000_000)]: 1 }],
    ['many names', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${String(index)}`, 1]))],
    ['many wrong items', { asset_id: Array.from({ length: 100_000 }, () => 1) }],
  ])('%s', async (_, request) => {
    const error = await rejection(huaweiClient().unpublishAssets(request as UnpublishRequest))
    expect(error).toMatchObject({ name: 'RequestValidationError' })
    expectPrintable(error)
  })

  it('a name that XML forbids', async () => {
    const request: object = { ...NOISE, [HOSTILE]: 1 }
    for (const validate of [true, false]) {
      const error = await rejection(
        tencentClient({ fetch: () => Promise.reject(new Error('sent')) }).createNoiseReductionJob(
          request as NoiseReductionRequest,
          { validate },
        ),
      )
      expectPrintable(error)
    }
  })
})

it('the message of the provider is complete, with its line breaks', async () => {
  const message = `first line\nsecond line ${'x'.repeat(5_000)}`
  const { fetch } = stepFetch(huaweiError(400, 'VOD.10053', message))
  const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT))
  expect(error).toHaveProperty('providerMessage', message)
})

it.each([
  ['VOD.10062', 'The asset or resource does not exist.'],
  ['Brand.New', 'the provider sent no message'],
])(
  'an error without a message shows the meaning of its code, but not as the message of the provider: %s',
  async (code, said) => {
    const { fetch } = stepFetch(() => Response.json({ error_code: code }, { status: 400 }))
    const error = await rejection(huaweiClient({ fetch }).createExtractAudioTask(EXTRACT))
    expect(error).toMatchObject({ name: 'ApiError', code, providerMessage: '' })
    expect(error).toHaveProperty('message', `createExtractAudioTask: ${code}: ${said} (status 400)`)
  },
)

function expectPrintable(error: unknown): void {
  expect(error).toBeInstanceOf(CloudMediaError)
  const { message, hint = '' } = error as CloudMediaError
  for (const text of [message, hint]) {
    expect(text).not.toMatch(UNPRINTABLE)
    expect(text.length).toBeLessThanOrEqual(2_501)
  }
  // A provider's own message stays complete, and is only for those who ask for it.
  const parts = error instanceof ApiError ? { ...error.toJSON(), providerMessage: '' } : (error as CloudMediaError)
  expect(JSON.stringify(parts).replaceAll(/\\./g, '')).not.toMatch(UNPRINTABLE)
  expect(JSON.stringify(parts)).not.toMatch(/\\[nrtu]/)
  expect(JSON.stringify(parts).length).toBeLessThan(300_000)
  const { cause } = error as CloudMediaError
  if (cause !== undefined) expect((cause as Error).message).not.toMatch(UNPRINTABLE)
  expect(inspect(parts).length).toBeLessThan(300_000)
}
