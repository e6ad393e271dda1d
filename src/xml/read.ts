import { FORBIDDEN_CHARACTER, isBlank, isXmlCodePoint, NAME, WHITE_SPACE as S } from './characters.js'

/** The text is not a document that this reader accepts; the message says why. */
export class XmlDecodeError extends Error {
  override readonly name = 'XmlDecodeError'
}

/** The text or the children of an element. Attributes, comments, and white space between children are dropped. */
export type XmlContent = string | XmlChildren
/** All elements by name, in the order in which the names first occur. */
export type XmlChildren = ReadonlyMap<string, readonly XmlContent[]>

/** The root element of a document. */
export interface XmlRoot {
  readonly name: string
  readonly content: XmlContent
}

/** The deepest documented response has 8 levels. */
const MAX_DEPTH = 64

const DECLARATION = /* @__PURE__ */ new RegExp(
  `^<\\?xml${S}+version${S}*=${S}*(?:"1\\.\\d+"|'1\\.\\d+')` +
    `(?:${S}+encoding${S}*=${S}*(?:"[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?` +
    `(?:${S}+standalone${S}*=${S}*(?:"(?:yes|no)"|'(?:yes|no)'))?${S}*\\?>`,
)
const NAME_AND_VALUE = `(${NAME})${S}*=${S}*(?:"[^<"]*"|'[^<']*')`
const ATTRIBUTE = /* @__PURE__ */ new RegExp(S + NAME_AND_VALUE, 'gu')
const START_TAG = /* @__PURE__ */ new RegExp(`<(${NAME})((?:${S}+${NAME_AND_VALUE})*)${S}*/?>`, 'uy')
/** Nearly every start tag. The longer expression takes several times as long. */
const SIMPLE_START_TAG = /<([A-Za-z]\w*)>/y
const REST_OF_END_TAG = /* @__PURE__ */ new RegExp(`${S}*>`, 'y')

/**
 * Reads well-formed XML 1.0 in UTF-8 (fifth edition, whose sections the comments name). Rejects what no provider sends: a
 * document type, entities, processing instructions, and text beside child elements.
 *
 * @throws XmlDecodeError if the text is not such a document
 */
export function readXml(text: string): XmlRoot {
  const document = (text.startsWith('\uFEFF') ? text.slice(1) : text).replace(DECLARATION, '')
  if (FORBIDDEN_CHARACTER.test(document)) throw new XmlDecodeError('the XML has a forbidden character')
  // Section 2.11: every line end becomes a line feed.
  return new Reader(document.includes('\r') ? document.replace(/\r\n?/g, '\n') : document).read()
}

interface OpenElement {
  readonly name: string
  text: string
  children: Map<string, XmlContent[]> | undefined
}

class Reader {
  readonly #document: string
  #at = 0
  readonly #open: OpenElement[] = []
  #root: XmlRoot | undefined

  constructor(document: string) {
    this.#document = document
  }

  read(): XmlRoot {
    while (this.#at < this.#document.length) this.#readNext()
    if (this.#root !== undefined) return this.#root
    throw new XmlDecodeError(
      `the XML ends before its ${this.#open.length > 0 ? 'elements are closed' : 'root element'}`,
    )
  }

  #readNext(): void {
    if (this.#document[this.#at] !== '<') this.#readText()
    else if (this.#document[this.#at + 1] === '/') this.#readEndTag()
    else if (this.#follows('<!--')) this.#readComment()
    else if (this.#follows('<![CDATA[')) this.#readCdata()
    else this.#readStartTag()
  }

  #readText(): void {
    const end = this.#document.indexOf('<', this.#at)
    const text = this.#document.slice(this.#at, end === -1 ? undefined : end)
    this.#at += text.length
    if (text.includes(']]>')) throw new XmlDecodeError('the XML has "]]>" in text')
    const parent = this.#open.at(-1)
    if (parent !== undefined) parent.text += resolveReferences(text)
    else if (!isBlank(text)) throw textOutside()
  }

  #readCdata(): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) throw textOutside()
    parent.text += this.#readBetween('<![CDATA[', ']]>')
  }

  #readComment(): void {
    const comment = this.#readBetween('<!--', '-->')
    // Section 2.5: a comment has no "--", and no "-" before its end.
    if (/--|-$/.test(comment)) throw new XmlDecodeError('the XML has a malformed comment')
  }

  #readStartTag(): void {
    SIMPLE_START_TAG.lastIndex = START_TAG.lastIndex = this.#at
    const simple = SIMPLE_START_TAG.exec(this.#document)
    const tag = simple ?? START_TAG.exec(this.#document)
    if (tag === null) throw malformed()
    this.#at += tag[0].length
    const [, name = '', attributes = ''] = tag
    if (attributes !== '') checkAttributes(attributes)
    if (this.#root !== undefined && this.#open.length === 0) {
      throw new XmlDecodeError('the XML has a second root element')
    }
    this.#open.push({ name, text: '', children: undefined })
    if (this.#open.length > MAX_DEPTH) throw new XmlDecodeError('the XML is nested too deeply')
    if (this.#document[this.#at - 2] === '/') this.#close()
  }

  #readEndTag(): void {
    const name = this.#open.at(-1)?.name
    const at = this.#at + '</'.length
    const end = (REST_OF_END_TAG.lastIndex = at + (name ?? '').length)
    const isSimple = this.#document[end] === '>'
    if (
      name === undefined ||
      !this.#document.startsWith(name, at) ||
      !(isSimple || REST_OF_END_TAG.test(this.#document))
    ) {
      throw new XmlDecodeError('the XML has an end tag without its start tag')
    }
    this.#at = isSimple ? end + 1 : REST_OF_END_TAG.lastIndex
    this.#close()
  }

  /** Closes the innermost element. */
  #close(): void {
    const element = this.#open.pop()
    if (element === undefined) return
    const { name, text, children } = element
    if (children !== undefined && !isBlank(text)) throw new XmlDecodeError('the XML mixes text and elements')
    const content = children ?? text
    const parent = this.#open.at(-1)
    if (parent === undefined) {
      this.#root = { name, content }
      return
    }
    parent.children ??= new Map()
    const earlier = parent.children.get(name)
    if (earlier === undefined) parent.children.set(name, [content])
    else earlier.push(content)
  }

  #follows(text: string): boolean {
    return this.#document.startsWith(text, this.#at)
  }

  #readBetween(start: string, end: string): string {
    const from = this.#at + start.length
    const to = this.#document.indexOf(end, from)
    if (to === -1) throw malformed()
    this.#at = to + end.length
    return this.#document.slice(from, to)
  }
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Section 4.1, without entities that a document type declares. */
function resolveReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([0-9a-fA-F]+));|&/g,
    (_, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return NAMED[name] ?? ''
      if (decimal === undefined && hex === undefined) throw malformed()
      const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      if (!isXmlCodePoint(codePoint)) throw new XmlDecodeError('the XML refers to a forbidden character')
      return String.fromCodePoint(codePoint)
    },
  )
}

/** Attribute values are dropped, but must be valid. */
function checkAttributes(attributes: string): void {
  resolveReferences(attributes)
  const names = Array.from(attributes.matchAll(ATTRIBUTE), ([, name]) => name)
  if (new Set(names).size < names.length) throw new XmlDecodeError('the XML repeats an attribute')
}

function malformed(): XmlDecodeError {
  return new XmlDecodeError('the XML is not well formed, or has a document type or an entity')
}

function textOutside(): XmlDecodeError {
  return new XmlDecodeError('the XML has text outside its root element')
}
