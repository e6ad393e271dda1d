import { describe, expect, it } from 'vitest'
import type { Outcome, Submissions } from '../../src/testing/index.js'
import { rejection } from '../support/clients.js'
import { emulated, EXISTING, NOISE, OTHER, OUTPUT, VOICE, type Emulated } from './emulated.js'

const FAILED = { State: 'Failed' } as const
const BROKEN = { status: 'SERVER_ERROR' } as const

describe('a plan is for the submissions', () => {
  it.each<[string, Submissions, Outcome, number[]]>([
    ['of an operation', { operation: 'createNoiseReductionJob' }, FAILED, [0]],
    ['of an operation, several times', { operation: 'createNoiseReductionJob', times: 2 }, FAILED, [0, 3]],
    ['of an operation, always', { operation: 'createNoiseReductionJob', times: Infinity }, FAILED, [0, 3, 5]],
    ['of a source', { source: 'in.mp3' }, FAILED, [0]],
    ['of a source, by any operation', { source: 'in.mp3', times: 5 }, FAILED, [0, 2, 5]],
    ['of both', { source: 'other.mp3', operation: 'createVoiceSeparateJob', times: 5 }, FAILED, []],
    ['of another source', { source: 'other.mp3' }, FAILED, [3]],
    ['of an extraction', { operation: 'createExtractAudioTask', times: 5 }, BROKEN, [1, 4]],
    ['of a source asset', { source: OTHER, times: 5 }, BROKEN, [4]],
  ])('%s', async (_, submissions, outcome, expected) => {
    const all = emulated()
    all.emulator.settle(submissions, outcome)
    const states = await submitAll(all)
    const settled = states.flatMap((state, index) => (state === Object.values(outcome)[0] ? [index] : []))
    expect(settled).toEqual(expected)
  })

  it('and several plans take effect one after the other', async () => {
    const all = emulated()
    all.emulator.settle({ source: 'other.mp3' }, { State: 'Pause' })
    all.emulator.settle({ operation: 'createNoiseReductionJob' }, FAILED)
    all.emulator.settle({ operation: 'createNoiseReductionJob' }, { State: 'Cancel' })
    const [first, , , second, , third] = await submitAll(all)
    expect([first, second, third]).toEqual(['Failed', 'Pause', 'Cancel'])
  })

  it('and a submission that is rejected uses none', async () => {
    const { emulator, huawei, tencent } = emulated()
    emulator.settle({ operation: 'createNoiseReductionJob' }, FAILED)
    emulator.settle({ operation: 'createExtractAudioTask' }, BROKEN)
    emulator.fail({ operation: 'createNoiseReductionJob', with: { kind: 'throttle' } })
    await rejection(tencent.createNoiseReductionJob(NOISE))
    await rejection(huawei.createExtractAudioTask({ asset_id: 'none' }))
    await tencent.createNoiseReductionJob(NOISE)
    await huawei.createExtractAudioTask({ asset_id: OTHER })
    expect(emulator.jobs()).toMatchObject([FAILED])
    expect(emulator.assets()[2]).toMatchObject(BROKEN)
  })

  it('and a later ID overrides it', async () => {
    const { emulator, tencent } = emulated()
    emulator.settle({ operation: 'createNoiseReductionJob' }, FAILED)
    const { JobId } = await tencent.createNoiseReductionJob(NOISE)
    emulator.settle(JobId, { State: 'Success' })
    expect(emulator.jobs()).toMatchObject([{ State: 'Success', Code: 'Success' }])
  })
})

