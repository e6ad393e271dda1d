import { isPlainObject } from '../type-guards.js'
import { FORBIDDEN_CHARACTER, NAME } from './characters.js'
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

const NAME_ONLY = /* @__PURE__ */ new RegExp(`^${NAME}$`, 'u')

/**
 * Writes a value as XML, children in the order of the table and behind them those that it does not have, without those
 * that are undefined.
 *
 * @throws XmlEncodeError for a value of another type, or a name or a character that XML forbids
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
  let xml = ''
  for (const child of children) {
    const one = value[child.name]
    if (one !== undefined) xml += writeChild(child, one, join(path, child.name))
  }
  for (const name of Object.keys(value)) {
    const one = value[name]
    const isUnknown = one !== undefined && !children.some((child) => child.name === name)
    if (isUnknown) xml += writeUnknown(name, one, join(path, name))
  }
  return xml
}

/** A field that the table does not have: a list is the element repeated. */
function writeUnknown(name: string, value: unknown, path: string): string {
  if (!NAME_ONLY.test(name)) throw new XmlEncodeError(path, 'must have a name that XML allows')
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.map((item) => writeElement(isPlainObject(item) ? { name, children: [] } : { name }, item, path)).join('')
}

function writeChild(child: XmlElement, value: unknown, path: string): string {
  if (child.repeats !== true) return writeElement(child, value, path)
  if (!Array.isArray(value)) throw new XmlEncodeError(path, 'must be an array')
  return value.map((item, index) => writeElement(child, item, `${path}[${String(index)}]`)).join('')
}

function writeText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new XmlEncodeError(path, 'must be a string')
  if (PLAIN.test(value)) return value
  if (FORBIDDEN_CHARACTER.test(value)) throw new XmlEncodeError(path, 'must not have characters that XML forbids')
  return value.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character)
}

/** Nearly every text, which is then neither searched nor escaped. */
const PLAIN = /^[\w ./:-]*$/

// A reader turns a bare CR into LF (XML 1.0, section 2.11). ">" matters only in "]]>".
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
