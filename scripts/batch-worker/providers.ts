// The two providers of a trial: what the emulator has, and what it counts.
import type { Emulator, EmulatorOptions, Fault } from '../../src/testing/index.js'

export interface TrialProvider {
  readonly environment: Readonly<Record<string, string>>
  /** The files of a batch. */
  readonly files: (count: number) => string[]
  readonly options: (files: readonly string[]) => EmulatorOptions
  /** The operations that get faults. */
  readonly operations: readonly string[]
  /** How often the emulator ran each file. */
  readonly runs: (emulator: Emulator) => Map<string, number>
  /** Whether files may be in doubt in the end. */
  readonly hasDoubts: boolean
}

function count(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

export const PROVIDERS: Readonly<Record<string, TrialProvider>> = {
  'tencent-ci': {
    environment: {
      OPERATION: 'createNoiseReductionJob',
      TENCENTCLOUD_SECRET_ID: 'TESTID',
      TENCENTCLOUD_SECRET_KEY: 'TESTKEY',
      TENCENTCLOUD_BUCKET: 'examplebucket-1250000000',
    },
    files: (count) => Array.from({ length: count }, (_, index) => `in/${String(index)}.wav`),
    options: () => ({}),
    operations: ['createNoiseReductionJob', 'getJobs', 'listJobs'],
    runs: (emulator) => count(emulator.jobs().map(({ Input }) => Input?.Object ?? '')),
    hasDoubts: false,
  },
  'huawei-vod': {
    environment: {
      OPERATION: 'createExtractAudioTask',
      HUAWEICLOUD_SDK_AK: 'AKEXAMPLE',
      HUAWEICLOUD_SDK_SK: 'SKEXAMPLE',
      HUAWEICLOUD_SDK_PROJECT_ID: '0123456789abcdef0123456789abcdef',
    },
    files: (count) => Array.from({ length: count }, (_, index) => String(index).padStart(32, '0')),
    // An audio has the title of its source.
    options: (files) => ({ huawei: { assets: files.map((id) => ({ asset_id: id, base_info: { title: id } })) } }),
    operations: ['createExtractAudioTask', 'listAssets'],
    runs: (emulator) =>
      count(
        emulator
          .assets()
          .flatMap(({ asset_id, base_info }) => (base_info?.title === asset_id ? [] : (base_info?.title ?? ''))),
      ),
    hasDoubts: true,
  },
}

/** Every kind of fault; of those that may run the operation, both ways. */
export const FAULTS: readonly (readonly Fault[])[] = [
  [
    { kind: 'error', code: 'InternalError', status: 500 },
    { kind: 'error', code: 'InternalError', status: 500, executes: true },
  ],
  [{ kind: 'throttle' }, { kind: 'throttle', retryAfter: '1' }],
  [{ kind: 'reset' }, { kind: 'reset', executes: true }],
  [{ kind: 'reset-inside' }],
  [{ kind: 'silence' }, { kind: 'silence', executes: true }],
  [{ kind: 'slow', delayMs: 300 }],
  [{ kind: 'truncated' }],
  [{ kind: 'html' }, { kind: 'html', executes: true }],
]
