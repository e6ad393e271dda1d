// What an editor shows of the installed package, by the language service that it asks.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'
import { Consumer } from '../support/consumer.js'

const code = `
import {
  createHuaweiVodClient, createTencentCiClient, RequestValidationError, type ExtractAudioRequest,
} from 'cloud-media-clients'
import { signTencentRequest } from 'cloud-media-clients/tencent-ci'
import { CallbackError, verifySmnMessage } from 'cloud-media-clients/callbacks'
import { createEmulator } from 'cloud-media-clients/testing'
import { emulatorHandlers } from 'cloud-media-clients/testing/msw'
export async function program(error: unknown) {
  const vod = createHuaweiVodClient({ projectId: 'p', credentials: { token: 't' }, totalTimeoutMs: 1 })
  const request: ExtractAudioRequest = { asset_id: 'a', parameter: { format: 'MP3' } }
  const task = await vod.createExtractAudioTask(request)
  await vod.waitForAsset(task.audio_asset_id)
  const ci = createTencentCiClient({ credentials: { secretId: 'i', secretKey: 'k' } })
  if (error instanceof CallbackError) return error.code
  if (error instanceof RequestValidationError) return error.issues
  return [ci, signTencentRequest, verifySmnMessage, emulatorHandlers(createEmulator())]
}
`
const consumer = await Consumer.create('module', { '@types/node': '@types/node', msw: 'msw' })
afterAll(() => consumer.remove())

const files = [consumer.write('editor.mts', code), consumer.write('editor.cts', code)]
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => true,
  getCompilationSettings: () => ({
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    types: ['node'],
  }),
  getScriptFileNames: () => files,
  getScriptVersion: () => '1',
  getScriptSnapshot: (file) => {
    const text = ts.sys.readFile(file)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getCurrentDirectory: () => consumer.folder,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
})

// Not in the types of TypeScript, but what its server goes by.
const mapper = (service as unknown as { getSourceMapper: () => SourceMapper }).getSourceMapper()

interface Place {
  readonly fileName: string
  readonly pos: number
}

interface SourceMapper {
  readonly tryGetSourcePosition: (place: Place) => Place | undefined
}

describe.each(files.map((file) => ({ file, format: path.extname(file) })))('a $format file', ({ file }) => {
  const positionOf = (name: string): number => code.search(new RegExp(`\\b${name}\\b(?![^]*\\b${name}\\b)`))

  it.each([
    ['createHuaweiVodClient', 'src/huawei-vod/client.ts'],
    ['totalTimeoutMs', 'src/client/options.ts'],
    ['waitForAsset', 'src/huawei-vod/waiting.ts'],
    ['createTencentCiClient', 'src/tencent-ci/client.ts'],
    ['RequestValidationError', 'src/errors/errors.ts'],
    ['issues', 'src/errors/errors.ts'],
    ['signTencentRequest', 'src/tencent-ci/sign.ts'],
    ['CallbackError', 'src/errors/callback-error.ts'],
    ['verifySmnMessage', 'src/huawei-vod/callbacks/verify-smn-message.ts'],
    // The declarations of the emulator, and of what is generated from the specs, are their own source.
    ['createEmulator', 'dist/emulator.d.cts'],
    ['ExtractAudioRequest', 'dist/core.d.cts'],
    ['asset_id', 'dist/core.d.cts'],
    ['createExtractAudioTask', 'dist/huawei.d.cts'],
  ])('leads from %s to %s', (name, source) => {
    // Those of a class are its name and its constructor.
    const [definition] = service.getDefinitionAtPosition(file, positionOf(name)) ?? []
    const declared = { fileName: definition?.fileName ?? '', pos: definition?.textSpan.start ?? 0 }
    const { fileName, pos } = mapper.tryGetSourcePosition(declared) ?? declared
    expect(path.relative(consumer.installed, fileName)).toBe(source)
    expect(readFileSync(fileName, 'utf8').slice(pos).startsWith(name)).toBe(true)
  })

  it.each([
    ['createHuaweiVodClient', /^Creates a client for Huawei Cloud VOD\.$/],
    ['totalTimeoutMs', /^Timeout of a call in milliseconds/],
    ['createExtractAudioTask', /^Create an audio extraction task\./],
    ['audio_asset_id', /ID/],
    ['issues', /^The violations, at most 100\.$/],
    ['createEmulator', /emulator/],
  ])('shows the doc comment of %s', (name, text) => {
    const { documentation } = service.getQuickInfoAtPosition(file, positionOf(name)) ?? {}
    expect(ts.displayPartsToString(documentation)).toMatch(text)
  })
})
