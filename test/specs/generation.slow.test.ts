import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { jsonDocument } from '../scripts/generate/documents.js'
import { generate, generatedFiles, inCopy, PROJECT, type ProjectCopy } from './project-copy.js'

describe('generation', () => {
  it('writes what is committed, byte for byte, and a provider that only specs/ and redocly.yaml name', () =>
    inCopy(addProvider, async ({ folder }) => {
      expect(await generate(folder)).toMatchObject({ failed: false })
      const files = Object.entries(await generatedFiles(folder))
      const [added, others] = [true, false].map((isAdded) =>
        Object.fromEntries(files.filter(([name]) => /\bacme\b/.test(name) === isAdded)),
      )
      expect(others).toEqual(await generatedFiles(PROJECT))
      // Another provider has an openapi.yaml, too.
      expect(added?.['specs/acme.json']).toContain('Acme tasks')
      expect(added?.['acme/operations.ts']).toContain('createTask')
    }))

  it('prints the place of what it does not support, and nothing else', () =>
    inCopy(misnameErrorCodes, async ({ folder }) => {
      const { failed, stderr } = await generate(folder)
      expect(failed).toBe(true)
      expect(stderr).toBe(
        'specs/huawei-vod/openapi.yaml: /x-error-codes: specs/huawei-vod/codes.yaml does not exist: correct the path\n',
      )
    }))
})

async function addProvider(copy: ProjectCopy): Promise<void> {
  await rm(path.join(copy.folder, 'generated'), { recursive: true })
  await mkdir(path.join(copy.folder, 'specs/acme'))
  await copy.write('specs/acme/openapi.yaml', JSON.stringify(jsonDocument().content))
  await copy.replace('redocly.yaml', 'apis:\n', 'apis:\n  acme:\n    root: specs/acme/openapi.yaml\n')
}

function misnameErrorCodes(copy: ProjectCopy): Promise<void> {
  return copy.replace('specs/huawei-vod/openapi.yaml', 'x-error-codes: error-codes.yaml', 'x-error-codes: codes.yaml')
}

describe('the check of generated/', () => {
  it('names the file that was edited and the file that is no longer generated', () =>
    inCopy(spoilGenerated, async ({ folder }) => {
      const { failed, stderr } = await generate(folder, '--check')
      expect(failed).toBe(true)
      expect(stderr.match(/^stale-generated-file: .*$/gm)).toEqual([
        'stale-generated-file: generated/huawei-vod/provider.ts',
        'stale-generated-file: generated/tencent-ci/left-over.ts',
      ])
    }))
})

async function spoilGenerated(copy: ProjectCopy): Promise<void> {
  await copy.replace('generated/huawei-vod/provider.ts', 'cn-north-1', 'cn-north-9')
  await copy.write('generated/tencent-ci/left-over.ts', 'export {}\n')
}
