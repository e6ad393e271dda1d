import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { respect, runWorkflows } from '../../scripts/workflows.js'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/index.js'
import { createTencentCiClient } from '../../src/tencent-ci/index.js'
import { listenWithJson } from '../support/json-gateway.js'
import { inCopy, inTemporaryFolder, lintProblems, PROJECT, ProjectCopy } from './project-copy.js'

const HUAWEI = 'specs/workflows/huawei-vod.yaml'
const TENCENT = 'specs/workflows/tencent-ci.yaml'
const FILES = [HUAWEI, TENCENT]

describe('the workflows are clean', () => {
  it('under redocly.yaml', async () => {
    expect(await lintProblems(PROJECT, ...FILES)).toEqual([[], []])
  })

  it.each(['recommended-strict', 'spec'])('under %s alone', async (rules) => {
    await inTemporaryFolder(async (folder) => {
      const config = path.join(folder, 'redocly.yaml')
      await writeFile(config, `extends: [${rules}]\n`)
      expect(await lintProblems(PROJECT, ...FILES, '--config', config)).toEqual([[], []])
    })
  })

  it('by npm run lint:specs', async () => {
    const { scripts } = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(scripts['lint:specs']).toContain('redocly lint specs/workflows/*.yaml')
  })
})

const lintMutations = [
  {
    what: 'a text that says where it is from',
    from: 'Unpublishes an asset, then queries it',
    to: 'Unpublishes an asset, as on the page, then queries it',
    found: 'contract/texts-for-callers',
  },
  {
    what: 'an input without a description',
    from: '          description: The ID of the asset to unpublish.\n',
    to: '',
    found: 'contract/properties-described',
  },
  {
    what: 'a workflow without a summary',
    from: '    summary: Unpublish an asset\n',
    to: '',
    found: 'contract/workflows-described',
  },
  {
    what: 'a step without a description',
    from: '        description: Query the asset every 5 seconds until it is unpublished.\n',
    to: '',
    found: 'contract/workflows-described',
  },
  {
    what: 'an output that no step has',
    from: '$steps.confirm.outputs.status',
    to: '$steps.confirm.outputs.state',
    found: 'outputs-defined',
  },
  {
    what: 'a criterion that redocly respect does not evaluate',
    from: '                condition: ^PUBLISHED$\n                type: regex',
    to: '                condition: //PUBLISHED\n                type: xpath',
    found: 'no-criteria-xpath',
  },
]

describe('lint rejects', () => {
  it.concurrent.for(lintMutations)('$what', async ({ from, to, found }, { expect }) => {
    await inCopy(
      (copy) => copy.replace(HUAWEI, from, to),
      async ({ folder }) => {
        const rules = (await lintProblems(folder, HUAWEI)).flat().map(({ ruleId }) => ruleId)
        expect([...new Set(rules)]).toEqual([found])
      },
    )
  })
})

interface Run {
  readonly what: string
  readonly workflow: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly options?: EmulatorOptions
  readonly prepare?: (emulator: Emulator) => void | Promise<void>
  /** The operations that the workflow calls. */
  readonly calls: readonly string[]
  /** The step that fails. If omitted, none. */
  readonly failed?: string
}

