import { expect, it } from 'vitest'
import { ApiError, UnexpectedResponseError } from '../../src/index.js'
import { huaweiClient, tencentClient } from '../support/clients.js'
import { corpus, type CorpusAnswer, type Outcome } from './answer-corpus.js'

const Output = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
const JOB = { Input: { Object: 'in.mp3' }, Operation: { Output } }

function perform(answer: CorpusAnswer): Promise<unknown> {
  const fetch = (): Promise<Response> => Promise.resolve(responseOf(answer))
  // No answer here may be waited for.
  const options = { fetch, sleep: () => Promise.resolve() }
  switch (answer.call) {
    case 'createExtractAudioTask':
      return huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' })
    case 'unpublishAssets':
      return huaweiClient(options).unpublishAssets({ asset_id: ['a1'] })
    case 'createVoiceSeparateJob':
      return tencentClient(options).createVoiceSeparateJob({ ...JOB, QueueId: 'p1' })
    case 'createNoiseReductionJob':
      return tencentClient(options).createNoiseReductionJob(JOB)
  }
}

function responseOf({ status, contentType, headers, body, chunk }: CorpusAnswer): Response {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return new Response(bytes.length === 0 ? null : inChunks(bytes, chunk ?? bytes.length), {
    status,
    headers: { 'content-type': contentType, ...headers },
  })
}

function inChunks(bytes: Uint8Array<ArrayBuffer>, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0
  return new ReadableStream({
    pull: (controller) => {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += size)))
      else controller.close()
    },
  })
}

/** The result, or what was thrown. */
type Settled = { readonly value: unknown } | { readonly error: unknown }

function settle(promise: Promise<unknown>): Promise<Settled> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

function check(settled: Settled, outcome: Outcome, status: number): void {
  switch (outcome.kind) {
    case 'result':
      expect(settled).toStrictEqual({ value: outcome.value })
      break
    case 'result with id':
      expect('error' in settled ? settled.error : undefined).toBeUndefined()
      expect('value' in settled ? idsOf(settled.value) : []).toEqual([outcome.id])
      break
    case 'ApiError': {
      const error = 'error' in settled ? settled.error : settled
      expect(error).toBeInstanceOf(ApiError)
      const { code, mayHaveRun, requestId, traceId } = outcome
      expect(error).toMatchObject({ name: 'ApiError', status, code, mayHaveRun, requestId, traceId })
      break
    }
    case 'UnexpectedResponseError':
      checkUnexpected('error' in settled ? settled.error : settled, {
        status,
        ids: outcome.ids,
        requestId: outcome.requestId,
      })
  }
}

function checkUnexpected(
  error: unknown,
  details: { readonly status: number; readonly ids: readonly string[]; readonly requestId: string | undefined },
): void {
  expect(error).toBeInstanceOf(UnexpectedResponseError)
  expect(error).toMatchObject({ name: 'UnexpectedResponseError', mayHaveRun: true, ...details })
  const { excerpt } = error instanceof UnexpectedResponseError ? error : { excerpt: undefined }
  expect(excerpt?.length).toBeLessThanOrEqual(201)
  expect(excerpt).not.toMatch(/[\p{Cc}\p{Cs}]/u)
}

function idsOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, id]: [string, unknown]) =>
        /^(audio_asset_id|JobId)$/.test(name) ? [id] : [],
      )
    : []
}

it.each(corpus)('$call: $name ($status)', async (answer) => {
  check(await settle(perform(answer)), answer.outcome, answer.status)
})

it('no response changed a prototype, and all names are different', () => {
  expect(Object.keys(Object.getPrototypeOf({}) as object)).toEqual([])
  const names = corpus.map(({ call, name, status }) => `${call} ${name} ${String(status)}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
