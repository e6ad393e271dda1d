import type { XmlElement, XmlNode, XmlValue } from './element.js'
import { isBlank } from './characters.js'
import { readXml, XmlDecodeError, type XmlChildren, type XmlContent, type XmlRoot } from './read.js'

/** Where values go that contradict the table, so that nothing is lost and no type is a lie. No XML name has an "@". */
const UNEXPECTED = '@unexpected'

/** As it is after an assignment. */
const PROPERTY = { enumerable: true, writable: true, configurable: true }

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
  return shapeXml(readXml(text), roots)
}

/**
 * Gives what was read the shape of the tables.
 *
 * @throws XmlDecodeError if the root is none of `roots`
 */
export function shapeXml({ name, content }: XmlRoot, roots: readonly XmlElement[]): XmlDocument {
  const root = roots.find((candidate) => candidate.name === name)
  if (root !== undefined) {
    return { root, value: typeof content === 'string' ? {} : shapeChildren(content, root.children ?? []) }
  }
  throw new XmlDecodeError(`the XML root is none of ${roots.map((candidate) => candidate.name).join(', ')}`)
}

function shapeChildren(content: XmlChildren, elements: readonly XmlElement[]): XmlNode {
  const shaped: XmlNode = {}
  let unexpected: Record<string, XmlValue[]> | undefined
  for (const [name, contents] of content) {
    const element = elements.find((candidate) => candidate.name === name)
    if (element === undefined) {
      // Not by assignment, which would do something else for a name like __proto__.
      Object.defineProperty(shaped, name, { value: asTheyCome(contents), ...PROPERTY })
      continue
    }
    const values: XmlValue[] = []
    for (const one of contents) {
      const value = element.repeats === true || values.length === 0 ? shapeOne(element, one) : undefined
      if (value !== undefined) values.push(value)
      else ((unexpected ??= {})[name] ??= []).push(asItComes(one))
    }
    const [first] = values
    if (element.repeats === true) shaped[name] = values
    else if (first !== undefined) shaped[name] = first
  }
  return unexpected === undefined ? shaped : { ...shaped, [UNEXPECTED]: unexpected }
}

/** Undefined for what has another shape: an element with children may be empty, one that holds text has no children. */
function shapeOne({ children }: XmlElement, content: XmlContent): XmlValue | undefined {
  if (children === undefined) return typeof content === 'string' ? content : undefined
  if (typeof content !== 'string') return shapeChildren(content, children)
  return isBlank(content) ? {} : undefined
}

function asItComes(content: XmlContent): XmlValue {
  if (typeof content === 'string') return content
  return Object.fromEntries(Array.from(content, ([name, contents]) => [name, asTheyCome(contents)]))
}

function asTheyCome(contents: readonly XmlContent[]): XmlValue {
  const values = contents.map(asItComes)
  const [first] = values
  return values.length === 1 && first !== undefined ? first : values
}
