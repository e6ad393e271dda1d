import { describe, expect, it } from 'vitest'
import type { AssetOutcome } from '../../../src/testing/index.js'
import { rejection } from '../../support/clients.js'
import { emulated, EXISTING, MISSING, OTHER, type Emulated } from '../emulated.js'

describe('an extracted audio', () => {
  it('is missing, then created, then ready, with its file', async () => {
    const vod = emulated({ assetDelayMs: 5_000, queueDurationMs: 10_000, jobDurationMs: 20_000 })
    const { emulator, clock, huawei } = vod
    const { audio_asset_id: audio } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    const missing = { asset_id: audio, status: 'NOASSET', description: 'no asset' }
    clock.now += 4_999
    expect(await read(vod, audio)).toEqual(missing)
    expect((await huawei.unpublishAssets({ asset_id: [audio] })).asset_info_array).toEqual([missing])
    expect(await rejection(huawei.createExtractAudioTask({ asset_id: audio }))).toMatchObject({ code: 'VOD.10062' })
    expect(emulator.assets()).toHaveLength(2)
    clock.now += 1
    const creating = await read(vod, audio)
    expect(creating).toMatchObject({ asset_id: audio, status: 'CREATING', base_info: { video_type: 'MP3' } })
    expect(creating?.base_info).not.toHaveProperty('video_url')
    clock.now += 24_999
    expect(await read(vod, audio)).toEqual(creating)
    clock.now += 1
    const created = await read(vod, audio)
    expect(created).toMatchObject({
      asset_id: audio,
      status: 'CREATED',
      base_info: {
        title: 'Avatar test test',
        video_url: expect.stringMatching(new RegExp(`^https://.*/${audio}/\\w+\\.mp3$`)) as unknown,
        meta_data: { pack_type: 'MP3', codec: 'MP3' },
      },
    })
    expect(emulator.assets()[2]).toEqual(created)
  })

  it('has a file of its format', async () => {
    const vod = emulated()
    const task = { asset_id: EXISTING, parameter: { format: 'AAC' } } as const
    const { audio_asset_id } = await vod.huawei.createExtractAudioTask(task)
    expect((await read(vod, audio_asset_id))?.base_info).toMatchObject({
      video_url: expect.stringMatching(/\.aac$/) as unknown,
      meta_data: { pack_type: 'AAC', codec: 'AAC' },
    })
  })
})

describe('an asset that is settled at once', () => {
  it.each<AssetOutcome>([
    { status: 'CREATED' },
    { status: 'SERVER_ERROR', description: 'out of disks' },
    { status: 'CREATING' },
    { status: 'CANCELLED' },
    { status: 'ODD' },
  ])('has the outcome %o from then on', async (outcome) => {
    const vod = emulated({ assetDelayMs: 60_000, jobDurationMs: 20_000 })
    const { audio_asset_id } = await vod.huawei.createExtractAudioTask({ asset_id: EXISTING })
    vod.clock.now += 5_000
    vod.emulator.settle(audio_asset_id, outcome)
    const settled = await read(vod, audio_asset_id)
    expect(settled).toMatchObject({ asset_id: audio_asset_id, base_info: {}, ...outcome })
    expect(settled?.base_info?.video_url !== undefined).toBe(outcome.status === 'CREATED')
    vod.clock.now += 3_600_000
    expect(await read(vod, audio_asset_id)).toEqual(settled)
  })

  it.each(['NOASSET', 'NO_ASSET', 'UNCREATED'])('as %s does not exist', async (status) => {
    const vod = emulated()
    vod.emulator.settle(EXISTING, { status })
    expect(await read(vod, EXISTING)).toEqual({ asset_id: EXISTING, status, description: 'no asset' })
    expect(vod.emulator.assets()).toMatchObject([{ asset_id: OTHER }])
    const extraction = vod.huawei.createExtractAudioTask({ asset_id: EXISTING })
    expect(await rejection(extraction)).toMatchObject({ code: 'VOD.10062' })
  })

  it('may be an initial one, from which then no audio can be extracted', async () => {
    const vod = emulated()
    vod.emulator.settle(EXISTING, { status: 'DELETED' })
    const extraction = vod.huawei.createExtractAudioTask({ asset_id: EXISTING })
    expect(await rejection(extraction)).toMatchObject({ code: 'VOD.10060' })
    vod.emulator.settle(EXISTING, { status: 'TRANSCODE_SUCCEED' })
    await vod.huawei.createExtractAudioTask({ asset_id: EXISTING })
  })
})

