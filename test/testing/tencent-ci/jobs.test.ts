import { describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/testing/index.js'
import type { TencentCiClient } from '../../../src/tencent-ci/index.js'
import { NEW_YEAR, tencentClient } from '../../support/clients.js'

const Output = { Region: 'ap-beijing', Bucket: 'abc-1250000000', Object: 'out.mp3' }
const NOISE = { Input: { Object: 'in.mp3' }, Operation: { Output } }
const VOICE = { ...NOISE, QueueId: 'p0123456789abcdef0123456789abcdef' }

describe('jobs', () => {
  it('of voice separation are answered as the page shows, with the queue of the request', async () => {
    const { clock, tencent } = emulated()
    clock.now += 12_345
    const job = await tencent.createVoiceSeparateJob({
      ...VOICE,
      Operation: { Output, UserData: 'mine', JobLevel: '2' },
    })
    expect(job).toEqual({
      Code: 'Success',
      Message: 'Success',
      JobId: expect.stringMatching(/^j[0-9a-f]{32}$/) as unknown,
      State: 'Submitted',
      CreationTime: '2026-01-01T08:00:12+0800',
      StartTime: '',
      EndTime: '',
      QueueId: VOICE.QueueId,
      Tag: 'VoiceSeparate',
      Input: { Object: 'in.mp3' },
      Operation: { Output, UserData: 'mine', JobLevel: '2' },
    })
  })

  it('of noise reduction are answered as the page shows, with the place of the source', async () => {
    const { tencent } = emulated()
    const job = await tencent.createNoiseReductionJob({
      ...NOISE,
      Operation: { Output, UserData: 'mine', JobLevel: '1' },
    })
    expect(job).toEqual({
      Code: 'Success',
      Message: '',
      JobId: expect.stringMatching(/^j[0-9a-f]{32}$/) as unknown,
      State: 'Submitted',
      CreationTime: '2026-01-01T08:00:00+0800',
      StartTime: '-',
      EndTime: '-',
      QueueId: 'p2242ab62c7c94486915508540933a2c6',
      QueueType: 'Speeching',
      Tag: 'NoiseReduction',
      Input: { Object: 'in.mp3', BucketId: 'examplebucket-1250000000', Region: 'ap-beijing' },
      Operation: { Output, UserData: 'mine', JobLevel: '1' },
    })
  })

  it('of noise reduction have the queue of the request, if it names one', async () => {
    const { tencent } = emulated()
    const job = await tencent.createNoiseReductionJob({ ...NOISE, QueueId: VOICE.QueueId })
    expect(job.QueueId).toBe(VOICE.QueueId)
  })

  it('say no more than the request does', async () => {
    const { tencent } = emulated()
    for (const job of [await tencent.createNoiseReductionJob(NOISE), await tencent.createVoiceSeparateJob(VOICE)]) {
      expect(job.Operation).toEqual({ Output })
    }
  })

  it('run, and have succeeded when their time is over', async () => {
    const { emulator, clock, tencent } = emulated({ jobDurationMs: 60_000 })
    const noise = await tencent.createNoiseReductionJob(NOISE)
    clock.now += 30_000
    const voice = await tencent.createVoiceSeparateJob(VOICE)
    const started = [
      { ...noise, StartTime: '2026-01-01T08:00:00+0800' },
      { ...voice, StartTime: '2026-01-01T08:00:30+0800' },
    ] as const
    expect(emulator.jobs()).toEqual(started.map((job) => ({ ...job, State: 'Running' })))
    clock.now += 29_999
    expect(emulator.jobs()).toMatchObject([{ State: 'Running', EndTime: '-' }, { State: 'Running' }])
    clock.now += 1
    expect(emulator.jobs()).toEqual([
      { ...started[0], State: 'Success', EndTime: '2026-01-01T08:01:00+0800' },
      { ...started[1], State: 'Running', EndTime: '' },
    ])
    clock.now += 3_600_000
    expect(emulator.jobs()).toMatchObject([
      { State: 'Success', EndTime: '2026-01-01T08:01:00+0800' },
      { State: 'Success', EndTime: '2026-01-01T08:01:30+0800' },
    ])
  })

  it.each([
    ['no settings', {}, 'aac'],
    ['a codec', { VoiceSeparate: { AudioConfig: { Codec: 'flac' } } }, 'flac'],
    ['settings without a codec', { VoiceSeparate: { AudioMode: 'IsAudio' } }, 'aac'],
  ] as const)('of voice separation fill in the names of their files: %s', async (_, settings, extension) => {
    const { emulator, tencent } = emulated()
    const job = await tencent.createVoiceSeparateJob({
      ...VOICE,
      Input: { Object: '${jobid}.${ext}' },
      Operation: {
        ...settings,
        UserData: '${jobid}.${ext}',
        Output: { ...Output, Object: '${jobid}/${jobid}.${ext}', AuObject: 'voice-${jobid}.${ext}?${other}' },
      },
    })
    const id = job.JobId
    expect(job).toMatchObject({
      Input: { Object: '${jobid}.${ext}' },
      Operation: {
        ...settings,
        UserData: '${jobid}.${ext}',
        Output: { ...Output, Object: `${id}/${id}.${extension}`, AuObject: `voice-${id}.${extension}?\${other}` },
      },
    })
    expect(emulator.jobs()[0]?.Operation).toEqual(job.Operation)
  })

  it.each([
    ['no settings', {}, 'wav'],
    ['a format', { NoiseReduction: { Format: 'mp3' } }, 'mp3'],
    ['settings without a format', { NoiseReduction: { Samplerate: '8000' } }, 'wav'],
  ] as const)('of noise reduction fill in the name of their file: %s', async (_, settings, extension) => {
    const { tencent } = emulated()
    const job = await tencent.createNoiseReductionJob({
      Input: { Object: '${jobid}.${ext}' },
      Operation: { ...settings, UserData: '${ext}', Output: { ...Output, Object: 'a/${jobid}.${ext}' } },
    })
    expect(job).toMatchObject({
      Input: { Object: '${jobid}.${ext}' },
      Operation: {
        ...settings,
        UserData: '${ext}',
        Output: { ...Output, Object: `a/${job.JobId}.${extension}` },
      },
    })
  })
})

/** An emulator with a clock that stands at New Year until it is moved, and a client that goes by it. */
function emulated({ jobDurationMs = 0 } = {}): {
  emulator: Emulator
  clock: { now: number }
  tencent: TencentCiClient
} {
  const clock = { now: NEW_YEAR }
  const now = (): number => clock.now
  const emulator = createEmulator({ now, jobDurationMs })
  return { emulator, clock, tencent: tencentClient({ fetch: emulator.fetch, now }) }
}
