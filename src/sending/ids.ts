import { isRecord } from '../type-guards.js'

const MAX_IDS = 100

/**
 * At most 100 IDs in JSON or XML that may be broken, as somebody paid for what they name. In JSON, a string or a number after the name
 * in quotes; in XML, what follows the start tag, which may have attributes or a CDATA section.
 */
export function idsIn(text: string, idFields: readonly string[]): string[] {
  const ids = idFields.flatMap((field) =>
    [
      ...text.matchAll(
        new RegExp(
          `"${field}"\\s*:\\s*(?:"|(?=\\d))([\\w-]{1,128})|[<:]${field}(?:\\s[^<>]*)?>(?:<!\\[CDATA\\[)?\\s*([\\w-]{1,128})`,
          'g',
        ),
      ),
    ].map(([, inJson, inXml]) => inJson ?? inXml ?? ''),
  )
  return [...new Set(ids)].slice(0, MAX_IDS)
}

/** Deeper than any documented response. */
const MAX_DEPTH = 64

/** Whether a decoded response has one of the fields with anything in it, or is too deep to tell. */
export function hasField(value: unknown, names: readonly string[], depth = 0): boolean {
  if (!isRecord(value)) return false
  if (depth > MAX_DEPTH) return true
  return Object.entries(value).some(
    ([name, one]) => (names.includes(name) && !isEmpty(one)) || hasField(one, names, depth + 1),
  )
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (isRecord(value) && Object.keys(value).length === 0)
}
