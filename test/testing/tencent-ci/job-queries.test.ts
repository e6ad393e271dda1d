import { describe, expect, it } from 'vitest'
import type { ListJobsRequest } from '../../../generated/tencent-ci/types.js'
import type { TencentCiClient } from '../../../src/tencent-ci/index.js'
import { rejection } from '../../support/clients.js'
import { emulated, NOISE, OUTPUT, VOICE, type Emulated } from '../emulated.js'

const MEDIA_QUEUE = 'p893bcda225bf4945a378da6662e81a89'
const AUDIO_QUEUE = 'p2242ab62c7c94486915508540933a2c6'

describe('getJobs', () => {
  it('returns jobs of both types in the order of their IDs, and the IDs of no job', async () => {
    const { tencent, emulator } = emulated()
    const noise = await tencent.createNoiseReductionJob(NOISE)
    const voice = await tencent.createVoiceSeparateJob(VOICE)
    const read = await tencent.getJobs({ jobIds: ['j1', voice.JobId, noise.JobId, 'j2'] })
    expect(read).toEqual({ JobsDetail: emulator.jobs().toReversed(), NonExistJobIds: ['j1', 'j2'] })
    expect(emulator.requests.at(-1)?.url).toMatch(new RegExp(`/jobs/j1,${voice.JobId},${noise.JobId},j2$`))
  })

  it('returns an empty list if no job exists, and one if all do', async () => {
    const { tencent } = emulated()
    expect(await tencent.getJobs({ jobIds: ['j1'] })).toEqual({ JobsDetail: [], NonExistJobIds: ['j1'] })
    const { JobId } = await tencent.createNoiseReductionJob(NOISE)
    expect((await tencent.getJobs({ jobIds: [JobId] })).NonExistJobIds).toEqual([])
  })

  it('rejects more than ten IDs', async () => {
    const { tencent } = emulated()
    const jobIds = Array.from({ length: 11 }, (_, index) => `j${String(index)}`)
    expect(await rejection(tencent.getJobs({ jobIds }, { validate: false }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      providerMessage: 'jobIds must have at most 10 items',
    })
  })
})

describe('listJobs', () => {
  it('returns the jobs of a tag, latest first', async () => {
    const { tencent, ids } = await withJobs()
    expect(await listed(tencent, { tag: 'NoiseReduction' })).toEqual([ids.third, ids.first])
    expect(await listed(tencent, { tag: 'VoiceSeparate' })).toEqual([ids.second])
    expect(await listed(tencent, { tag: 'Other' })).toEqual([])
  })

  it.each<[string, Partial<ListJobsRequest>, ('first' | 'third')[]]>([
    ['earliest first', { orderByTime: 'Asc' }, ['first', 'third']],
    ['in a state', { states: ['Success'] }, ['first']],
    ['in another state', { states: ['Running'] }, ['third']],
    ['in one of several states', { states: ['Success', 'Running', 'Failed'] }, ['third', 'first']],
    ['in no such state', { states: ['Failed'] }, []],
    ['in all states', { states: ['All'] }, ['third', 'first']],
    ['of a queue', { queueId: 'p1' }, ['third']],
    ['of another queue', { queueId: AUDIO_QUEUE, queueType: 'Transcoding' }, ['first']],
    ['of a type of queue', { queueType: 'Speeching' }, ['third', 'first']],
    ['of no such type of queue', { queueType: 'Transcoding' }, []],
    ['of a source', { inputObject: 'a b/媒体.mp3' }, ['third']],
    ['of a part of a source', { inputObject: 'in' }, []],
    ['created from a time on', { startCreationTime: '2026-01-01T08:00:20+0800' }, ['third']],
    ['created in another time zone', { startCreationTime: '2026-01-01T00:00:20+0000' }, ['third']],
    ['created later', { startCreationTime: '2026-01-01T08:00:21+0800' }, []],
    ['created until a time', { endCreationTime: '2026-01-01T08:00:00+0800' }, ['first']],
    ['created before a time', { endCreationTime: '2026-01-01T07:59:59+0800' }, []],
    ['of a workflow', { workflowId: 'w1' }, []],
    ['of a batch', { inventoryTriggerJobId: 'b1' }, []],
  ])('returns only jobs %s', async (_, filters, expected) => {
    const { tencent, ids } = await withJobs()
    expect(await listed(tencent, { tag: 'NoiseReduction', ...filters })).toEqual(expected.map((name) => ids[name]))
  })

  it('returns pages, of which the last has an empty token', async () => {
    const { tencent } = emulated()
    const ids = await submitted(tencent, 5)
    const pages: unknown[] = []
    let nextToken: string | undefined
    do {
      const page = await tencent.listJobs({ tag: 'NoiseReduction', size: 2, ...(nextToken && { nextToken }) })
      pages.push(page.JobsDetail.map(({ JobId }) => JobId))
      nextToken = page.NextToken
    } while (nextToken !== '')
    const [one, two, three, four, five] = ids
    expect(pages).toEqual([[five, four], [three, two], [one]])
  })

  it('has an empty token if the last page is full, and no page of none', async () => {
    const { tencent } = emulated()
    await submitted(tencent, 2)
    const { NextToken } = await tencent.listJobs({ tag: 'NoiseReduction', size: 2 })
    expect(NextToken).toBe('')
  })

  it('has ten jobs per page by default', async () => {
    const { tencent } = emulated()
    await submitted(tencent, 11)
    const { JobsDetail, NextToken } = await tencent.listJobs({ tag: 'NoiseReduction' })
    expect([JobsDetail.length, NextToken]).toEqual([10, expect.stringMatching(/./)])
  })

  it('continues where a page ended, whatever happens between the pages', async () => {
    const { tencent, emulator } = emulated({ jobDurationMs: Infinity })
    const [one = '', two = '', three = ''] = await submitted(tencent, 3)
    const query = { tag: 'NoiseReduction', states: ['Running'], size: 1 }
    const { NextToken = '' } = await tencent.listJobs(query)
    emulator.settle(three, { State: 'Success' })
    await submitted(tencent, 1)
    const { JobsDetail } = await tencent.listJobs({ ...query, size: 2, nextToken: NextToken })
    expect(JobsDetail.map(({ JobId }) => JobId)).toEqual([two, one])
  })

  it.each<[string, Partial<ListJobsRequest>, string]>([
    ['a token of no page', { nextToken: 'j1' }, 'nextToken is not that of a page'],
    ['a page that is too large', { size: 101 }, 'size must be at most 100'],
    ['a size that is no number', { size: 'ten' as unknown as number }, 'size must be an integer, not a string'],
    ['a time in another format', { startCreationTime: '2026-01-01' }, 'startCreationTime must be a time such as'],
  ])('rejects %s', async (_, change, message) => {
    const { tencent } = emulated()
    const call = tencent.listJobs({ tag: 'NoiseReduction', ...change }, { validate: false })
    expect(await rejection(call)).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
      providerMessage: expect.stringContaining(message) as unknown,
    })
  })

  it('rejects a request without a tag', async () => {
    const { tencent } = emulated()
    // What a JavaScript user could send.
    const call = tencent.listJobs({} as unknown as ListJobsRequest, { validate: false })
    expect(await rejection(call)).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })
})

