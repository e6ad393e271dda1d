import path from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const FILE = path.resolve('test/types/typed-in-an-editor.ts')
const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as { config: unknown }
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())

/** What stands in the editor, and how often it was changed. */
const typed = { text: '', version: 0 }

// One service for all tests, as its first answer takes seconds.
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => true,
  getCompilationSettings: () => options,
  getScriptFileNames: () => [FILE],
  getScriptVersion: (file) => (file === FILE ? String(typed.version) : '1'),
  getScriptSnapshot: (file) => {
    const content = file === FILE ? typed.text : ts.sys.readFile(file)
    return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
  },
  getCurrentDirectory: () => process.cwd(),
  getDefaultLibFileName: (compilerOptions) => ts.getDefaultLibFilePath(compilerOptions),
  fileExists: (file) => file === FILE || ts.sys.fileExists(file),
  readFile: (file) => (file === FILE ? typed.text : ts.sys.readFile(file)),
})

/** What an editor offers where `|` stands in the code. */
function completionsAt(code: string): string[] {
  const source = `import { ApiError, createTencentCiClient, createHuaweiVodClient } from '../../src/index.js'\n${code}`
  const position = source.indexOf('|')
  typed.text = source.replace('|', '')
  typed.version += 1
  return service.getCompletionsAtPosition(FILE, position, {})?.entries.map(({ name }) => name) ?? []
}

type Row = [what: string, code: string, expected: string]

it.each<Row>([
  [
    'an open list of a request',
    `createTencentCiClient({ credentials: { secretId: 'i', secretKey: 'k' } }).createVoiceSeparateJob({ Operation: { VoiceSeparate: { AudioMode: '|' } } })`,
    'AudioAndBackground',
  ],
  [
    'a closed list of a request',
    `createHuaweiVodClient({ projectId: 'p', credentials: { token: 't' } }).createExtractAudioTask({ asset_id: 'a', parameter: { format: '|' } })`,
    'AAC',
  ],
  ['the regions', `createHuaweiVodClient({ projectId: 'p', credentials: { token: 't' }, region: '|' })`, 'cn-north-4'],
  [
    'the states of an answer',
    `createTencentCiClient({ credentials: { secretId: 'i', secretKey: 'k' } }).createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { Output: { Region: 'r', Bucket: 'b', Object: 'o' } } }).then((job) => job.State === '|')`,
    'Submitted',
  ],
  [
    'the fields of an answer',
    `createHuaweiVodClient({ projectId: 'p', credentials: { token: 't' } }).createExtractAudioTask({ asset_id: 'a' }).then((task) => task.|)`,
    'audio_asset_id',
  ],
  ...['Format', 'SampleRate', 'Samplerate'].map((field): Row => [
    `the known values of ${field}`,
    `createTencentCiClient({ credentials: { secretId: 'i', secretKey: 'k' } }).createNoiseReductionJob({ Input: { Object: 'i' }, Operation: { NoiseReduction: { ${field}: '|' }, Output: { Object: 'o' } } })`,
    field === 'Format' ? 'm4a' : '16000',
  ]),
  ...['VOD.10062', 'SlowDown'].map((code): Row => [
    `the code ${code} of an error`,
    `export function isExpected(error: unknown): boolean { return error instanceof ApiError && error.code === '|' }`,
    code,
  ]),
])('an editor completes %s', (_, code, expected) => {
  expect(completionsAt(code)).toContain(expected)
})
