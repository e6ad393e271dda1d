import { XMLParser } from 'fast-xml-parser'
import type { XmlElement, XmlNode, XmlValue } from './element.js'
import { guardXml, XmlDecodeError } from './guard.js'

/** Where values go that contradict the table, so that nothing is lost and no type is a lie. No XML name has an "@". */
const UNEXPECTED = '@unexpected'

// Set up so that nothing is guessed: every text stays the string it is.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // Paths as text are for callbacks, of which there are none here.
  jPath: false,
  // By itself the parser reads no numeric references without all named ones of HTML, which it gathers for each document.
  entityDecoder: {
    decode: decodeReferences,
    reset: () => undefined,
    setXmlVersion: () => undefined,
    addInputEntities: () => undefined,
    setExternalEntities: () => undefined,
  },
})

/** A decoded document: which of the known roots it has, and its value as the table says. */
export interface XmlDocument {
  readonly root: XmlElement
  readonly value: XmlNode
}

/**
 * Reads a document whose root is one of `roots`. Elements of the tables take the shape the tables give them; unknown
 * ones are kept as they come; known ones of another shape are kept under `@unexpected`.
 *
 * @throws XmlDecodeError if the text is no such document
 */
export function decodeXml(text: string, roots: readonly XmlElement[]): XmlDocument {
  return shapeXml(parseXml(text), roots)
}

/**
 * The elements of a document as they come, by name, the root on top: for a reader who must see some to know the table.
 *
 * @throws XmlDecodeError if the text is no XML document
 */
export function parseXml(text: string): XmlNode {
  const document = guardXml(text)
  try {
    // The parser is untyped. With these options its values are text, objects of values, and arrays of both.
    return parser.parse(document) as XmlNode
  } catch (cause) {
    throw new XmlDecodeError('the XML cannot be parsed', { cause })
  }
}

/**
 * Gives the elements of `parseXml` the shape of the tables.
 *
 * @throws XmlDecodeError if the root is none of `roots`
 */
export function shapeXml(document: XmlNode, roots: readonly XmlElement[]): XmlDocument {
  for (const root of roots) {
    const content = document[root.name]
    if (content !== undefined) return { root, value: shapeChildren(content, root.children ?? []) }
  }
  throw new XmlDecodeError(`the XML root is none of ${roots.map(({ name }) => name).join(', ')}`)
}

function shapeChildren(content: XmlValue, children: readonly XmlElement[]): XmlNode {
  if (typeof content === 'string' || Array.isArray(content)) return {}
  const shaped: XmlNode = {}
  const unexpected: XmlNode = {}
  for (const [name, found] of Object.entries(content)) {
    // The guard has refused text beside elements, so this is white space between them.
    if (name === '#text') continue
    const child = children.find((candidate) => candidate.name === name)
    if (child === undefined) shaped[name] = dropBlanks(found)
    else shape(child, found, shaped, unexpected)
  }
  return Object.keys(unexpected).length === 0 ? shaped : { ...shaped, [UNEXPECTED]: unexpected }
}

function shape(element: XmlElement, found: XmlValue, shaped: XmlNode, unexpected: XmlNode): void {
  const occurrences = Array.isArray(found) ? found : [found]
  const fitting = occurrences.filter((value) => fits(element, value))
  const values = fitting.map((value) =>
    element.children === undefined ? value : shapeChildren(value, element.children),
  )
  const rest = occurrences.filter((value) => !fits(element, value)).map(dropBlanks)
  const [first, ...further] = values
  if (element.repeats === true) shaped[element.name] = values
  else if (first !== undefined) {
    shaped[element.name] = first
    rest.push(...further)
  }
  if (rest.length > 0) unexpected[element.name] = rest
}

/** An element with children may be empty; one that holds text may not have children. */
function fits(element: XmlElement, value: XmlValue): boolean {
  if (element.children === undefined) return typeof value === 'string'
  return typeof value !== 'string' || /^[ \t\r\n]*$/.test(value)
}

function dropBlanks(value: XmlValue): XmlValue {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(dropBlanks)
  const { '#text': _blank, ...children } = value
  return Object.fromEntries(Object.entries(children).map(([name, child]) => [name, dropBlanks(child)]))
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The guard has refused every reference but XML's own five and those to characters that XML allows. */
function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g,
    (reference, hex?: string, decimal?: string, name = '') => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      return NAMED[String(name)] ?? reference
    },
  )
}
