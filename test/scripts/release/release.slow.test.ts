import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ProjectCopy, run } from '../../specs/project-copy.js'

const CHANGESET = '.changeset/brave-cats-sing.md'
let copy: ProjectCopy

beforeAll(async () => {
  copy = await ProjectCopy.create([
    '.changeset/config.json',
    '.npmrc',
    'CHANGELOG.md',
    'package-lock.json',
    'src/version.ts',
  ])
  const url = 'https://github.com/acme/clients'
  const repository = { type: 'git', url: `git+${url}.git` }
  await changeManifest({ version: '1.2.3', homepage: url, bugs: url, author: 'Acme', repository })
  await copy.write('CHANGELOG.md', '# cloud-media-clients\n\n## 1.2.3\n\n- A fix.\n')
  await copy.write('README.md', `[License](${url}/blob/main/LICENSE)\n`)
})
afterAll(() => copy.remove())

describe('the release check', () => {
  it('passes what is ready', async () => {
    expect(await check()).toMatchObject({ failed: false, stdout: 'cloud-media-clients 1.2.3 is ready\n' })
  })

  it('fails for placeholders and for a changeset that is left, with a line for each', async () => {
    await changeManifest({ homepage: 'https://github.com/OWNER/clients' })
    await copy.write('README.md', '[License](https://github.com/OWNER/clients/blob/main/LICENSE)\n')
    await copy.write(CHANGESET, "---\n'cloud-media-clients': minor\n---\n\nA new option.\n")
    expect(await check()).toMatchObject({
      failed: true,
      stderr: [
        'package.json: homepage: has the placeholder OWNER: name the owner of the repository\n',
        `${CHANGESET}: is in no version: run npm run release:version\n`,
        'README.md: has the placeholder OWNER: name the owner of the repository\n',
      ].join(''),
    })
  })

  it('fails for the tag of another version', async () => {
    expect((await check('--tag', 'v1.2.4')).stderr).toContain('is 1.2.3, but the tag is v1.2.4')
  })
})

it('release:version writes the next version to every file that has it, without the network', async () => {
  await copy.write(CHANGESET, "---\n'cloud-media-clients': minor\n---\n\nA new option.\n")
  const env = { ...process.env, npm_config_cache: path.join(copy.folder, 'empty-cache') }
  await promisify(execFile)('npm', ['run', 'release:version'], { cwd: copy.folder, env })
  expect(JSON.parse(await copy.read('package.json'))).toMatchObject({ version: '1.3.0' })
  expect(JSON.parse(await copy.read('package-lock.json'))).toMatchObject({
    version: '1.3.0',
    packages: { '': { version: '1.3.0' } },
  })
  expect(await copy.read('src/version.ts')).toContain("export const version = '1.3.0'\n")
  expect(await copy.read('CHANGELOG.md')).toMatch(
    /\n## 1\.3\.0\n\n### Minor Changes\n\n- A new option\.\n\n## 1\.2\.3\n/,
  )
  await expect(copy.read(CHANGESET)).rejects.toThrow('ENOENT')
})

async function changeManifest(fields: object): Promise<void> {
  const manifest = JSON.parse(await copy.read('package.json')) as object
  await copy.write('package.json', JSON.stringify({ ...manifest, ...fields }))
}

function check(...args: string[]): ReturnType<typeof run> {
  return run(copy.folder, 'tsx', 'scripts/release/check.ts', ...args)
}
