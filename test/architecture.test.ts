import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { listOf, objectOf, readBundled, type Json, type JsonObject } from './specs/bundled.js'

const PROJECT = path.resolve(import.meta.dirname, '..')
const documents = (
  [
    'huawei-vod',
    'tencent-ci-voice-separate',
    'tencent-ci-noise-reduction',
    'tencent-ci-jobs',
    'tencent-ci-cancel-job',
  ] as const
).map(readBundled)

// What of the wire src/ may write down. Every entry must occur, so that none outlives its reason.
const ALLOWED = [
  ['signing/signing-input.ts', 'authorization', 'Both signing guides leave this header out of what is signed.'],
  ['huawei-vod/json-bodies.ts', '"error_code"', 'JSON.parse hides a field that occurs twice, so the text is searched.'],
  ['huawei-vod/sign.ts', 'x-sdk-date', 'The signing guide fixes the name, and the signer works without a spec.'],
  ['huawei-vod/sign.ts', 'signedHeaders must name x-sdk-date', 'The message of that rule.'],
  ['huawei-vod/sign.ts', 'x-security-token', 'The signing guide fixes the name.'],
  ['client/raw-client.ts', 'application/json', 'The content type that openapi-fetch adds to every body.'],
  ...['GET', 'PUT', 'POST', 'DELETE'].map(
    (method) => ['client/raw.ts', method, 'The methods of an openapi-fetch client are named so.'] as const,
  ),
  ['huawei-vod/callbacks/get.ts', 'GET', 'The URLs that a message of SMN names are not operations.'],
  ['tencent-ci/sign.ts', 'x-ci-security-token', 'The page on common headers fixes the name.'],
  [
    'testing/huawei-vod/assets.ts',
    'CREATING',
    'The states that the emulator chooses to show; the value lists of answers are open.',
  ],
  ['testing/huawei-vod/assets.ts', 'CREATED', 'The same.'],
  ['testing/huawei-vod/assets.ts', 'PUBLISHED', 'The same.'],
  [
    'testing/huawei-vod/assets.ts',
    'MP3',
    'What the emulator takes for a format that is not given; the pages name no default.',
  ],
  ['testing/huawei-vod/asset-page.ts', 'UN_TRANSCODE', 'What a filter calls an asset that is not transcoded.'],
  ['testing/control.ts', 'POST', 'The control of the emulator is no operation of a provider.'],
  ['testing/control.ts', 'application/json', 'The same.'],
  ['testing/deliveries.ts', 'POST', 'The method of every callback; it is the key of a webhook, which no table has.'],
  ['testing/huawei-vod/events.ts', 'SUCCEED', 'The states of an extraction, by which the emulator writes its event.'],
  ['testing/huawei-vod/events.ts', 'FAILED', 'The same.'],
  ['testing/job-callback.ts', 'JSON', 'The format that is not the default.'],
  ['testing/settle.ts', 'State', 'What tells the outcome of a job from that of an asset.'],
  ['testing/huawei-vod/authentication.ts', 'x-auth-token not found', 'The words of the gateway, for people to read.'],
  ['testing/options.ts', 'must each have an asset_id', 'The message of that rule.'],
  [
    'testing/tencent-ci/jobs.ts',
    'Running',
    'The states that the emulator chooses to show; the value lists of answers are open.',
  ],
  ['testing/tencent-ci/jobs.ts', 'Submitted', 'The same.'],
  ['testing/tencent-ci/jobs.ts', 'Pause', 'The same.'],
  ['testing/tencent-ci/job-page.ts', 'All', 'Stands for every state in a filter.'],
  ['testing/tencent-ci/job-page.ts', 'Asc', 'The order that is not the default.'],
  ['testing/tencent-ci/queue-page.ts', 'CateAll', 'Stands for every category in a filter.'],
  ['testing/tencent-ci/queue-page.ts', 'Active', 'The state that the emulator chooses to show.'],
] as const