describe('cancelJob', () => {
  const REFUSED = {
    status: 400,
    code: 'InvalidArgument',
    providerMessage: 'The job provided can not be modified',
    mayHaveRun: false,
  }

  it('cancels a queued job, which then never runs, and no other job', async () => {
    const { tencent, emulator, clock } = emulated({ queueDurationMs: 10_000 })
    const [one = '', two] = await submitted(tencent, 2)
    clock.now += 9_999
    await tencent.cancelJob({ jobId: one })
    clock.now += 60_000
    expect(emulator.jobs()).toMatchObject([
      { JobId: one, State: 'Cancel', StartTime: '-', EndTime: '2026-01-01T08:00:09+0800' },
      { JobId: two, State: 'Success' },
    ])
  })

  it.each(['Running', 'Success', 'Failed', 'Pause', 'Cancel'])('rejects a job that is %s', async (State) => {
    const { tencent, emulator } = emulated()
    const [jobId = ''] = await submitted(tencent, 1)
    emulator.settle(jobId, { State })
    const before = emulator.jobs()
    expect(await rejection(tencent.cancelJob({ jobId }))).toMatchObject(REFUSED)
    expect(emulator.jobs()).toEqual(before)
  })

  it('rejects a job that does not exist', async () => {
    expect(await rejection(emulated().tencent.cancelJob({ jobId: 'j1' }))).toMatchObject(REFUSED)
  })
})

