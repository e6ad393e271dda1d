// The emulator behind MSW: for code that makes its own clients, which talk to the production hosts.
import { createEmulator } from 'cloud-media-clients/testing'
import { emulatorHandlers } from 'cloud-media-clients/testing/msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { cleanRecording, openStudio, withdrawEpisode } from './podcast.js'

const emulator = createEmulator({ huawei: { assets: [{ asset_id: 'episode-1' }] } })
const server = setupServer(...emulatorHandlers(emulator))
const { vod, ci } = openStudio(emulator.options.huawei.credentials, emulator.options.tencent.credentials)

beforeAll(() => {
  server.listen({ onUnhandledRequest: 'error' })
})
afterEach(() => {
  emulator.reset()
})
afterAll(() => {
  server.close()
})

it('cleans a recording in the bucket of the studio', async () => {
  const jobId = await cleanRecording(ci, 'interview.wav')
  expect(emulator.jobs()).toMatchObject([{ JobId: jobId, Input: { Object: 'interview.wav' } }])
  expect(emulator.requests.map(({ url }) => url)).toEqual([
    'https://examplebucket-1250000000.ci.ap-beijing.myqcloud.com/jobs',
  ])
})

it('submits no second job if the response to the first is lost', async () => {
  emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'reset', executes: true } })
  expect(await cleanRecording(ci, 'interview.wav')).toBe('unknown: look before submitting again')
  expect(emulator.jobs()).toHaveLength(1)
})

it('unpublishes the existing assets, and reports the missing ones', async () => {
  expect(await withdrawEpisode(vod, ['episode-1', 'episode-2'])).toEqual(['episode-2'])
  expect(emulator.assets()).toMatchObject([{ asset_id: 'episode-1', status: 'CREATED' }])
})