const ASSET = 'f488337c31c8e4622f1590735b134c65'
const [CREATE, LIST, UNPUBLISH] = ['createExtractAudioTask', 'listAssets', 'unpublishAssets'] as const
const huaweiRuns: Run[] = [
  {
    what: 'extracts audio from the missing asset to the complete one',
    workflow: 'extractAudio',
    options: { assetDelayMs: 1500, jobDurationMs: 2500 },
    calls: [CREATE, LIST, LIST, LIST],
  },
  {
    what: 'queries again while VOD throttles or fails',
    workflow: 'extractAudio',
    prepare: (emulator) => {
      emulator.fail({ operation: LIST, with: { kind: 'throttle' } })
      emulator.fail({ operation: LIST, with: { kind: 'error', code: 'VOD.10051', status: 500 } })
    },
    calls: [CREATE, LIST, LIST, LIST],
  },
  {
    what: 'does not create a second task if the first one may exist',
    workflow: 'extractAudio',
    prepare: (emulator) => {
      emulator.fail({ operation: CREATE, with: { kind: 'error', code: 'VOD.10051', status: 500, executes: true } })
    },
    calls: [CREATE],
    failed: 'createTask',
  },
  ...['SERVER_ERROR', 'CANCELLED'].map((status): Run => ({
    what: `fails if the new asset becomes ${status}`,
    workflow: 'extractAudio',
    prepare: (emulator) => {
      emulator.settle({ operation: CREATE }, { status })
    },
    calls: [CREATE, LIST],
    failed: 'waitForAudio',
  })),
  {
    what: 'fails if the new asset stays missing',
    workflow: 'extractAudio',
    prepare: (emulator) => {
      emulator.settle({ operation: CREATE }, { status: 'NOASSET' })
    },
    calls: [CREATE, ...Array<string>(13).fill(LIST)],
    failed: 'waitForAudio',
  },
  {
    what: 'goes on in an unknown state, but not forever',
    workflow: 'extractAudio',
    prepare: (emulator) => {
      emulator.settle({ operation: CREATE }, { status: 'IN_ANOTHER_STATE' })
    },
    calls: [CREATE, ...Array<string>(21).fill(LIST)],
    failed: 'waitForAudio',
  },
  { what: 'unpublishes an asset', workflow: 'unpublish', calls: [UNPUBLISH, LIST] },
  {
    what: 'fails if the asset to unpublish does not exist',
    workflow: 'unpublish',
    inputs: { assetId: '07ba4d46463355e800c2f42f628f0631' },
    calls: [UNPUBLISH, LIST],
    failed: 'confirm',
  },
]

const [SEPARATE, REDUCE, GET, FIND] = [
  'createVoiceSeparateJob',
  'createNoiseReductionJob',
  'getJobs',
  'listJobs',
] as const
const tencentRuns: Run[] = [
  {
    what: 'separates voice from the queued job to the finished one',
    workflow: 'separateVoice',
    options: { queueDurationMs: 1500, jobDurationMs: 1500 },
    calls: [SEPARATE, GET, GET, GET],
  },
  {
    what: 'reduces noise from the queued job to the finished one',
    workflow: 'reduceNoise',
    options: { queueDurationMs: 1500, jobDurationMs: 1500 },
    calls: [REDUCE, GET, GET, GET],
  },
  {
    what: 'queries again while CI throttles or fails',
    workflow: 'reduceNoise',
    prepare: (emulator) => {
      emulator.fail({ operation: GET, with: { kind: 'throttle' } })
      emulator.fail({ operation: GET, with: { kind: 'error', code: 'InternalError' } })
    },
    calls: [REDUCE, GET, GET, GET],
  },
  {
    what: 'does not create a second job if the first one may exist',
    workflow: 'reduceNoise',
    prepare: (emulator) => {
      emulator.fail({ operation: REDUCE, with: { kind: 'error', code: 'InternalError', executes: true } })
    },
    calls: [REDUCE],
    failed: 'createNoiseJob',
  },
  {
    what: 'fails if the voice separation fails',
    workflow: 'separateVoice',
    prepare: (emulator) => {
      emulator.settle({ operation: SEPARATE }, { State: 'Failed' })
    },
    calls: [SEPARATE, GET],
    failed: 'waitForVoice',
  },
  {
    what: 'fails if the noise reduction is canceled',
    workflow: 'reduceNoise',
    prepare: (emulator) => {
      emulator.settle({ operation: REDUCE }, { State: 'Cancel' })
    },
    calls: [REDUCE, GET],
    failed: 'waitForAudio',
  },
  {
    what: 'finds the jobs that a lost response can be about',
    workflow: 'recover',
    prepare: createNoiseJob,
    calls: [REDUCE, FIND],
  },
  {
    what: 'fails if the job to find is not listed',
    workflow: 'recover',
    inputs: { inputObject: 'input/other.mp3' },
    prepare: createNoiseJob,
    calls: [REDUCE, ...Array<string>(7).fill(FIND)],
    failed: 'findJobs',
  },
]

