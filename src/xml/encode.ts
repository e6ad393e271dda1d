import { isPlainObject } from '../type-guards.js'
import { FORBIDDEN_CHARACTER } from './characters.js'
import type { XmlElement } from './element.js'

/** The value does not fit the table. */
export class XmlEncodeError extends Error {
  override readonly name = 'XmlEncodeError'
  /** The field, as in `Operation.Output.Bucket`. */
  readonly path: string

  constructor(path: string, rule: string) {
    super(rule)
    this.path = path
  }
}

/**
 * Writes a value as XML, children in the order of the table, without those that are undefined.
 *
 * @throws XmlEncodeError for an unknown field, a value of another type, or a character that XML forbids
 */
export function encodeXml(element: XmlElement, value: unknown): string {
  return writeElement(element, value, '')
}

function writeElement(element: XmlElement, value: unknown, path: string): string {
  const content = element.children === undefined ? writeText(value, path) : writeChildren(element.children, value, path)
  return `<${element.name}>${content}</${element.name}>`
}

function writeChildren(children: readonly XmlElement[], value: unknown, path: string): string {
  if (!isPlainObject(value)) throw new XmlEncodeError(path, 'must be an object')
  const known = new Set(children.map(({ name }) => name))
  for (const key of Object.keys(value)) {
    if (!known.has(key)) throw new XmlEncodeError(join(path, key), 'is not a known field')
  }
  return children.map((child) => writeChild(child, value[child.name], join(path, child.name))).join('')
}

function writeChild(child: XmlElement, value: unknown, path: string): string {
  if (value === undefined) return ''
  if (child.repeats !== true) return writeElement(child, value, path)
  if (!Array.isArray(value)) throw new XmlEncodeError(path, 'must be an array')
  return value.map((item, index) => writeElement(child, item, `${path}[${String(index)}]`)).join('')
}

function writeText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new XmlEncodeError(path, 'must be a string')
  if (FORBIDDEN_CHARACTER.test(value)) throw new XmlEncodeError(path, 'must not have characters that XML forbids')
  return value.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character)
}

// A reader turns a bare CR into LF (XML 1.0, section 2.11). ">" matters only in "]]>".
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
