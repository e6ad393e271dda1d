import { describe, expect, it, vi } from 'vitest'
import { examples as huaweiVod } from '../../generated/huawei-vod/examples.js'
import { createEmulator } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'

// As if nobody had written a handler.
vi.mock(import('../../src/testing/huawei-vod/handlers.js'), () => ({ createHuaweiVodHandlers: () => ({}) }))
vi.mock(import('../../src/testing/tencent-ci/handlers.js'), () => ({ createTencentCiHandlers: () => ({}) }))

const { fetch } = createEmulator({ now: () => NEW_YEAR })
const JOB = { Input: { Object: 'in.wav' }, Operation: { Output: { Object: 'out.wav' } } }

describe('an operation without a handler', () => {
  it('responds with its documented result', async () => {
    const task = await huaweiClient({ fetch }).createExtractAudioTask({ asset_id: 'any' })
    expect(task).toEqual(Object.values(huaweiVod.createExtractAudioTask[202])[0])
    // That of the page, which has the job's place in another bucket.
    expect(await tencentClient({ fetch }).createNoiseReductionJob(JOB)).toMatchObject({
      JobId: 'j8d121820f5e411ec926ef19d53ba9c6f',
      Input: { BucketId: 'test-123456789' },
    })
  })

  it('authenticates and validates the request before', async () => {
    const key = { secretId: 'TESTID', secretKey: 'WRONGEXAMPLE' }
    expect(await rejection(tencentClient({ fetch, credentials: key }).createNoiseReductionJob(JOB))).toMatchObject({
      code: 'InvalidAuthorization',
    })
    // Wrong requests are the point.
    const invalid = { asset_id: 5 } as unknown as { asset_id: string }
    const unchecked = huaweiClient({ fetch }).createExtractAudioTask(invalid, { validate: false })
    expect(await rejection(unchecked)).toMatchObject({ code: 'VOD.10053' })
  })
})
