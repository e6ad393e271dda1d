import { describe, expect, it } from 'vitest'
import type { JobOutcome } from '../../../src/testing/index.js'
import { emulated, NOISE, VOICE } from '../emulated.js'

describe('a job', () => {
  it('is queued, then runs with its progress, then succeeds', async () => {
    const { emulator, clock, tencent } = emulated({ queueDurationMs: 10_000, jobDurationMs: 60_000 })
    const job = await tencent.createNoiseReductionJob(NOISE)
    clock.now += 9_999
    expect(emulator.jobs()).toEqual([job])
    expect(job).toMatchObject({ State: 'Submitted', StartTime: '-', EndTime: '-' })
    const running = { ...job, State: 'Running', StartTime: '2026-01-01T08:00:10+0800' }
    clock.now += 1
    expect(emulator.jobs()).toEqual([{ ...running, Progress: '0' }])
    clock.now += 20_000
    expect(emulator.jobs()).toEqual([{ ...running, Progress: '33' }])
    clock.now += 39_999
    expect(emulator.jobs()).toEqual([{ ...running, Progress: '99' }])
    clock.now += 1
    const succeeded = { ...running, State: 'Success', Progress: '100', EndTime: '2026-01-01T08:01:10+0800' }
    expect(emulator.jobs()).toEqual([succeeded])
    clock.now += 3_600_000
    expect(emulator.jobs()).toEqual([succeeded])
  })

  it('has succeeded at the next read by default', async () => {
    const { tencent } = emulated()
    const { JobId, State } = await tencent.createNoiseReductionJob(NOISE)
    expect(State).toBe('Submitted')
    expect((await tencent.getJobs({ jobIds: [JobId] })).JobsDetail).toMatchObject([
      { State: 'Success', StartTime: '2026-01-01T08:00:00+0800', EndTime: '2026-01-01T08:00:00+0800' },
    ])
  })

  it('of voice separation has its files and media information once it has succeeded, and not before', async () => {
    const { emulator, clock, tencent } = emulated({ jobDurationMs: 1_000 })
    const Output = { Region: 'r', Bucket: 'b-1', Object: '', AuObject: 'voice.aac', BassObject: 'bass-${jobid}.aac' }
    const job = await tencent.createVoiceSeparateJob({ ...VOICE, Operation: { Output } })
    expect(emulator.jobs()[0]?.Operation).toEqual(job.Operation)
    clock.now += 1_000
    const { Operation } = emulator.jobs()[0] ?? {}
    const bass = `bass-${job.JobId}.aac`
    const Md5 = 'd41d8cd98f00b204e9800998ecf8427e'
    expect(Operation).toEqual({
      ...job.Operation,
      MediaInfo: expect.objectContaining({ Stream: expect.anything() as unknown }) as unknown,
      MediaResult: {
        OutputFile: {
          Bucket: 'b-1',
          Region: 'r',
          ObjectName: ['voice.aac', bass],
          ObjectPrefix: '',
          Md5Info: [
            { ObjectName: 'voice.aac', Md5 },
            { ObjectName: bass, Md5 },
          ],
        },
      },
    })
  })

  it.each<JobOutcome>([{ State: 'Failed' }, { State: 'Running' }, { State: 'Odd' }])(
    'of voice separation has no files if it is %o',
    async (outcome) => {
      const { emulator, tencent } = emulated()
      const { JobId } = await tencent.createVoiceSeparateJob(VOICE)
      emulator.settle(JobId, outcome)
      expect(emulator.jobs()[0]?.Operation).not.toHaveProperty('MediaResult')
    },
  )
})

