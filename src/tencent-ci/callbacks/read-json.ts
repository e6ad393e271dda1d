import { isPlainObject } from '../../type-guards.js'
import { XmlDecodeError, type XmlChildren, type XmlContent } from '../../xml/read.js'

/** The deepest documented callback has 8 levels. */
const MAX_DEPTH = 64

/**
 * Reads a JSON object as the content of an XML element, so that both formats have one shape: a list becomes repeated
 * elements, everything else text.
 *
 * @throws XmlDecodeError, SyntaxError if the text is not such an object
 */
export function readJson(text: string): XmlChildren {
  const content = contentOf(JSON.parse(text), 0)
  if (typeof content === 'string') throw new XmlDecodeError('it is not an object')
  return content
}

function contentOf(value: unknown, depth: number): XmlContent {
  if (depth > MAX_DEPTH || Array.isArray(value)) throw new XmlDecodeError('it is too deep, or has a list inside a list')
  if (typeof value === 'string') return value
  // The words of JSON: a number, true, false. Null has no text.
  if (!isPlainObject(value)) return value === null ? '' : JSON.stringify(value)
  const children = Object.entries(value).map(([name, child]): [string, XmlContent[]] => {
    const items: unknown[] = Array.isArray(child) ? child : [child]
    return [name, items.map((item) => contentOf(item, depth + 1))]
  })
  return new Map(children.filter(([, contents]) => contents.length > 0))
}
