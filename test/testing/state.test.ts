import { describe, expect, it } from 'vitest'
import { isRecord } from '../../src/type-guards.js'
import { createEmulator } from '../../src/testing/index.js'
import { huaweiClient, NEW_YEAR, rejection, tencentClient } from '../support/clients.js'
import { emulated, EXISTING, MISSING, NOISE, OTHER, VOICE, type Emulated } from './emulated.js'

describe('options', () => {
  const defaults = {
    huawei: {
      projectId: '0123456789abcdef0123456789abcdef',
      credentials: { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'SKEXAMPLE' },
      tokens: ['TOKENEXAMPLE'],
      assets: [{ asset_id: OTHER }, { asset_id: EXISTING }],
    },
    tencent: {
      bucket: 'examplebucket-1250000000',
      region: 'ap-beijing',
      credentials: { secretId: 'TESTID', secretKey: 'TESTKEY' },
    },
    callbacks: {
      fetch: expect.any(Function) as unknown,
      allow: [],
      retryDelaysMs: [100, 200, 400, 800, 1_600, 3_200],
    },
    now: Date.now,
    queueDurationMs: 0,
    jobDurationMs: 0,
    assetDelayMs: 0,
    seed: '0',
  }

  it('default to those of the examples, and to the clock of the machine', async () => {
    const emulator = createEmulator()
    expect(emulator.options).toEqual(defaults)
    const { fetch } = emulator
    await huaweiClient({ fetch, now: Date.now }).unpublishAssets({ asset_id: [EXISTING] })
    await tencentClient({ fetch, now: Date.now }).createNoiseReductionJob(NOISE)
  })

  it('that are given apply, beside the defaults of the others', async () => {
    const now = (): number => NEW_YEAR
    const credentials = { secretId: 'TESTID', secretKey: 'OTHERKEYEXAMPLE' }
    const { options, fetch } = createEmulator({
      now,
      queueDurationMs: 2,
      jobDurationMs: 1,
      assetDelayMs: 3,
      seed: 'x',
      huawei: { projectId: 'p1', tokens: ['T1EXAMPLE', 'T2EXAMPLE'] },
      tencent: { region: 'eu-frankfurt', bucket: 'b-1', credentials },
      callbacks: { allow: ['http://receiver:3000'] },
    })
    expect(options).toEqual({
      huawei: { ...defaults.huawei, projectId: 'p1', tokens: ['T1EXAMPLE', 'T2EXAMPLE'] },
      tencent: { region: 'eu-frankfurt', bucket: 'b-1', credentials },
      callbacks: { ...defaults.callbacks, allow: ['http://receiver:3000'] },
      now,
      queueDurationMs: 2,
      jobDurationMs: 1,
      assetDelayMs: 3,
      seed: 'x',
    })
    for (const token of options.huawei.tokens) {
      const client = huaweiClient({ fetch, projectId: 'p1', credentials: { token } })
      await client.unpublishAssets({ asset_id: [EXISTING] })
    }
    await tencentClient({ fetch, credentials, region: 'eu-frankfurt', bucket: 'b-1' }).createNoiseReductionJob(NOISE)
  })
})