describe('src/ takes the facts of the wire from generated/', () => {
  it('and writes down only what is allowed', () => {
    const files = readdirSync(path.join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
    const found = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        wireFactsIn(readFileSync(path.join(PROJECT, 'src', file), 'utf8')).map((literal) => `${file}: ${literal}`),
      )
    const allowed = ALLOWED.map(([file, literal]) => `${file}: ${literal}`)
    expect([...new Set(found)].sort()).toEqual([...allowed].sort())
  })

  it.each([
    ['a field name', `body['JobsDetail']`],
    ['a value', `const format = 'MP3'`],
    ['a key in quotes', `const headers = { 'X-Request-Id': id }`],
    ['a header in another case', `headers.get('DATE')`],
    ['a content type inside a longer text', `const type = 'application/xml; charset=utf-8'`],
    ['a path', 'const url = `${endpoint}/jobs`'],
    ['a part of a path around a parameter', 'const url = `/v1.0/${projectId}/asset/extract_audio`'],
    ['an error code', `if (code === 'APIGW.0308') wait()`],
    ['a host', 'const url = `https://vod.${region}.myhuaweicloud.com`'],
    ['a region', `const region = 'ap-beijing'`],
  ])('and a scan finds %s', (_what, code) => {
    expect(wireFactsIn(code)).not.toEqual([])
  })

  it.each([
    ['a word of programming', `typeof value === 'object'`],
    ['prose', `throw new Error('the body is no XML, and has no Tag')`],
    ['a type, which the compiler holds to the generated ones', `type Untagged<T> = Omit<T, 'Tag'>`],
    ['an import', `import { server } from '../../generated/huawei-vod/provider.js'`],
  ])('and a scan passes over %s', (_what, code) => {
    expect(wireFactsIn(code)).toEqual([])
  })
})

describe('imports point one way', () => {
  // Without the types that only other rules need, which take seconds to load.
  const eslint = new ESLint({
    cwd: PROJECT,
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  })

  it.each([
    ['src/sending/send.ts', '../huawei-vod/sign.js'],
    ['src/sending/send.ts', '../tencent-ci/sign.js'],
    ['src/sending/send.ts', '../testing/emulator.js'],
    ['src/sending/send.ts', '../../generated/huawei-vod/provider.js'],
    ['src/sending/send.ts', '../../generated/specs/huawei-vod.json'],
    ['src/sending/send.ts', '../index.js'],
    ['src/sending/send.ts', '../client/call.js'],
    ['src/client/client.ts', '../waiting/wait.js'],
    ['src/sending/send.ts', '../waiting/wait.js'],
    ['src/waiting/wait.ts', '../tencent-ci/waiting.js'],
    ['src/waiting/wait.ts', '../../generated/tencent-ci/states.js'],
    ['src/signing/sign.ts', '../sending/sender.js'],
    ['src/transport/send.ts', '../client/options.js'],
    ['src/errors/errors.ts', '../transport/transport.js'],
    ['src/xml/decode.ts', '../client/call.js'],
    ['src/xml/decode.ts', '../huawei-vod/sign.js'],
    ['src/xml/decode.ts', '../tencent-ci/sign.js'],
    ['src/xml/decode.ts', '../testing/emulator.js'],
    ['src/xml/decode.ts', '../../generated/tencent-ci/xml.js'],
    ['src/xml/decode.ts', '../../generated/specs/huawei-vod.json'],
    ['src/xml/decode.ts', '../index.js'],
    ['src/huawei-vod/client.ts', '../tencent-ci/sign.js'],
    ['src/huawei-vod/client.ts', '../../generated/tencent-ci/provider.js'],
    ['src/huawei-vod/client.ts', '../testing/emulator.js'],
    ['src/huawei-vod/client.ts', '../index.js'],
    ['src/tencent-ci/client.ts', '../huawei-vod/sign.js'],
    ['src/tencent-ci/client.ts', '../../generated/huawei-vod/provider.js'],
    ['src/tencent-ci/client.ts', '../testing/emulator.js'],
    ['src/tencent-ci/client.ts', '../index.js'],
    ['src/testing/emulator.ts', '../index.js'],
    ['src/version.ts', './index.js'],
  ])('and lint rejects %s -> %s', async (from, to) => {
    expect(await refusedLines(from, to)).toEqual([1, 2])
  })

  it.each([
    ['src/index.ts', './huawei-vod/index.js'],
    ['src/huawei-vod/client.ts', '../client/call.js'],
    ['src/huawei-vod/client.ts', '../waiting/wait.js'],
    ['src/waiting/wait.ts', '../client/options.js'],
    ['src/client/client.ts', '../sending/sender.js'],
    ['src/sending/sender.ts', '../signing/credentials.js'],
    ['src/signing/credentials.ts', '../errors/errors.js'],
    ['src/huawei-vod/client.ts', '../../generated/huawei-vod/provider.js'],
    ['src/tencent-ci/client.ts', '../xml/encode.js'],
    ['src/tencent-ci/client.ts', '../../generated/tencent-ci/provider.js'],
    ['src/testing/tencent-ci/service.ts', '../../tencent-ci/sign.js'],
    ['src/testing/tencent-ci/service.ts', '../../../generated/tencent-ci/xml.js'],
  ])('and lint lets %s -> %s pass', async (from, to) => {
    expect(await refusedLines(from, to)).toEqual([])
  })

  /** Which lines of an import and a re-export are refused. */
  async function refusedLines(from: string, to: string): Promise<number[]> {
    const code = `import '${to}'\nexport * from '${to}'\n`
    const results = await eslint.lintText(code, { filePath: path.join(PROJECT, from) })
    const messages = results.flatMap((result) => result.messages)
    // Anything else, such as a file that is ignored, would pass for an import that is allowed.
    expect(messages.filter(({ ruleId }) => ruleId !== 'no-restricted-imports')).toEqual([])
    return [...new Set(messages.map(({ line }) => line))]
  }
})