describe('redocly respect', () => {
  let copy: ProjectCopy
  beforeAll(async () => {
    copy = await ProjectCopy.create()
    for (const file of FILES) await shortenWaits(copy, file)
  })
  afterAll(() => copy.remove())

  it('runs the workflows of Huawei for npm run test:interop', async () => {
    const { steps, failures } = await runWorkflows(path.join(copy.folder, HUAWEI))
    expect(failures).toEqual([])
    expect(Object.fromEntries(steps)).toEqual({
      extractAudio: ['createTask', 'waitForAudio', 'waitForAudio', 'waitForAudio'],
      unpublish: ['unpublishAsset', 'confirm'],
    })
  })

  it.each([
    ['$response.body#/audio_asset_id', '$response.body#/audio_id', 'extractAudio, createTask: '],
    ['$statusCode == 202', '$statusCode == 200', 'extractAudio, createTask: '],
    ['asset_id: [$inputs.assetId]', 'asset_ids: [$inputs.assetId]', 'unpublish, unpublishAsset: '],
    ['arazzo: 1.0.1', 'arazzo: 3.0.0', 'Command failed'],
  ])('and reports a broken one: %s -> %s', async (from, to, failure) => {
    await inCopy(
      async (broken) => {
        await shortenWaits(broken, HUAWEI)
        await broken.replace(HUAWEI, from, to)
      },
      async ({ folder }) => {
        const { failures } = await runWorkflows(path.join(folder, HUAWEI))
        expect(failures[0]).toContain(failure)
      },
    )
  })

  it.concurrent.for(huaweiRuns)('$what', async (run, { expect }) => {
    const emulator = await createEmulatorFor(run, { huawei: { assets: [{ asset_id: ASSET }] } })
    const { url, close } = await emulator.listen()
    const { projectId, tokens } = emulator.options.huawei
    const { failures } = await respect({
      file: path.join(copy.folder, HUAWEI),
      workflows: [run.workflow],
      servers: { huaweiVod: url },
      inputs: { projectId, token: tokens.join(), videoId: ASSET, format: 'MP3', assetId: ASSET, ...run.inputs },
    })
    await close()
    expect(callsOf(emulator)).toEqual(run.calls)
    expect(stepsOf(failures)).toEqual(run.failed === undefined ? [] : [`${run.workflow}, ${run.failed}`])
  })

  it.concurrent.for(tencentRuns)('$what', async (run, { expect }) => {
    const emulator = await createEmulatorFor(run)
    const { url, close } = await listenWithJson(emulator)
    const { region, bucket } = emulator.options.tencent
    const { failures } = await respect({
      file: path.join(copy.folder, TENCENT),
      workflows: [run.workflow],
      servers: { voiceSeparate: url, noiseReduction: url, jobs: url },
      inputs: {
        ...{ region, bucket, queueId: 'p893bcda225bf4945a378da6662e81a89', inputObject: 'input/demo.mp3' },
        ...{ voiceObject: 'voice.mp3', backgroundObject: 'background.mp3', outputObject: 'clean.wav' },
        ...{ userData: 'order-1', tag: 'NoiseReduction', startCreationTime: '2026-01-01T08:00:00+0800' },
        ...run.inputs,
      },
      anyContentType: true,
    })
    await close()
    expect(callsOf(emulator)).toEqual(run.calls)
    expect(stepsOf(failures)).toEqual(run.failed === undefined ? [] : [`${run.workflow}, ${run.failed}`])
  })
})

async function shortenWaits(copy: ProjectCopy, file: string): Promise<void> {
  const text = await copy.read(file)
  const fast = text.replaceAll(/retryAfter: \d+/g, 'retryAfter: 0').replaceAll('retryLimit: 360', 'retryLimit: 20')
  await copy.write(file, fast)
}

/** An emulator whose clock advances by a second with each request. */
async function createEmulatorFor({ options, prepare }: Run, more: EmulatorOptions = {}): Promise<Emulator> {
  let time = Date.UTC(2026, 0, 1)
  const emulator = createEmulator({ ...more, ...options, now: () => time, onRequest: () => (time += 1000) })
  await prepare?.(emulator)
  return emulator
}

async function createNoiseJob({ fetch, options }: Emulator): Promise<void> {
  const { region, bucket, credentials } = options.tencent
  const { now } = options
  await createTencentCiClient({ region, bucket, credentials, now, fetch }).createNoiseReductionJob({
    Input: { Object: 'input/demo.mp3' },
    Operation: { Output: { Object: 'clean.wav' } },
  })
}

function callsOf({ requests }: Emulator): (string | undefined)[] {
  return requests.map(({ operation }) => operation)
}

/** The workflow and step of each failure. */
function stepsOf(failures: readonly string[]): string[] {
  return [...new Set(failures.map((failure) => failure.slice(0, failure.indexOf(':'))))]
}