describe('a planned outcome of an extraction', () => {
  it.each<[AssetOutcome, string[]]>([
    [{ status: 'SERVER_ERROR', description: 'out of disks' }, ['NOASSET', 'CREATING', 'SERVER_ERROR']],
    [{ status: 'CREATED' }, ['NOASSET', 'CREATING', 'CREATED']],
    [{ status: 'CREATING' }, ['NOASSET', 'CREATING', 'CREATING']],
    [{ status: 'NOASSET' }, ['NOASSET', 'NOASSET', 'NOASSET']],
  ])('%o comes when the asset would reach it', async (outcome, states) => {
    const vod = emulated({ assetDelayMs: 5_000, queueDurationMs: 5_000, jobDurationMs: 10_000 })
    vod.emulator.settle({ source: EXISTING }, outcome)
    const { audio_asset_id } = await vod.huawei.createExtractAudioTask({ asset_id: EXISTING })
    const seen = [await read(vod, audio_asset_id)]
    for (const passes of [14_999, 1]) {
      vod.clock.now += passes
      seen.push(await read(vod, audio_asset_id))
    }
    expect(seen.map((item) => item?.status)).toEqual(states)
    expect(seen.at(-1)).toMatchObject(outcome)
  })
})

describe('cancelExtractAudioTask', () => {
  it.each(['audio', 'source'])('cancels a queued task by the ID of its %s', async (which) => {
    const vod = emulated({ queueDurationMs: 10_000, assetDelayMs: 60_000 })
    const { huawei, clock } = vod
    const { audio_asset_id: audio } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    const { audio_asset_id: other } = await huawei.createExtractAudioTask({ asset_id: OTHER })
    clock.now += 9_999
    const asset_id = which === 'audio' ? audio : EXISTING
    await huawei.cancelExtractAudioTask({ asset_id })
    expect(await read(vod, audio)).toMatchObject({ status: 'CANCELLED' })
    clock.now += 3_600_000
    expect(await read(vod, audio)).toMatchObject({ status: 'CANCELLED' })
    expect(await read(vod, other)).toMatchObject({ status: 'CREATED' })
  })

  it('cancels the queued tasks of a source, and leaves what runs or has finished', async () => {
    const vod = emulated({ queueDurationMs: 10_000, jobDurationMs: 10_000 })
    const { huawei, clock } = vod
    const ids: string[] = []
    for (let count = 0; count < 3; count++) {
      ids.push((await huawei.createExtractAudioTask({ asset_id: EXISTING })).audio_asset_id)
      clock.now += 10_000
    }
    clock.now -= 10_000
    await huawei.cancelExtractAudioTask({ asset_id: EXISTING })
    const states = await Promise.all(ids.map(async (id) => (await read(vod, id))?.status))
    expect(states).toEqual(['CREATED', 'CREATING', 'CANCELLED'])
  })

  it('rejects a task that runs, has finished, was canceled, or was never created', async () => {
    const { huawei, clock, emulator } = emulated({ queueDurationMs: 10_000, jobDurationMs: 10_000 })
    const { audio_asset_id: asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    const { audio_asset_id: settled } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    emulator.settle(settled, { status: 'SERVER_ERROR' })
    const notQueued = { status: 400, code: 'VOD.10083', mayHaveRun: false }
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id: settled }))).toMatchObject(notQueued)
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id: OTHER }))).toMatchObject(notQueued)
    clock.now += 10_000
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id }))).toMatchObject(notQueued)
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id: EXISTING }))).toMatchObject(notQueued)
    clock.now += 10_000
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id }))).toMatchObject(notQueued)
    expect(emulator.assets()).toMatchObject([{}, {}, { status: 'CREATED' }, { status: 'SERVER_ERROR' }])
  })

  it('rejects a task that was canceled before', async () => {
    const { huawei } = emulated({ queueDurationMs: 10_000 })
    const { audio_asset_id: asset_id } = await huawei.createExtractAudioTask({ asset_id: EXISTING })
    await huawei.cancelExtractAudioTask({ asset_id })
    expect(await rejection(huawei.cancelExtractAudioTask({ asset_id }))).toMatchObject({ code: 'VOD.10083' })
  })

  it('rejects an asset that does not exist', async () => {
    expect(await rejection(emulated().huawei.cancelExtractAudioTask({ asset_id: MISSING }))).toMatchObject({
      status: 400,
      code: 'VOD.10062',
    })
  })
})

/** The item of an asset. */
async function read({ huawei }: Pick<Emulated, 'huawei'>, id: string) {
  const { asset_info_array } = await huawei.listAssets({ asset_id: [id] })
  return asset_info_array[0]
}