describe('queues', () => {
  it('are those of the documented jobs: one of media processing, one of smart audio', async () => {
    const { tencent } = emulated()
    const media = await tencent.listQueues()
    expect(media).toEqual({
      TotalCount: '1',
      PageNumber: '1',
      PageSize: '10',
      QueueList: [expect.objectContaining({ QueueId: MEDIA_QUEUE, State: 'Active', Category: 'Transcoding' })],
      NonExistPIDs: [],
    })
    const audio = await tencent.listAudioQueues()
    expect(audio.QueueList).toMatchObject([{ QueueId: AUDIO_QUEUE, State: 'Active', Category: 'Speeching' }])
    expect((await tencent.createNoiseReductionJob(NOISE)).QueueId).toBe(AUDIO_QUEUE)
    await tencent.createVoiceSeparateJob({ ...VOICE, QueueId: media.QueueList[0]?.QueueId ?? '' })
  })

  it('are filtered by ID, state, and category', async () => {
    const { tencent } = emulated()
    const ids = { queueIds: [MEDIA_QUEUE, 'p1', AUDIO_QUEUE] }
    const idsOf = async (response: Promise<{ QueueList: { QueueId: string }[]; NonExistPIDs: string[] }>) => {
      const { QueueList, NonExistPIDs } = await response
      return [QueueList.map(({ QueueId }) => QueueId), NonExistPIDs]
    }
    expect(await idsOf(tencent.listQueues(ids))).toEqual([[MEDIA_QUEUE], ['p1', AUDIO_QUEUE]])
    expect(await idsOf(tencent.listAudioQueues(ids))).toEqual([[AUDIO_QUEUE], [MEDIA_QUEUE, 'p1']])
    expect(await idsOf(tencent.listQueues({ ...ids, state: 'Paused' }))).toEqual([[], ['p1', AUDIO_QUEUE]])
    expect(await idsOf(tencent.listQueues({ state: 'Active' }))).toEqual([[MEDIA_QUEUE], []])
    expect(await idsOf(tencent.listQueues({ state: 'Paused' }))).toEqual([[], []])
    expect(await idsOf(tencent.listQueues({ category: 'CateAll' }))).toEqual([[MEDIA_QUEUE], []])
    expect(await idsOf(tencent.listQueues({ category: 'SpeedTranscoding' }))).toEqual([[], []])
    expect(await tencent.listQueues(ids)).not.toHaveProperty('TotalCount')
  })

  it('have pages', async () => {
    const { QueueList, ...page } = await emulated().tencent.listQueues({ pageNumber: 2, pageSize: 1 })
    expect(QueueList).toEqual([])
    expect(page).toMatchObject({ TotalCount: '1', PageNumber: '2', PageSize: '1' })
  })
})

/** A noise reduction that has succeeded, a voice separation, and 20 seconds later a noise reduction that runs. */
async function withJobs(): Promise<Emulated & { ids: { first: string; second: string; third: string } }> {
  const all = emulated({ jobDurationMs: 20_000 })
  const { tencent, clock } = all
  const { JobId: first } = await tencent.createNoiseReductionJob(NOISE)
  const { JobId: second } = await tencent.createVoiceSeparateJob(VOICE)
  clock.now += 20_000
  const { JobId: third } = await tencent.createNoiseReductionJob({
    Input: { Object: 'a b/媒体.mp3' },
    Operation: { Output: OUTPUT },
    QueueId: 'p1',
  })
  return { ...all, ids: { first, second, third } }
}

/** The IDs of new jobs, oldest first. */
async function submitted(tencent: TencentCiClient, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) ids.push((await tencent.createNoiseReductionJob(NOISE)).JobId)
  return ids
}

async function listed(tencent: TencentCiClient, query: ListJobsRequest): Promise<string[]> {
  return (await tencent.listJobs(query)).JobsDetail.map(({ JobId }) => JobId)
}
