import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { BundledDocument, OpenApi } from '../../scripts/generate/documents.js'
import { providerModule } from '../../scripts/generate/operations.js'
import { readXsd } from '../../scripts/generate/xsd.js'
import { readBundled } from './bundled.js'
import { generate, inTemporaryFolder, PROJECT, ProjectCopy, run } from './project-copy.js'

// Each test waits for processes of its own, and they share few cores.
const TIMEOUT = 60_000

const XSD = 'specs/tencent-ci/xsd/voice-separate.xsd'
const SCHEMAS = 'specs/tencent-ci/components/schemas'

interface Mutation {
  readonly what: string
  readonly change: (copy: ProjectCopy) => Promise<void>
  /** The lint rule or the message that must say so. */
  readonly found: string
}

describe('the specs are clean', () => {
  it('under redocly.yaml', { timeout: TIMEOUT }, async () => {
    expect(await problemsOf(PROJECT)).toEqual([[], [], []])
  })

  it.each(['recommended-strict', 'spec'])('under %s alone', { timeout: TIMEOUT }, async (rules) => {
    const roots = ['huawei-vod/openapi', 'tencent-ci/voice-separate', 'tencent-ci/noise-reduction']
    const files = roots.map((root) => `specs/${root}.yaml`)
    await inTemporaryFolder(async (folder) => {
      const config = path.join(folder, 'redocly.yaml')
      await writeFile(config, `extends: [${rules}]\n`)
      expect(await problemsOf(PROJECT, ...files, '--config', config)).toEqual([[], [], []])
    })
  })
})

const lintMutations: Mutation[] = [
  {
    what: 'a JSON example that breaks its schema',
    change: (copy) =>
      copy.replace('specs/huawei-vod/paths/create-extract-audio-task.yaml', 'format: MP3', 'format: OGG'),
    found: 'no-invalid-media-type-examples',
  },
  {
    what: 'an XML example that breaks its XSD',
    change: (copy) =>
      copy.replace('specs/tencent-ci/examples/voice-separate-example-2-request.xml', '<Tag>VoiceSeparate</Tag>', ''),
    found: 'contract/xml-examples-match-xsd',
  },
  {
    what: 'a property without a description',
    change: (copy) =>
      copy.replace(`${SCHEMAS}/NoiseReductionRequestOutput.yaml`, '    description: The key for the result.\n', ''),
    found: 'contract/properties-described',
  },
  {
    what: 'a body without an example',
    change: (copy) => copy.replace('specs/huawei-vod/responses/NotFound.yaml', 'examples:', 'x-examples:'),
    found: 'contract/bodies-have-examples',
  },
  {
    what: 'a default',
    change: (copy) =>
      copy.replace(
        'specs/huawei-vod/schemas/ExtractAudioParameter.yaml',
        'enum: [MP3, AAC]',
        'enum: [MP3, AAC]\n    default: MP3',
      ),
    found: 'contract/no-defaults',
  },
]

describe('lint refuses', () => {
  it.concurrent.for(lintMutations)('$what', { timeout: TIMEOUT }, async (mutation, { expect }) => {
    await inCopy(mutation.change, async ({ folder }) => {
      const rules = (await problemsOf(folder)).flat().map(({ ruleId }) => ruleId)
      expect([...new Set(rules)]).toEqual([mutation.found])
    })
  })
})

describe('generation stops where the XSD and the schema differ', () => {
  it('in name, requiredness, repetition or closed values, and names every such element', { timeout: TIMEOUT }, () =>
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
    }),
  )
})

/** One generation is slow and tells of all differences in a body, so all are made at once. */
async function differ(copy: ProjectCopy): Promise<void> {
  const request = `${SCHEMAS}/VoiceSeparateRequest.yaml`
  await copy.replace(XSD, 'name="AudioConfig" type="AudioConfig"', 'name="SoundConfig" type="AudioConfig"')
  await copy.replace(XSD, 'name="CallBack" type="xs:string"', 'name="CallBack" type="xs:string" maxOccurs="unbounded"')
  await copy.replace(request, 'Operation, QueueId]', 'Operation]')
  await copy.replace(request, 'enum: [Url, TDMQ]', 'enum: [Url]')
}

