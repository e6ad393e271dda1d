import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ProjectCopy, run, type Outcome } from '../../specs/project-copy.js'

/** The parts of a bundled document that the tests change. */
interface Document {
  readonly paths: Record<string, unknown>
  readonly components: { readonly schemas: Record<string, Schema> }
}
interface Schema {
  required?: string[]
  properties: Record<string, Schema>
  enum?: string[]
  anyOf?: Schema[]
}

const FILE = 'generated/specs/huawei-vod.json'
const CHANGESET = '.changeset/brave-cats-sing.md'
let copy: ProjectCopy

// The last release has the specs of today.
beforeAll(async () => {
  copy = await ProjectCopy.create(['.changeset'])
  await copy.replace(
    'package.json',
    /"version": ".*"/.exec(await copy.read('package.json'))?.[0] ?? '',
    '"version": "0.1.0"',
  )
  await git('init', '--quiet')
  await git('add', 'generated/specs', 'package.json')
  await git('commit', '--quiet', '--message', 'Release')
  await git('tag', 'v0.1.0')
})
afterEach(async () => {
  await git('checkout', '--quiet', '--', '.')
  await rm(path.join(copy.folder, CHANGESET), { force: true })
})
afterAll(() => copy.remove())

describe('the comparison with the last release', () => {
  it.each<[string, string, (document: Document) => void]>([
    [
      'a removed path',
      'path-removed',
      ({ paths }) => {
        delete paths['/v1.0/{project_id}/asset/extract_audio']
      },
    ],
    [
      'a newly required field of a request',
      'required-properties-added',
      ({ components }) => components.schemas['ExtractAudioRequest']?.required?.push('parameter'),
    ],
    [
      'a removed value of a request',
      'enum-values-removed',
      ({ components }) => components.schemas['ExtractAudioParameter']?.properties['format']?.enum?.pop(),
    ],
    [
      'a removed field of a response',
      'property-removed',
      ({ components }) => {
        delete components.schemas['AssetInfo']?.properties['status']
      },
    ],
  ])('finds %s', async (_what, rule, change) => {
    await changeDocument(change)
    const { failed, stdout, stderr } = await compare()
    expect(failed).toBe(true)
    expect(stdout).toContain(`(${rule})`)
    expect(stderr).toContain('a breaking change needs a changeset that announces it')
  })

  it('finds a removed document', async () => {
    await rm(path.join(copy.folder, FILE))
    expect(await compare()).toMatchObject({
      failed: true,
      stderr: expect.stringContaining(`${FILE} was removed`) as string,
    })
  })

  it.each<[string, (document: Document) => void]>([
    [
      'an optional field of a request',
      ({ components }) => Object.assign(components.schemas['ExtractAudioRequest']?.properties ?? {}, { extra: {} }),
    ],
    [
      'a known value of a response',
      ({ components }) => components.schemas['AssetStatus']?.anyOf?.[0]?.enum?.push('ARCHIVED'),
    ],
  ])('passes over %s', async (_what, change) => {
    await changeDocument(change)
    expect(await compare()).toMatchObject({ failed: false, stdout: expect.stringContaining('0 major, ') as string })
  })

  it.each([
    { bump: 'minor', failed: false },
    { bump: 'patch', failed: true },
  ])('rejects a break with a changeset of the kind $bump: $failed', async ({ bump, failed }) => {
    await copy.write(CHANGESET, `---\n'cloud-media-clients': ${bump}\n---\n\nA change.\n`)
    await changeDocument(({ components }) => components.schemas['ExtractAudioRequest']?.required?.push('parameter'))
    expect(await compare()).toMatchObject({ failed })
  })

  it('accepts a project without tags as one without releases, unless the clone is shallow', async () => {
    await git('tag', '--delete', 'v0.1.0')
    expect(await compare()).toMatchObject({ failed: false, stdout: 'no release yet: nothing to compare with\n' })
    await copy.write('.git/shallow', await git('rev-parse', 'HEAD'))
    expect(await compare()).toMatchObject({ failed: true, stderr: expect.stringContaining('git fetch') as string })
  })
})

/** What git prints; without the settings of the machine, which may sign commits or name other defaults. */
async function git(...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  return (await promisify(execFile)('git', [...identity, ...args], { cwd: copy.folder, env })).stdout
}

async function changeDocument(change: (document: Document) => void): Promise<void> {
  const text = await copy.read(FILE)
  // The boundary to a JSON file.
  const document = JSON.parse(text) as Document
  change(document)
  const changed = JSON.stringify(document)
  if (changed === JSON.stringify(JSON.parse(text))) throw new Error('the document has no such place')
  await copy.write(FILE, changed)
}

function compare(): Promise<Outcome> {
  return run(copy.folder, 'tsx', 'scripts/release/spec-diff.ts')
}
