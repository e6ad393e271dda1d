import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { ParseOption, XmlCData, XmlDocument, XmlElement, XmlText } from 'libxml2-wasm'
import { expect } from 'vitest'
import { errorElement, noiseReductionResponse, voiceSeparateRequest } from '../../generated/tencent-ci/xml.js'
import { decodeXml } from '../../src/xml/decode.js'
import { readXml, XmlDecodeError, type XmlContent, type XmlRoot } from '../../src/xml/read.js'

const folder = 'specs/tencent-ci/examples'
const examples = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'))
const roots = [voiceSeparateRequest, noiseReductionResponse, errorElement]

/** Pieces that parsers trip over, put in anywhere. */
const PIECES = [
  '<',
  '>',
  '&',
  '"',
  "'",
  '/',
  '=',
  ' ',
  '\n',
  ']]>',
  '<![CDATA[',
  '-->',
  '<!--',
  '--',
  '<?',
  '?>',
  '<?xml version="1.0"?>',
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<!DOCTYPE a>',
  '&amp;',
  '&lt',
  '&nbsp;',
  '&#0;',
  '&#65;',
  '&#x1F600;',
  '&#xD800;',
  '&#99999999;',
  '\u0000',
  '\u000B',
  '\uFEFF',
  '\uFFFE',
  '\uD800',
  '😀',
  '中',
  '<a>',
  '</a>',
  '<a/>',
  '<a b="c">',
  '<a b="c" b="d"/>',
  '<a b=c/>',
  '<a b="<"/>',
  '</Response>',
  '<Response>',
  '</JobsDetail>',
  '<1/>',
  '<-/>',
  '<é/>',
  '<·/>',
  '\r',
  '\t',
  '\u0085',
  '\u00A0',
  '\u2028',
  'x',
]

/** Why a well-formed document is refused all the same: each is a form that no provider sends. */
const REFUSALS: readonly [RegExp, (text: string) => boolean][] = [
  [/document type or an entity$/, (text) => /<!DOCTYPE|<\?/.test(text)],
  [/mixes text and elements$/, () => true],
  [/root is not /, () => true],
  [/nested too deeply$/, () => true],
]

const mutated = fc
  .tuple(
    fc.constantFrom(...examples),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
        insert: fc.oneof(
          fc.constant(''),
          fc.constantFrom(...PIECES),
          fc.constantFrom(...PIECES, ...examples.map((text) => text.slice(0, 40))),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([document, changes]) =>
    changes.reduce((text, { at, remove, insert }) => {
      const position = Math.floor(at * text.length)
      return text.slice(0, position) + insert + text.slice(position + remove)
    }, document),
  )

/** Our verdict: the content, or why there is none. */
function read(text: string): XmlRoot | string {
  try {
    decodeXml(text, roots)
    return readXml(text)
  } catch (error) {
    if (error instanceof XmlDecodeError) return error.message
    throw error
  }
}

/** What libxml2 reads: undefined if it is not well formed. */
function readByLibxml2(text: string): XmlRoot | undefined {
  // A lone surrogate has no UTF-8 form, in which libxml2 gets the text.
  if (/\p{Surrogate}/u.test(text)) return undefined
  let document: XmlDocument
  try {
    document = XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NONET })
  } catch {
    return undefined
  }
  try {
    return { name: document.root.name, content: contentOf(document.root) }
  } finally {
    document.dispose()
  }
}

function contentOf(element: XmlElement): XmlContent {
  let text = ''
  const children = new Map<string, XmlContent[]>()
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) children.set(node.name, [...(children.get(node.name) ?? []), contentOf(node)])
    else if (node instanceof XmlText || node instanceof XmlCData) text += node.content
  }
  return children.size > 0 ? children : text
}

/**
 * Reads documents that are mutated from the examples, the same ones every time, and compares each verdict with
 * libxml2's. A document that takes more than 500 ms of CPU fails.
 */
export function compareWithLibxml2(documents: number): { readonly read: number; readonly rejected: number } {
  const verdicts = { read: 0, rejected: 0 }
  fc.assert(
    fc.property(mutated, (text) => {
      // Not by the clock, which runs on while other processes have the machine.
      const start = process.cpuUsage()
      const ours = read(text)
      const tookMs = process.cpuUsage(start).user / 1000
      if (tookMs > 500) throw new Error(`took ${String(tookMs)} ms`)
      const theirs = readByLibxml2(text)
      if (typeof ours !== 'string') {
        verdicts.read += 1
        if (theirs === undefined) throw new Error('read, but not well formed')
        expect(ours).toEqual(theirs)
      } else if (theirs === undefined) {
        verdicts.rejected += 1
      } else if (!REFUSALS.some(([reason, applies]) => reason.test(ours) && applies(text))) {
        throw new Error(`well formed, but rejected: ${ours}`)
      }
    }),
    { numRuns: documents, seed: 20260101 },
  )
  return verdicts
}