describe('generation refuses two documents of one provider that differ', () => {
  it.each(['servers', 'x-error-codes'] as const)('in %s', (part) => {
    const [first, second] = tencentDocuments()
    const { [part]: spoilt } = first.content
    const differing = { ...second, content: { ...second.content, [part]: Object.values(spoilt).slice(1) } }
    expect(() => providerModule([first, second])).not.toThrow()
    expect(() => providerModule([first, differing])).toThrow(`${first.root} and ${second.root} differ in ${part}`)
  })
})

function tencentDocuments(): [BundledDocument, BundledDocument] {
  return [tencentDocument('voice-separate'), tencentDocument('noise-reduction')]
}

function tencentDocument(job: 'voice-separate' | 'noise-reduction'): BundledDocument {
  const name = `tencent-ci-${job}` as const
  // The generator wrote this file from an OpenApi.
  const content = readBundled(name) as unknown as OpenApi
  return { name, root: `specs/tencent-ci/${job}.yaml`, provider: 'tencent-ci', folder: `tencent-ci/${job}`, content }
}

describe('generation refuses what its XSD reader does not know', () => {
  it.each([
    ['<xs:sequence/>', 'xs:sequence inside xs:complexType is not supported'],
    ['<xs:all/><xs:attribute name="a"/>', 'xs:attribute inside xs:complexType is not supported'],
    ['<xs:all><xs:element ref="a"/></xs:all>', 'attribute ref of xs:element is not supported'],
    ['<xs:all><xs:element name="A" type="xs:int"/></xs:all>', 'A has the unknown type xs:int'],
    [
      '<xs:choice maxOccurs="unbounded"><xs:element name="A" type="xs:string" maxOccurs="3"/></xs:choice>',
      'A has an unsupported number of occurrences',
    ],
    ['<xs:choice><xs:element name="A" type="xs:string"/></xs:choice>', 'a choice must be unbounded'],
    ['<xs:all/><xs:all/>', 'a complex type must hold one xs:all or xs:choice'],
  ])('%s', async (content, complaint) => {
    const root = `<xs:element name="Root"><xs:complexType>${content}</xs:complexType></xs:element>`
    await inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'strange.xsd')
      await writeFile(file, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${root}</xs:schema>`)
      await expect(readXsd(file)).rejects.toThrow(`${file}: ${complaint}`)
    })
  })
})

describe('the check of generated/', () => {
  it('names the file that was edited and the file that is no longer generated', { timeout: TIMEOUT }, () =>
    inCopy(spoilGenerated, async ({ folder }) => {
      const { failed, stderr } = await generate(folder, '--check')
      expect(failed).toBe(true)
      expect(stderr.match(/^stale-generated-file: .*$/gm)).toEqual([
        'stale-generated-file: generated/huawei-vod/server.ts',
        'stale-generated-file: generated/tencent-ci/left-over.ts',
      ])
    }),
  )
})

async function spoilGenerated(copy: ProjectCopy): Promise<void> {
  await copy.replace('generated/huawei-vod/server.ts', 'cn-north-1', 'cn-north-9')
  await copy.write('generated/tencent-ci/left-over.ts', 'export {}\n')
}

async function inCopy(change: Mutation['change'], check: (copy: ProjectCopy) => Promise<void>): Promise<void> {
  const copy = await ProjectCopy.create()
  try {
    await change(copy)
    await check(copy)
  } finally {
    await copy.remove()
  }
}

interface Problem {
  readonly ruleId: string
  readonly message: string
}

/** Errors and warnings alike, one list a document. */
async function problemsOf(folder: string, ...args: readonly string[]): Promise<Problem[][]> {
  const { stdout } = await run(folder, 'redocly', 'lint', ...args, '--format', 'json')
  // The reports of the documents follow one another with nothing between them.
  const reports = stdout.split(/(?<=^\})(?=\{)/m)
  // JSON.parse is untyped; this is the part of the report that counts.
  return reports.map((report) => (JSON.parse(report) as { problems: Problem[] }).problems)
}
