import { describe, expect, it } from 'vitest'
import { useAnswers } from '../support/answering.js'
import { huaweiClient, rejection, tencentClient } from '../support/clients.js'

const server = useAnswers()
const options = { maxAttempts: 4, sleep: () => Promise.resolve() }
const JOB = { Input: { Object: 'in.mp3' }, Operation: { Output: { Object: 'out.mp3' } } }

// Somebody paid for what an ID names, whatever else the response says.
describe('a success that has both an ID and an error code', () => {
  it.each([
    ['APIGW.0308', 'a throttle'],
    ['APIGW.0301', 'a rejected signature'],
    ['VOD.10062', 'any other refusal'],
  ])('may have run, and is not retried: %s, %s', async (error_code) => {
    const sent = server.answer({
      status: 202,
      contentType: 'application/json',
      body: JSON.stringify({ error_code, error_msg: 'no', audio_asset_id: 'a2' }),
    })
    const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
    expect(error).toMatchObject({ name: 'ApiError', code: error_code, mayHaveRun: true, ids: ['a2'], attempts: 1 })
    expect(sent).toHaveLength(1)
  })

  it.each(['SlowDown', 'SignatureExpired', 'InvalidArgument'])('of Tencent may have run, too: %s', async (code) => {
    const sent = server.answer({
      status: 200,
      contentType: 'application/xml',
      body: `<Error><Code>${code}</Code><JobId>j1</JobId></Error>`,
    })
    const error = await rejection(tencentClient(options).createNoiseReductionJob(JOB))
    expect(error).toMatchObject({ name: 'ApiError', code, mayHaveRun: true, ids: ['j1'], attempts: 1 })
    expect(sent).toHaveLength(1)
  })
})

describe('an error that is not a success', () => {
  it('is not a refusal either if it has the ID of what was created', async () => {
    server.answer({
      status: 403,
      contentType: 'application/json',
      body: '{"error_code":"VOD.10062","error_msg":"no audio_asset_id","audio_asset_id":"a2"}',
    })
    const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
    expect(error).toMatchObject({ name: 'ApiError', mayHaveRun: true, ids: ['a2'] })
  })
})

describe('an ID beside an error code, however it is written,', () => {
  const huawei = (status: number, field: string) => ({
    status,
    contentType: 'application/json',
    body: `{"error_code":"APIGW.0308","error_msg":"no",${field}}`,
  })
  it.each([
    '"audio_asset_id":["a2"]',
    '"audio_asset_id":"a2","audio_asset_id":""',
    '"audio_asset_id":{"id":"a2"}',
    '"audio_asset_id":"\\u00612"',
    '"audio\\u005fasset_id":"a2"',
    '"audio_asset_id":" a2"',
    '"audio_asset_id":"/a2"',
    '"result":{"audio_asset_id":true}',
    `"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  ])('may have run, and is not retried: %s', async (field) => {
    for (const status of [202, 429]) {
      const sent = server.answer(huawei(status, field))
      const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
      expect(error).toMatchObject({ name: 'ApiError', mayHaveRun: true, attempts: 1 })
      expect(sent).toHaveLength(1)
    }
  })

  it.each([
    '<JobId>&#106;1</JobId>',
    '<JobId><Id>j1</Id></JobId>',
    '<JobId a="&gt;">j1</JobId>',
    '<JobId a=">">j1</JobId>',
    '<JobId><!-- paid -->j1</JobId>',
    '<JobId\n>j1</JobId>',
    '<JobId><![CDATA[\nj1]]></JobId>',
    '<JobId>\u97f3</JobId>',
    '<JobsDetail><JobId>j1</JobId></JobsDetail>',
  ])('of Tencent may have run, too: %s', async (element) => {
    for (const status of [200, 503]) {
      const body = `<Error><Code>SlowDown</Code>${element}</Error>`
      const sent = server.answer({ status, contentType: 'application/xml', body })
      const error = await rejection(tencentClient(options).createNoiseReductionJob(JOB))
      expect(error).toMatchObject({ name: 'ApiError', code: 'SlowDown', mayHaveRun: true, attempts: 1 })
      expect(sent).toHaveLength(1)
    }
  })

  it.each(['"audio_asset_id":""', '"audio_asset_id":null', '"audio_asset_id":[]', '"audio_asset_id_2":"a2"'])(
    'changes nothing without an ID: %s',
    async (field) => {
      server.answer(huawei(429, field))
      const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
      expect(error).toMatchObject({ name: 'ApiError', mayHaveRun: false, attempts: 4 })
    },
  )
})

describe('of two error codes', () => {
  it.each([
    ['APIGW.0308', 'VOD.10051'],
    ['VOD.10051', 'APIGW.0308'],
  ])('neither is a refusal: %s, %s', async (first, second) => {
    const body = `{"error_code":"${first}","error_msg":"no","error_code":"${second}"}`
    const sent = server.answer({ status: 429, contentType: 'application/json', body })
    const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
    expect(error).toMatchObject({ name: 'ApiError', code: undefined, mayHaveRun: true })
    expect(sent).toHaveLength(1)
  })

  it('in XML neither is a refusal', async () => {
    const body = '<Error><Code>SlowDown</Code><Code>InternalError</Code></Error>'
    const sent = server.answer({ status: 503, contentType: 'application/xml', body })
    const error = await rejection(tencentClient(options).createNoiseReductionJob(JOB))
    expect(error).toMatchObject({ name: 'ApiError', code: undefined, mayHaveRun: true })
    expect(sent).toHaveLength(1)
  })

  it('a quoted one in the message does not count', async () => {
    const body = JSON.stringify({ error_code: 'APIGW.0308', error_msg: '{"error_code":"VOD.10051"}' })
    server.answer({ status: 429, contentType: 'application/json', body })
    const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
    expect(error).toMatchObject({ code: 'APIGW.0308', mayHaveRun: false, attempts: 4 })
  })
})
