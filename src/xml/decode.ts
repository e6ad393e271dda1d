import type { XmlElement, XmlNode, XmlValue } from './element.js'
import { isBlank } from './characters.js'
import { readXml, XmlDecodeError, type XmlChildren, type XmlContent, type XmlRoot } from './read.js'

/** Holds the values that contradict the table, so that every type is true and nothing is lost. No XML name has an "@". */
export const UNEXPECTED = '@unexpected'

/** The attributes of a property that was assigned. */
const PROPERTY = { enumerable: true, writable: true, configurable: true }

/** A decoded document: its root among the known ones, and its value in the shape of the table. */
export interface XmlDocument {
  readonly root: XmlElement
  readonly value: XmlNode
}

/**
 * Reads a document whose root is one of `roots`. Known elements take the shape of the tables, or go under `@unexpected`
 * if they have another one. Unknown elements stay as they are.
 *
 * @throws XmlDecodeError if the text is not such a document
 */
export function decodeXml(text: string, roots: readonly XmlElement[]): XmlDocument {
  return shapeXml(readXml(text), roots)
}

/**
 * Gives a document the shape of the tables.
 *
 * @throws XmlDecodeError if the root is not one of `roots`
 */
export function shapeXml({ name, content }: XmlRoot, roots: readonly XmlElement[]): XmlDocument {
  const root = roots.find((candidate) => candidate.name === name)
  if (root !== undefined) {
    return { root, value: shapeChildren(typeof content === 'string' ? new Map() : content, root.children ?? []) }
  }
  throw new XmlDecodeError(`the XML root is not ${roots.map((candidate) => candidate.name).join(' or ')}`)
}

function shapeChildren(content: XmlChildren, elements: readonly XmlElement[]): XmlNode {
  const shaped: XmlNode = {}
  let unexpected: Record<string, XmlValue[]> | undefined
  for (const [name, contents] of content) {
    const element = elements.find((candidate) => candidate.name === name)
    if (element === undefined) {
      // An assignment to a name like __proto__ would set the prototype.
      Object.defineProperty(shaped, name, { value: unshapedList(contents), ...PROPERTY })
      continue
    }
    const list: XmlValue[] | undefined = element.repeats === true ? [] : undefined
    if (list !== undefined) shaped[name] = list
    for (const one of contents) {
      const value = list !== undefined || shaped[name] === undefined ? shapeOne(element, one) : undefined
      if (value === undefined) ((unexpected ??= {})[name] ??= []).push(unshapedXml(one))
      else if (list === undefined) shaped[name] = value
      else list.push(value)
    }
  }
  for (const { name, mayBeAbsent } of elements) if (mayBeAbsent === true && !content.has(name)) shaped[name] = []
  return unexpected === undefined ? shaped : { ...shaped, [UNEXPECTED]: unexpected }
}

/** Undefined for another shape: an element with children may be empty, one with text has no children. */
function shapeOne({ children }: XmlElement, content: XmlContent): XmlValue | undefined {
  if (children === undefined) return typeof content === 'string' ? content : undefined
  if (typeof content !== 'string') return shapeChildren(content, children)
  return isBlank(content) ? shapeChildren(new Map(), children) : undefined
}

/** The content of an element without a table: a child that occurs once is not a list. */
export function unshapedXml(content: XmlContent): XmlValue {
  if (typeof content === 'string') return content
  return Object.fromEntries(Array.from(content, ([name, contents]) => [name, unshapedList(contents)]))
}

function unshapedList(contents: readonly XmlContent[]): XmlValue {
  const values = contents.map(unshapedXml)
  const [first] = values
  return values.length === 1 && first !== undefined ? first : values
}
