import { isRecord } from '../../type-guards.js'
import { XmlDecodeError, type XmlChildren, type XmlContent } from '../../xml/read.js'

/** The deepest documented callback has 8 levels. */
const MAX_DEPTH = 64

/**
 * Reads a JSON object as the content of an XML element, so that both formats have one shape: a list becomes repeated
 * elements, everything else text.
 *
 * @throws XmlDecodeError if the text is not such an object
 */
export function readJson(text: string): XmlChildren {
  const content = contentOf(parsed(text), 0)
  if (typeof content === 'string') throw new XmlDecodeError('it is neither XML nor a JSON object')
  return content
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new XmlDecodeError('it is neither XML nor JSON')
  }
}

function contentOf(value: unknown, depth: number): XmlContent {
  if (depth > MAX_DEPTH) throw new XmlDecodeError('it is nested too deeply')
  if (Array.isArray(value)) throw new XmlDecodeError('a list is inside a list, or is the whole body')
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!isRecord(value)) return typeof value === 'string' ? value : ''
  return new Map(
    Object.entries(value)
      .map(([name, child]): [string, XmlContent[]] => [
        name,
        (Array.isArray(child) ? child : [child]).map((item: unknown) => contentOf(item, depth + 1)),
      ])
      .filter(([, contents]) => contents.length > 0),
  )
}
