// The emulator as a server: for code that is configured with a URL, in this process or in another.
import { createHuaweiVodClient, createTencentCiClient } from 'cloud-media-clients'
import { createEmulator } from 'cloud-media-clients/testing'
import { afterAll, afterEach, expect, it } from 'vitest'
import { cleanRecording, withdrawEpisode } from './podcast.js'

const emulator = createEmulator({ huawei: { assets: [{ asset_id: 'episode-1' }] } })
const { huawei, tencent } = emulator.options
const { url, close } = await emulator.listen()
const vod = createHuaweiVodClient({ endpoint: url, projectId: huawei.projectId, credentials: huawei.credentials })
const ci = createTencentCiClient({ endpoint: url, credentials: tencent.credentials })

afterEach(() => {
  emulator.reset()
})
afterAll(close)

it('cleans a recording', async () => {
  const jobId = await cleanRecording(ci, 'interview.wav')
  expect(emulator.jobs()).toMatchObject([{ JobId: jobId, Input: { Object: 'interview.wav' } }])
  expect(emulator.requests).toMatchObject([{ operation: 'createNoiseReductionJob', url: `${url}/jobs` }])
})

it('submits no second job if the connection breaks before the response', async () => {
  emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset', executes: true } })
  expect(await cleanRecording(ci, 'interview.wav')).toBe('unknown: look before submitting again')
  expect(emulator.jobs()).toHaveLength(1)
})

it('unpublishes the existing assets, and reports the missing ones', async () => {
  expect(await withdrawEpisode(vod, ['episode-1', 'episode-2'])).toEqual(['episode-2'])
  expect(emulator.assets()).toMatchObject([{ asset_id: 'episode-1', status: 'CREATED' }])
})