describe('settle rejects', () => {
  it.each<[string, unknown, unknown, string]>([
    ['an ID that does not exist', 'j1', FAILED, 'there is no job j1'],
    ['an asset that does not exist', 'a1', BROKEN, 'there is no asset a1'],
    ['an asset with the outcome of a job', EXISTING, FAILED, `there is no job ${EXISTING}`],
    ['no outcome', 'j1', undefined, 'the outcome must be an object'],
    ['a list as outcome', 'j1', [], 'the outcome must be an object'],
    ['an outcome without a state', 'j1', {}, 'the outcome must have the State of a job or the status of an asset'],
    ['an empty state', 'j1', { State: '' }, 'the outcome must have the State'],
    ['a state that is no text', 'j1', { State: 5 }, 'the outcome must have the State'],
    ['a misspelled state', 'j1', { State: 'Faild' }, 'Faild is not a state of the job; did you mean Failed?'],
    ['a misspelled status', 'a1', { status: 'CREATD' }, 'CREATD is not a state of the asset; did you mean CREATED?'],
    ['a misspelled field', 'j1', { ...FAILED, Mesage: 'x' }, 'Mesage is not a known field; did you mean Message?'],
    ['a field of the other kind', 'a1', { ...BROKEN, Code: 'x' }, 'Code is not a known field; known are status, desc'],
    ['both kinds', 'j1', { ...FAILED, ...BROKEN }, 'status is not a known field'],
    ['a code that is no text', 'j1', { ...FAILED, Code: 5 }, 'State, Code, Message must be text'],
    ['no target', undefined, FAILED, 'the target must be an ID, or an object'],
    ['a target for everything', {}, FAILED, 'the target must have operation or source, as text'],
    ['a source that is no text', { source: 5 }, FAILED, 'the target must have operation or source, as text'],
    ['an operation that is no text', { operation: 5 }, FAILED, 'the target must have operation or source, as text'],
    ['an empty source', { source: '' }, FAILED, 'the target must have operation or source, as text'],
    ['a misspelled target', { sorce: 'in.mp3' }, FAILED, 'sorce is not a known field; did you mean source?'],
    [
      'a misspelled operation',
      { operation: 'createNoiseReductionJb' },
      FAILED,
      'createNoiseReductionJb submits no job; did you mean createNoiseReductionJob?',
    ],
    [
      'an operation that submits nothing',
      { operation: 'unpublishAssets' },
      BROKEN,
      'unpublishAssets submits no asset; known are createExtractAudioTask',
    ],
    [
      'the outcome of another operation',
      { operation: 'createExtractAudioTask' },
      FAILED,
      'createExtractAudioTask submits no job',
    ],
    ['no times', { source: 'in.mp3', times: 0 }, FAILED, 'times must be a whole number from 1, or Infinity'],
  ])('%s, and changes nothing', async (_, target, outcome, message) => {
    const all = emulated()
    const settle = (): void => {
      // What a JavaScript user could write.
      all.emulator.settle(target as string, outcome as Outcome)
    }
    expect(settle).toThrow(TypeError)
    expect(settle).toThrow(`settle: ${message}`)
    const states = await submitAll(all)
    expect(new Set(states)).toEqual(new Set(['Success', 'CREATED']))
  })
})

/** Submits noise reductions, voice separations, and extractions, and returns the states that they reach. */
async function submitAll({ huawei, tencent }: Emulated): Promise<unknown[]> {
  const other = { Input: { Object: 'other.mp3' }, Operation: { Output: OUTPUT } }
  const ids = [
    (await tencent.createNoiseReductionJob(NOISE)).JobId,
    (await huawei.createExtractAudioTask({ asset_id: EXISTING })).audio_asset_id,
    (await tencent.createVoiceSeparateJob(VOICE)).JobId,
    (await tencent.createNoiseReductionJob(other)).JobId,
    (await huawei.createExtractAudioTask({ asset_id: OTHER })).audio_asset_id,
    (await tencent.createNoiseReductionJob(NOISE)).JobId,
  ]
  const { JobsDetail } = await tencent.getJobs({ jobIds: ids })
  const { asset_info_array } = await huawei.listAssets({ asset_id: ids })
  return ids.map(
    (id) =>
      JobsDetail.find(({ JobId }) => JobId === id)?.State ??
      asset_info_array.find(({ asset_id }) => asset_id === id)?.status,
  )
}
