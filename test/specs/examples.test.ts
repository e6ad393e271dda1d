import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ParseOption, XmlDocument, XmlParseError, XmlValidateError } from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { withXsd } from '../support/xsd.js'
import { objectOf, type Json } from './bundled.js'

const SPECS = path.resolve(import.meta.dirname, '../../specs/tencent-ci')
const EXAMPLES = path.join(SPECS, 'examples')
const AS_PRINTED = path.resolve(import.meta.dirname, '../fixtures/tencent-ci/as-printed')

/** An example file and the XSD that the spec puts beside it. */
interface Example {
  readonly file: string
  readonly xsd: string
}

const examples = yamlFilesIn(SPECS).flatMap((file) => {
  // YAML in the specs is JSON by another notation.
  const document = parse(readFileSync(file, 'utf8')) as Json
  return examplesIn(document, path.dirname(file))
})

describe('the XML examples', () => {
  it.each(examples)('$file is valid by $xsd', ({ file, xsd }) => {
    expect(() => {
      validate(read(EXAMPLES, file), xsd)
    }).not.toThrow()
  })

  it('include the 12 bodies of the pages that create jobs, and no file is unused', () => {
    const files = examples.map(({ file }) => file).sort()
    const ofJobs = /^(voice-separate|noise-reduction)-(template|example-\d)-(request|response)\.xml$/
    expect(files.filter((file) => ofJobs.test(file))).toHaveLength(12)
    expect([...new Set(files)]).toEqual(
      readdirSync(EXAMPLES)
        .filter((file) => file.endsWith('.xml'))
        .sort(),
    )
  })

  it('are checked by a validator that rejects', () => {
    const request = read(EXAMPLES, 'voice-separate-example-2-request.xml')
    expect(() => {
      validate(request.replace('Samplerate', 'Sample').replace('/Samplerate', '/Sample'), 'voice-separate.xsd')
    }).toThrow(XmlValidateError)
  })
})

describe('the malformed samples of the provider pages', () => {
  it('are three', () => {
    expect(readdirSync(AS_PRINTED)).toHaveLength(3)
  })

  it.each(readdirSync(AS_PRINTED))('%s is not well formed as printed, and its repair is an example', (file) => {
    expect(() => {
      XmlDocument.fromString(read(AS_PRINTED, file)).dispose()
    }).toThrow(XmlParseError)
    expect(examples.map((example) => example.file)).toContain(file)
  })
})

function read(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), 'utf8')
}

function yamlFilesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.yaml')).map((name) => path.join(folder, name))
}

/** The examples of every media type in a document, however deep. */
function examplesIn(node: Json | undefined, folder: string): Example[] {
  if (typeof node !== 'object' || node === null) return []
  const { 'x-xsd': xsd, examples: named } = objectOf(node)
  const inside = Object.values(node).flatMap((child) => examplesIn(child, folder))
  if (typeof xsd !== 'string') return inside
  const own = Object.values(objectOf(named)).map((example) => {
    const { externalValue } = objectOf(example)
    if (typeof externalValue !== 'string') throw new Error(`an example in ${folder} is no file`)
    return { file: path.relative(EXAMPLES, path.resolve(folder, externalValue)), xsd: path.basename(xsd) }
  })
  return [...own, ...inside]
}

/** @throws XmlParseError, XmlValidateError */
function validate(text: string, xsd: string): void {
  const document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET })
  try {
    withXsd(xsd, (validator) => {
      validator.validate(document)
    })
  } finally {
    document.dispose()
  }
}