describe('assets', () => {
  it('of the documented examples are there from the start, published', () => {
    const { emulator } = emulated()
    expect(emulator.assets()).toEqual(
      [OTHER, EXISTING].map((asset_id) => ({
        asset_id,
        status: 'PUBLISHED',
        base_info: {
          title: 'Avatar test test',
          video_name: 'Avatar_480P.mp4',
          description: 'Avatar, test',
          category_id: -1,
          category_name: '其他',
          create_time: '20260101000000',
          last_modified: '20260101000000',
          video_type: 'MP4',
          tags: 'mytags',
        },
      })),
    )
  })

  it('of an extraction are new, and ready once the job has ended', async () => {
    const { emulator, clock, huawei } = emulated({ jobDurationMs: 5_000 })
    clock.now += 61_000
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    expect(audio_asset_id).toMatch(/^[0-9a-f]{32}$/)
    const audio = {
      asset_id: audio_asset_id,
      base_info: {
        title: 'Avatar test test',
        video_name: 'Avatar test test.mp3',
        video_type: 'MP3',
        create_time: '20260101000101',
        last_modified: '20260101000101',
      },
    }
    expect(emulator.assets()).toMatchObject([
      { asset_id: OTHER },
      { asset_id: EXISTING, status: 'PUBLISHED' },
      { ...audio, status: 'CREATING' },
    ])
    clock.now += 4_999
    expect(emulator.assets()[2]).toMatchObject({ status: 'CREATING' })
    clock.now += 1
    expect(emulator.assets()[2]).toMatchObject({ ...audio, status: 'CREATED' })
  })

  it('of an extraction have the requested format', async () => {
    const { emulator, huawei } = emulated()
    await huawei.createExtractAudioTask({ asset_id: EXISTING, parameter: { format: 'AAC' } })
    expect(emulator.assets()[2]?.base_info).toMatchObject({ video_name: 'Avatar test test.aac', video_type: 'AAC' })
  })

  it('that are missing or not ready cannot be the source of an extraction', async () => {
    const { emulator, clock, huawei } = emulated({ jobDurationMs: 1_000 })
    expect(await rejection(huawei.createExtractAudioTask({ asset_id: MISSING }))).toMatchObject({
      status: 400,
      code: 'VOD.10062',
    })
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    expect(await rejection(huawei.createExtractAudioTask({ asset_id: audio_asset_id }))).toMatchObject({
      status: 403,
      code: 'VOD.10060',
    })
    expect(emulator.assets()).toHaveLength(3)
    clock.now += 1_000
    await huawei.createExtractAudioTask({ asset_id: audio_asset_id })
    expect(emulator.assets()).toHaveLength(4)
  })

  it('can be unpublished twice, with the same response', async () => {
    const { emulator, clock, huawei } = emulated()
    clock.now += 1_000
    const first = await huawei.unpublishAssets({ asset_id: [EXISTING] })
    expect(first.asset_info_array).toMatchObject([
      {
        asset_id: EXISTING,
        status: 'CREATED',
        base_info: { title: 'Avatar test test', create_time: '20260101000000', last_modified: '20260101000001' },
      },
    ])
    expect(emulator.assets()).toEqual([
      expect.objectContaining({ asset_id: OTHER, status: 'PUBLISHED' }),
      first.asset_info_array[0],
    ])
    clock.now += 1_000
    expect(await huawei.unpublishAssets({ asset_id: [EXISTING] })).toEqual(first)
    await huawei.createExtractAudioTask({ asset_id: EXISTING })
  })

  it('of a list are returned in its order, including missing ones', async () => {
    const { huawei } = emulated({ jobDurationMs: 1_000 })
    const { audio_asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    const ids = [MISSING, EXISTING, audio_asset_id, OTHER, MISSING]
    const { asset_info_array } = await huawei.unpublishAssets({ asset_id: ids })
    expect(asset_info_array.map(({ asset_id, status }) => [asset_id, status])).toEqual([
      [MISSING, 'NOASSET'],
      [EXISTING, 'CREATED'],
      [audio_asset_id, 'CREATING'],
      [OTHER, 'CREATED'],
      [MISSING, 'NOASSET'],
    ])
    expect(asset_info_array[0]).toEqual({ asset_id: MISSING, status: 'NOASSET', description: 'no asset' })
  })

  it('cannot be unpublished without an ID', async () => {
    const { huawei } = emulated()
    const unchecked = huawei.unpublishAssets({ asset_id: [] }, { validate: false })
    expect(await rejection(unchecked)).toMatchObject({ status: 400, code: 'VOD.10053' })
  })

  it('can be given, and keep their fields', async () => {
    const { emulator, huawei } = emulated({
      huawei: {
        assets: [
          { asset_id: 'mine', base_info: { title: 'Mine' } },
          { asset_id: 'new', status: 'CREATING' },
        ],
      },
    })
    expect(emulator.assets()).toMatchObject([
      { asset_id: 'mine', status: 'PUBLISHED', base_info: { title: 'Mine' } },
      { asset_id: 'new', status: 'CREATING', base_info: { title: 'Avatar test test' } },
    ])
    await huawei.createExtractAudioTask({ asset_id: 'mine' })
    expect(emulator.assets()[2]?.base_info).toMatchObject({ title: 'Mine', video_name: 'Mine.mp3' })
    expect(await rejection(huawei.createExtractAudioTask({ asset_id: 'new' }))).toMatchObject({ code: 'VOD.10060' })
    expect(await rejection(huawei.createExtractAudioTask({ asset_id: EXISTING }))).toMatchObject({ code: 'VOD.10062' })
  })
})

describe('ids', () => {
  it('are the same in the same order for the same seed, and others for another', async () => {
    const first = await someIds(emulated({ seed: 'one' }))
    expect(await someIds(emulated({ seed: 'one' }))).toEqual(first)
    const others = await someIds(emulated({ seed: 'two' }))
    expect(new Set([...first, ...others]).size).toBe(first.length + others.length)
  })

  it('of jobs and assets do not depend on how many requests failed before', async () => {
    const { emulator, huawei, tencent } = emulated()
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'throttle' } })
    await rejection(tencent.createNoiseReductionJob(NOISE))
    await rejection(huawei.createExtractAudioTask({ asset_id: MISSING }))
    expect(await someIds({ huawei, tencent })).toEqual(await someIds(emulated()))
  })
})