describe('a job that is settled at once', () => {
  const RUNNING = 30_000
  const started = { StartTime: '2026-01-01T08:00:10+0800' }
  const ended = { EndTime: '2026-01-01T08:00:30+0800' }
  it.each<[JobOutcome, object]>([
    [{ State: 'Success' }, { ...started, ...ended, Progress: '100' }],
    [
      { State: 'Failed', Code: 'ResourceDownloadFailed', Message: 'no such file' },
      { ...started, ...ended, Progress: '20' },
    ],
    [{ State: 'Cancel' }, { ...started, ...ended, Progress: '20' }],
    [{ State: 'Pause' }, { ...started, Progress: '20' }],
    [{ State: 'Odd' }, { ...started, Progress: '20' }],
    [{ State: 'Submitted' }, {}],
  ])('while it runs has the outcome %o from then on', async (outcome, fields) => {
    const { emulator, clock, tencent } = emulated({ queueDurationMs: 10_000, jobDurationMs: 100_000 })
    const job = await tencent.createNoiseReductionJob(NOISE)
    const other = await tencent.createNoiseReductionJob(NOISE)
    clock.now += RUNNING
    emulator.settle(job.JobId, outcome)
    const settled = { ...job, ...outcome, ...fields }
    expect(emulator.jobs()[0]).toEqual(settled)
    clock.now += 3_600_000
    expect(emulator.jobs()).toEqual([settled, expect.objectContaining({ JobId: other.JobId, State: 'Success' })])
  })

  const now = '2026-01-01T08:00:05+0800'
  it.each<[JobOutcome, object]>([
    [{ State: 'Success' }, { StartTime: now, EndTime: now, Progress: '100' }],
    [{ State: 'Failed' }, { StartTime: now, EndTime: now, Progress: '0' }],
    [{ State: 'Cancel' }, { EndTime: now }],
    [{ State: 'Pause' }, {}],
    [{ State: 'Submitted' }, {}],
  ])('while it is queued has the outcome %o from then on', async (outcome, fields) => {
    const { emulator, clock, tencent } = emulated({ queueDurationMs: 10_000 })
    const job = await tencent.createNoiseReductionJob(NOISE)
    clock.now += 5_000
    emulator.settle(job.JobId, outcome)
    expect(emulator.jobs()).toEqual([{ ...job, ...outcome, ...fields }])
    clock.now += 3_600_000
    expect(emulator.jobs()).toEqual([{ ...job, ...outcome, ...fields }])
  })

  it('as running never ends, and never shows 100 percent', async () => {
    const { emulator, clock, tencent } = emulated({ queueDurationMs: 10_000, jobDurationMs: 10_000 })
    const { JobId } = await tencent.createNoiseReductionJob(NOISE)
    emulator.settle(JobId, { State: 'Running' })
    const seen: unknown[] = []
    for (const passes of [0, 5_000, 5_000, 3_600_000]) {
      clock.now += passes
      seen.push([emulator.jobs()[0]?.State, emulator.jobs()[0]?.Progress])
    }
    expect(seen).toEqual([
      ['Running', '0'],
      ['Running', '50'],
      ['Running', '99'],
      ['Running', '99'],
    ])
    emulator.settle(JobId, { State: 'Success' })
    expect(emulator.jobs()).toMatchObject([{ State: 'Success', Progress: '100' }])
  })

  it('without a duration has progress, too', async () => {
    const { emulator, clock, tencent } = emulated()
    const { JobId } = await tencent.createNoiseReductionJob(NOISE)
    emulator.settle(JobId, { State: 'Running' })
    expect(emulator.jobs()).toMatchObject([{ Progress: '0' }])
    clock.now += 1
    expect(emulator.jobs()).toMatchObject([{ Progress: '99' }])
  })
})

describe('a planned outcome of a job', () => {
  it.each<[JobOutcome, string[]]>([
    [{ State: 'Failed', Code: 'InvalidContent' }, ['Submitted', 'Running', 'Failed']],
    [{ State: 'Success' }, ['Submitted', 'Running', 'Success']],
    [{ State: 'Odd' }, ['Submitted', 'Running', 'Odd']],
    [{ State: 'Running' }, ['Submitted', 'Running', 'Running']],
    [{ State: 'Submitted' }, ['Submitted', 'Submitted', 'Submitted']],
    [{ State: 'Pause' }, ['Pause', 'Pause', 'Pause']],
    [{ State: 'Cancel' }, ['Cancel', 'Cancel', 'Cancel']],
  ])('%o comes when the job would reach it', async (outcome, states) => {
    const { emulator, clock, tencent } = emulated({ queueDurationMs: 10_000, jobDurationMs: 10_000 })
    emulator.settle({ operation: 'createNoiseReductionJob' }, outcome)
    await tencent.createNoiseReductionJob(NOISE)
    const seen: unknown[] = []
    for (const passes of [5_000, 10_000, 10_000]) {
      clock.now += passes
      seen.push(emulator.jobs()[0]?.State)
    }
    expect(seen).toEqual(states)
    expect(emulator.jobs()).toMatchObject([outcome])
  })

  it.each(['Pause', 'Cancel', 'Submitted'])('%s is that of a job that never starts', async (State) => {
    const { emulator, clock, tencent } = emulated()
    emulator.settle({ source: 'in.mp3' }, { State })
    await tencent.createNoiseReductionJob(NOISE)
    clock.now += 1_000
    expect(emulator.jobs()).toMatchObject([{ State, StartTime: '-' }])
  })
})
