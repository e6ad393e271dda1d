import { FORBIDDEN_CHARACTER, isXmlCodePoint, NAME, WHITE_SPACE as S } from './characters.js'

/** Nesting of the deepest documented answer is 8. */
const MAX_DEPTH = 64

const DECLARATION = new RegExp(
  `^<\\?xml${S}+version${S}*=${S}*(?:"1\\.\\d+"|'1\\.\\d+')` +
    `(?:${S}+encoding${S}*=${S}*(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?` +
    `(?:${S}+standalone${S}*=${S}*(?:"(?:yes|no)"|'(?:yes|no)'))?${S}*\\?>`,
)
const REFERENCE = '&(?:amp|lt|gt|quot|apos|#\\d+|#x[0-9a-fA-F]+);'
const ATTRIBUTE = `${S}+${NAME}${S}*=${S}*(?:"(?:[^<&"]|${REFERENCE})*"|'(?:[^<&']|${REFERENCE})*')`
const ATTRIBUTE_NAME = new RegExp(`${S}(${NAME})${S}*=${S}*(?:"[^"]*"|'[^']*')`, 'gu')
// Named groups would be clearer, but cost as much as the rest of the match.
const TOKEN = new RegExp(
  '(<!--[^]*?-->)|(<!\\[CDATA\\[[^]*?\\]\\]>)|' +
    `</(${NAME})${S}*>|<(${NAME})((?:${ATTRIBUTE})*)${S}*(/?)>|` +
    `([^<&]+)|(${REFERENCE})`,
  'uy',
)
const BLANK = new RegExp(`^${S}*$`)

/** The text is no document this decoder reads. `message` says why. */
export class XmlDecodeError extends Error {
  override readonly name = 'XmlDecodeError'
}

/**
 * Refuses what the parser behind it would let through: a document type, entities, a second root or declaration,
 * junk, control characters, unbalanced tags, text beside child elements, processing instructions.
 *
 * @returns the document without byte order mark and declaration
 */
export function guardXml(text: string): string {
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text
  const document = unmarked.replace(DECLARATION, '')
  if (FORBIDDEN_CHARACTER.test(document)) throw new XmlDecodeError('the XML holds a character that XML forbids')
  scan(document)
  return document
}

interface OpenElement {
  readonly name: string
  hasText: boolean
  hasChildren: boolean
}

function scan(document: string): void {
  const open: OpenElement[] = []
  let roots = 0
  TOKEN.lastIndex = 0
  for (let at = 0; at < document.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(document)
    if (token === null) throw new XmlDecodeError('the XML is not well formed, or holds a document type or entity')
    const [, comment, , close, name, attributes, slash, text, reference] = token
    const parent = open.at(-1)
    if (name !== undefined) {
      if (attributes !== undefined && attributes !== '') checkAttributes(attributes)
      if (parent === undefined && ++roots > 1) throw new XmlDecodeError('the XML has a second root element')
      if (parent !== undefined) parent.hasChildren = true
      if (slash === '') open.push({ name, hasText: false, hasChildren: false })
      if (open.length > MAX_DEPTH) throw new XmlDecodeError('the XML is nested too deeply')
    } else if (close !== undefined) {
      if (parent?.name !== close) throw new XmlDecodeError('the XML closes an element that is not open')
      open.pop()
    } else if (comment !== undefined) {
      // "--" must not stand inside a comment, nor "-" before its end (XML 1.0, section 2.5).
      if (/--|-$/.test(comment.slice(4, -3))) throw new XmlDecodeError('the XML has a malformed comment')
    } else if (parent === undefined) {
      if (!BLANK.test(text ?? '-')) throw new XmlDecodeError('the XML has text outside its root element')
    } else {
      checkText(text, reference)
      if (!BLANK.test(text ?? '-')) parent.hasText = true
    }
    if (parent?.hasText === true && parent.hasChildren) {
      throw new XmlDecodeError('the XML mixes text and elements')
    }
  }
  if (open.length > 0) throw new XmlDecodeError('the XML ends before its elements are closed')
}

function checkText(text: string | undefined, reference: string | undefined): void {
  if (text?.includes(']]>') === true) throw new XmlDecodeError('the XML has "]]>" in text')
  if (reference !== undefined) checkReferences(reference)
}

function checkAttributes(attributes: string): void {
  checkReferences(attributes)
  const names = [...attributes.matchAll(ATTRIBUTE_NAME)].map((match) => match[1])
  if (new Set(names).size < names.length) throw new XmlDecodeError('the XML repeats an attribute')
}

function checkReferences(text: string): void {
  for (const [, hex, decimal] of text.matchAll(/&#(?:x([0-9a-fA-F]+)|(\d+));/g)) {
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (!isXmlCodePoint(codePoint)) throw new XmlDecodeError('the XML refers to a character that XML forbids')
  }
}
