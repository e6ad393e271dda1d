import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createEmulator } from '../src/testing/index.js'

/** A run of workflows. */
export interface WorkflowRun {
  /** The steps that ran, by workflow, such as `createTask`. */
  readonly steps: ReadonlyMap<string, readonly string[]>
  /** Why workflows failed: workflow, step, and check. */
  readonly failures: readonly string[]
}

/** What `redocly respect` runs, and with what. */
export interface WorkflowInput {
  /** The Arazzo document. */
  readonly file: string
  /** The workflows to run. Default: all. */
  readonly workflows?: readonly string[]
  /** The server of each source, by its name in the document. */
  readonly servers: Readonly<Record<string, string>>
  /** The inputs of all workflows. */
  readonly inputs: Readonly<Record<string, string>>
  /** Whether the server may send another media type than the documented one. Default: false. */
  readonly anyContentType?: boolean
}

/** The part of a report of `redocly respect` that counts. */
interface Report {
  readonly files: Readonly<Record<string, { readonly executedWorkflows: readonly ReportedWorkflow[] }>>
}
interface ReportedWorkflow {
  readonly workflowId: string
  readonly executedSteps: readonly ReportedStep[]
}
interface ReportedStep {
  readonly stepId: string
  readonly checks: readonly { readonly status: string; readonly name: string; readonly message: string }[]
}

const ASSET = 'f488337c31c8e4622f1590735b134c65'
const TOKEN = 'TOKENEXAMPLE'

/** Runs the workflows of Huawei Cloud VOD against the emulator. */
export async function runWorkflows(file = 'specs/workflows/huawei-vod.yaml'): Promise<WorkflowRun> {
  let time = Date.now()
  const emulator = createEmulator({
    huawei: { assets: [{ asset_id: ASSET }], tokens: [TOKEN] },
    // A second passes with each request: the new asset is missing, then it is being created, then it is complete.
    now: () => time,
    assetDelayMs: 1500,
    jobDurationMs: 2500,
    onRequest: () => (time += 1000),
  })
  const { url, close } = await emulator.listen()
  const { projectId } = emulator.options.huawei
  try {
    return await respect({
      file,
      servers: { huaweiVod: url },
      inputs: { projectId, token: TOKEN, videoId: ASSET, format: 'MP3', assetId: ASSET },
    })
  } finally {
    await close()
  }
}

/** Runs workflows with `redocly respect`. */
export async function respect(input: WorkflowInput): Promise<WorkflowRun> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'workflows-'))
  try {
    const output = path.join(folder, 'report.json')
    const servers = Object.entries(input.servers).flatMap(([name, url]) => ['--server', `${name}=${url}`])
    const workflows = input.workflows === undefined ? [] : ['--workflow', ...input.workflows]
    const severity = input.anyContentType === true ? ['--severity', '{"CONTENT_TYPE_CHECK":"off"}'] : []
    const options = [...servers, ...workflows, ...severity, '--input', JSON.stringify(input.inputs)]
    const complaint = await run(['respect', input.file, ...options, '--json-output', output])
    return readRun(await reportIn(output), complaint)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What the command prints if it fails; undefined if it succeeds. */
function run(args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' }
  return new Promise((resolve) => {
    execFile('node_modules/.bin/redocly', args, { env }, (error, stdout) => {
      resolve(error === null ? undefined : `${error.message}\n${stdout}`)
    })
  })
}

/** Undefined if the command ended without a report. */
async function reportIn(file: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report
  } catch {
    return undefined
  }
}

function readRun(report: Report | undefined, complaint: string | undefined): WorkflowRun {
  const workflows = Object.values(report?.files ?? {}).flatMap(({ executedWorkflows }) => executedWorkflows)
  const steps = new Map(
    workflows.map(({ workflowId, executedSteps }) => [workflowId, executedSteps.map(({ stepId }) => stepId)]),
  )
  // A retried step has failed checks, too, but then the command succeeds.
  if (complaint === undefined) return { steps, failures: steps.size === 0 ? ['no workflow ran'] : [] }
  const failures = workflows.flatMap(({ workflowId, executedSteps }) =>
    lastAttempts(executedSteps).flatMap(({ stepId, checks }) =>
      checks
        .filter(({ status }) => status === 'error')
        .map(({ name, message }) => `${workflowId}, ${stepId}: ${name}: ${message}`),
    ),
  )
  return { steps, failures: failures.length > 0 ? failures : [complaint] }
}

function lastAttempts(steps: readonly ReportedStep[]): readonly ReportedStep[] {
  return [...new Map(steps.map((step) => [step.stepId, step])).values()]
}
