// The emulator in place of fetch: the quickest way, where the code under test is handed its clients.
import { createHuaweiVodClient, createTencentCiClient } from 'cloud-media-clients'
import { createEmulator } from 'cloud-media-clients/testing'
import { afterEach, expect, it } from 'vitest'
import { cleanRecording, withdrawEpisode } from './podcast.js'

const emulator = createEmulator({ huawei: { assets: [{ asset_id: 'episode-1' }] } })
const { fetch, options } = emulator
const vod = createHuaweiVodClient({
  region: 'cn-north-4',
  projectId: options.huawei.projectId,
  credentials: options.huawei.credentials,
  fetch,
})
const ci = createTencentCiClient({
  region: options.tencent.region,
  bucket: options.tencent.bucket,
  credentials: options.tencent.credentials,
  fetch,
})

afterEach(() => {
  emulator.reset()
})

it('cleans a recording into its own folder', async () => {
  const jobId = await cleanRecording(ci, 'interview.wav')
  expect(emulator.jobs()).toMatchObject([
    {
      JobId: jobId,
      State: 'Success',
      Input: { Object: 'interview.wav' },
      Operation: { Output: { Object: 'clean/interview.wav' } },
    },
  ])
})

it('sends one request for a recording', async () => {
  await cleanRecording(ci, 'interview.wav')
  expect(emulator.requests).toMatchObject([{ operation: 'createNoiseReductionJob', method: 'POST', status: 200 }])
  expect(emulator.requests[0]?.body).toContain('<Object>interview.wav</Object>')
})

it('submits no second job if the response to the first is lost', async () => {
  emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset', executes: true } })
  expect(await cleanRecording(ci, 'interview.wav')).toBe('unknown: look before submitting again')
  expect(emulator.jobs()).toHaveLength(1)
})

it('passes on an error that states that no job was created', async () => {
  emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'error', code: 'AccessDenied' } })
  await expect(cleanRecording(ci, 'interview.wav')).rejects.toMatchObject({ code: 'AccessDenied', mayHaveRun: false })
  expect(emulator.jobs()).toEqual([])
})

it('unpublishes the existing assets, and reports the missing ones', async () => {
  expect(await withdrawEpisode(vod, ['episode-1', 'episode-2'])).toEqual(['episode-2'])
  expect(emulator.assets()).toMatchObject([{ asset_id: 'episode-1', status: 'CREATED' }])
})
