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
  ])('may have run, and is not sent again: %s, %s', async (error_code) => {
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
  it('stays a refusal, as it may repeat the ID of the request', async () => {
    server.answer({
      status: 403,
      contentType: 'application/json',
      body: '{"error_code":"VOD.10062","error_msg":"no audio_asset_id","audio_asset_id":"a2"}',
    })
    const error = await rejection(huaweiClient(options).createExtractAudioTask({ asset_id: 'a1' }))
    expect(error).toMatchObject({ name: 'ApiError', mayHaveRun: false, ids: ['a2'] })
  })
})
