import { rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { generate, generatedFiles, inCopy, PROJECT, type ProjectCopy } from './project-copy.js'

const XSD = 'specs/tencent-ci/xsd/voice-separate.xsd'
const SCHEMAS = 'specs/tencent-ci/components/schemas'

describe('generated/', () => {
  it('is what the specs give, byte for byte', () =>
    inCopy(removeGenerated, async ({ folder }) => {
      expect(await generate(folder)).toMatchObject({ failed: false })
      expect(await generatedFiles(folder)).toEqual(await generatedFiles(PROJECT))
    }))
})

function removeGenerated({ folder }: ProjectCopy): Promise<void> {
  return rm(path.join(folder, 'generated'), { recursive: true })
}

describe('generation stops where the XSD and the schema differ', () => {
  it('in name, requiredness, repetition or closed values, and names every such element', () =>
    inCopy(differ, async ({ folder }) => {
      const { failed, stderr } = await generate(folder)
      expect(failed).toBe(true)
      expect(stderr.match(/xsd-and-schema-disagree: specs.*$/gm)?.sort()).toEqual(
        [
          'Operation.VoiceSeparate.AudioConfig is only in the OpenAPI schema',
          'Operation.VoiceSeparate.SoundConfig is only in the XSD',
          'CallBack repeats in only one',
          'QueueId is required in only one',
          'CallBackType has the values ["TDMQ","Url"] in the XSD, ["Url"] in the schema',
        ]
          .map((difference) => `xsd-and-schema-disagree: ${XSD}: Request.${difference}`)
          .sort(),
      )
    }))
})

/** One generation is slow and tells of all differences in a body, so all are made at once. */
async function differ(copy: ProjectCopy): Promise<void> {
  const request = `${SCHEMAS}/VoiceSeparateRequest.yaml`
  await copy.replace(XSD, 'name="AudioConfig" type="AudioConfig"', 'name="SoundConfig" type="AudioConfig"')
  await copy.replace(XSD, 'name="CallBack" type="xs:string"', 'name="CallBack" type="xs:string" maxOccurs="unbounded"')
  await copy.replace(request, 'Operation, QueueId]', 'Operation]')
  await copy.replace(request, 'enum: [Url, TDMQ]', 'enum: [Url]')
}

describe('the check of generated/', () => {
  it('names the file that was edited and the file that is no longer generated', () =>
    inCopy(spoilGenerated, async ({ folder }) => {
      const { failed, stderr } = await generate(folder, '--check')
      expect(failed).toBe(true)
      expect(stderr.match(/^stale-generated-file: .*$/gm)).toEqual([
        'stale-generated-file: generated/huawei-vod/server.ts',
        'stale-generated-file: generated/tencent-ci/left-over.ts',
      ])
    }))
})

async function spoilGenerated(copy: ProjectCopy): Promise<void> {
  await copy.replace('generated/huawei-vod/server.ts', 'cn-north-1', 'cn-north-9')
  await copy.write('generated/tencent-ci/left-over.ts', 'export {}\n')
}