describe('reset', () => {
  it('restores the initial state', async () => {
    const { emulator, huawei, tencent } = emulated()
    const { requests } = emulator
    const assets = emulator.assets()
    const ids = await someIds({ huawei, tencent })
    await huawei.unpublishAssets({ asset_id: [EXISTING] })
    emulator.fail({ operation: 'createNoiseReductionJob', times: Infinity, with: { kind: 'reset' } })
    emulator.fail({ operation: 'createExtractAudioTask', with: { kind: 'reset' } })
    emulator.settle({ source: 'in.mp3' }, { State: 'Failed' })
    emulator.settle({ source: EXISTING }, { status: 'SERVER_ERROR' })
    emulator.reset()
    expect(emulator.assets()).toEqual(assets)
    expect(emulator.jobs()).toEqual([])
    expect(requests).toEqual([])
    expect(await someIds({ huawei, tencent })).toEqual(ids)
    expect(emulator.jobs().map(({ State }) => State)).toEqual(['Success', 'Success'])
    expect(emulator.assets().map(({ status }) => status)).toEqual(['PUBLISHED', 'PUBLISHED', 'CREATED', 'CREATED'])
    expect(emulator.requests).toBe(requests)
    expect(requests).toHaveLength(4)
  })

  it('unlocks a key', async () => {
    const { emulator, huawei } = emulated()
    const credentials = { accessKeyId: 'AKEXAMPLE', secretAccessKey: 'WRONGEXAMPLE' }
    const wrong = huaweiClient({ fetch: emulator.fetch, credentials })
    for (let count = 0; count < 10; count++) await rejection(wrong.unpublishAssets({ asset_id: [EXISTING] }))
    expect(await rejection(huawei.unpublishAssets({ asset_id: [EXISTING] }))).toMatchObject({ status: 401 })
    emulator.reset()
    await huawei.unpublishAssets({ asset_id: [EXISTING] })
  })
})

/** The ids that two jobs and two extractions get. */
async function someIds({ huawei, tencent }: Pick<Emulated, 'huawei' | 'tencent'>): Promise<unknown[]> {
  const answers: unknown[] = [
    await tencent.createNoiseReductionJob(NOISE),
    await huawei.createExtractAudioTask({ asset_id: EXISTING }),
    await tencent.createVoiceSeparateJob(VOICE),
    await huawei.createExtractAudioTask({ asset_id: EXISTING }),
  ]
  return answers.map((answer) => isRecord(answer) && (answer['JobId'] ?? answer['audio_asset_id']))
}
