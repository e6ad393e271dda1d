import { describe, expect, it } from 'vitest'
import { emulated, NOISE, OUTPUT as Output, VOICE } from '../emulated.js'

describe('jobs', () => {
  it('of voice separation have the documented response, with the queue of the request', async () => {
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

  it('of noise reduction have the documented response, with the place of the source', async () => {
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

  it('have no fields that the request lacks', async () => {
    const { tencent } = emulated()
    for (const job of [await tencent.createNoiseReductionJob(NOISE), await tencent.createVoiceSeparateJob(VOICE)]) {
      expect(job.Operation).toEqual({ Output })
    }
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
    expect(emulator.jobs()[0]?.Operation).toMatchObject(job.Operation ?? {})
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
