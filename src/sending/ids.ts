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
