import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

type Permissions = Readonly<Record<string, string>>
interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly permissions?: Permissions
  readonly environment?: string
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly permissions?: Permissions
  readonly concurrency?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const FOLDER = path.resolve(import.meta.dirname, '../../.github/workflows')
const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(path.join(FOLDER, file), 'utf8')
  // actionlint, a slow test, checks that the file is a workflow.
  return { file, text, workflow: parse(text) as Workflow }
})
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({
    name: `${file}: ${name}`,
    job,
    permissions: job.permissions ?? workflow.permissions,
  })),
)

describe('the workflows', () => {
  it.each(workflows)('$file pins every action by its commit, and names the version', ({ text }) => {
    const uses = text.split('\n').filter((line) => line.includes('uses:'))
    expect(uses.length).toBeGreaterThan(0)
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  it.each(workflows)('$file names permissions and concurrency, and neither secrets nor a registry', (workflow) => {
    expect(workflow.workflow.permissions).toBeDefined()
    expect(workflow.workflow.concurrency).toBeDefined()
    expect(workflow.text).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|registry/)
  })

  it.each(jobs)('$name has a timeout, and keeps no token where it runs code', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([])
  })

  it('may write nothing, but for one job that publishes', () => {
    const writing = jobs.filter(({ permissions }) => Object.values(permissions ?? {}).includes('write'))
    expect(writing.map(({ name, permissions }) => [name, permissions])).toEqual([
      ['release.yml: publish', { 'id-token': 'write' }],
    ])
  })
})

describe('the job that publishes', () => {
  const { job } = jobs.find(({ name }) => name === 'release.yml: publish') ?? {}

  it('runs in an environment, and no code but npm', () => {
    expect(job?.environment).toBe('npm')
    expect(job?.steps.flatMap(({ run }) => run ?? [])).toEqual(['npm publish --ignore-scripts --provenance ./*.tgz'])
    expect(job?.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false)
  })
})

it('a release is checked before it is packed', () => {
  const { job } = jobs.find(({ name }) => name === 'release.yml: pack') ?? {}
  const commands = job?.steps.flatMap(({ run }) => run ?? []) ?? []
  expect(commands.indexOf('npm pack')).toBe(commands.length - 1)
  expect(commands).toEqual(
    expect.arrayContaining([
      '.ci/run',
      'git merge-base --is-ancestor HEAD origin/main',
      'npm run release:check -- --tag "$GITHUB_REF_NAME" --repository "$GITHUB_REPOSITORY"',
    ]),
  )
})
