import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { redoclyDocuments } from './operations.js'
import { inCopy, inTemporaryFolder, lintProblems, PROJECT, type ProjectCopy } from './project-copy.js'

const SCHEMAS = 'specs/tencent-ci/components/schemas'

interface Mutation {
  readonly what: string
  readonly change: (copy: ProjectCopy) => Promise<void>
  /** The lint rule or the message that must say so. */
  readonly found: string
}

describe('the specs are clean', () => {
  it('under redocly.yaml', async () => {
    expect(await lintProblems(PROJECT)).toEqual(redoclyDocuments().map(() => []))
  })

  it.each(['recommended-strict', 'spec'])('under %s alone', async (rules) => {
    const files = redoclyDocuments().map(({ root }) => root)
    await inTemporaryFolder(async (folder) => {
      const config = path.join(folder, 'redocly.yaml')
      await writeFile(config, `extends: [${rules}]\n`)
      expect(await lintProblems(PROJECT, ...files, '--config', config)).toEqual(redoclyDocuments().map(() => []))
    })
  })
})

const lintMutations: Mutation[] = [
  {
    what: 'a JSON example that breaks its schema',
    change: (copy) => copy.replace('specs/huawei-vod/paths/extract-audio.yaml', 'format: MP3', 'format: OGG'),
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
      copy.replace(`${SCHEMAS}/CallBackMqConfig.yaml`, '    description: The name of the TDMQ topic.\n', ''),
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
  ...['The page says the name of the topic.', 'The name of the topic (ERRATA 89).', 'As in the examples.'].map(
    (text): Mutation => ({
      what: `a description that says where it is from: ${text}`,
      change: (copy) => copy.replace(`${SCHEMAS}/CallBackMqConfig.yaml`, 'The name of the TDMQ topic.', text),
      found: 'contract/texts-for-callers',
    }),
  ),
  {
    what: 'an error code whose hint says where it is from',
    change: (copy) =>
      copy.replace(
        'specs/huawei-vod/error-codes.yaml',
        'Internal communication failed.',
        'As the page says, VOD failed.',
      ),
    found: 'contract/texts-for-callers',
  },
  {
    what: 'an alternative without a title',
    change: (copy) =>
      copy.replace(`${SCHEMAS}/AudioCodec.yaml`, '  - title: Other values\n    type: string', '  - type: string'),
    found: 'contract/alternatives-have-titles',
  },
  {
    what: 'a condition without a title for the other case',
    change: (copy) => copy.replace(`${SCHEMAS}/NoiseReductionRequest.yaml`, '  title: Otherwise\n', ''),
    found: 'contract/alternatives-have-titles',
  },
  {
    what: 'an erratum that is no number',
    change: (copy) => copy.replace(`${SCHEMAS}/CallBackMqConfig.yaml`, 'x-errata: [89]', 'x-errata: [ERRATA]'),
    found: 'contract/sources-are-lists',
  },
  {
    what: 'a source that is no URL',
    change: (copy) =>
      copy.replace(
        'specs/huawei-vod/openapi.yaml',
        'https://support.huaweicloud.com/devg-apisign/api-sign-securetoken.html',
        'securetoken',
      ),
    found: 'contract/sources-are-lists',
  },
  {
    what: 'an operation without its page',
    change: (copy) => copy.replace('specs/huawei-vod/paths/unpublish-assets.yaml', 'externalDocs:', 'x-docs:'),
    found: 'rule/operations-link-to-their-page',
  },
]

describe('lint rejects', () => {
  it.concurrent.for(lintMutations)('$what', async (mutation, { expect }) => {
    await inCopy(mutation.change, async ({ folder }) => {
      const rules = (await lintProblems(folder)).flat().map(({ ruleId }) => ruleId)
      expect([...new Set(rules)]).toEqual([mutation.found])
    })
  })
})