// What counts as a fact of the wire: a literal that is a header name in any case, or exactly a name or value of the
// specs, of three characters or more, unless it is a single lowercase word: those (`type`, `object`, `bucket`) are words
// of programming too. Facts with punctuation in them (paths, codes, hosts, media types) also count inside a longer text;
// bare words (`XML`, `Tag`) are prose there. Types, accesses and destructured names are left to the compiler, which holds
// them to the generated types wherever the value has one; names taken out of an untyped value are not seen here.
function wireFactsIn(code: string): string[] {
  return literalsIn(code).filter(
    (literal) => headers.has(literal.toLowerCase()) || facts.has(literal) || insideText.test(literal),
  )
}

const headers = new Set(documents.flatMap(headersIn).map((name) => name.toLowerCase()))
const facts = new Set(documents.flatMap(factsIn).filter((fact) => fact.length >= 3 && !/^[a-z]+$/.test(fact)))
const punctuated = [...headers, ...facts].filter((fact) => /[-_./:]/.test(fact))
const insideText = new RegExp(`(?<![\\w-])(?:${punctuated.map(escape).join('|')})(?![\\w-])`)

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** The strings and template texts of a file that exist at run time, module names aside. */
function literalsIn(code: string): string[] {
  const literals: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralTypeNode(node) || ts.isTemplateLiteralTypeNode(node)) return
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      if (!ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent)) literals.push(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, true))
  return literals
}

/** Of requests, answers and security schemes. */
function headersIn(document: JsonObject): string[] {
  return objectsIn(document).flatMap((node) => [
    ...(typeof node['name'] === 'string' && node['in'] === 'header' ? [node['name']] : []),
    ...Object.keys(objectOf(node['headers'])),
  ])
}

/** Everything else that the specs fix and the generated modules carry. */
function factsIn(document: JsonObject): string[] {
  const servers = listOf(document['servers']).map((server) => objectOf(server)['url'])
  const templates = [...Object.keys(objectOf(document['paths'])), ...servers.filter(isString)]
  const ofNodes = objectsIn(document).flatMap((node) => [
    ...Object.keys(objectOf(node['properties'])),
    ...Object.keys(objectOf(node['content'])),
    ...[node['const'], objectOf(node['xml'])['name']],
    ...['enum', 'x-known-values', 'x-permissions'].flatMap((list) => listOf(node[list])),
  ])
  return [
    ...ofNodes.filter(isString),
    ...Object.keys(objectOf(document['x-error-codes'])),
    ...Object.values(objectOf(document['paths'])).flatMap((item) => methodsOf(objectOf(item))),
    ...templates.flatMap((template) => [template, ...partsOf(template)]),
  ]
}

function methodsOf(item: JsonObject): string[] {
  return Object.keys(item).map((method) => method.toUpperCase())
}

/** What a template fixes around its parameters, as in `asset/extract_audio` or `myqcloud.com`. */
function partsOf(template: string): string[] {
  const parts = template.replace('https://', '').split(/\{\w+\}/)
  return parts.map((part) => part.replace(/^[./]+|[./]+$/g, ''))
}

/** Every object of a document, the examples aside. */
function objectsIn(node: Json | undefined): JsonObject[] {
  if (typeof node !== 'object' || node === null) return []
  const { examples: _examples, ...rest } = objectOf(node)
  return [rest, ...[...listOf(node), ...Object.values(rest)].flatMap(objectsIn)]
}

function isString(value: Json | undefined): value is string {
  return typeof value === 'string'
}
