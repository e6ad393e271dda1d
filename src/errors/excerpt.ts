/** The beginning of a foreign text on one line: no line break or control character reaches a log. */
export function excerptOf(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim()
  // A character of two units is not cut in half.
  return line.length > maxLength ? `${line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : line
}
