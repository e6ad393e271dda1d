/** The beginning of a foreign text on one line, so that no line break or control character reaches a log. */
export function excerptOf(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim()
  // Half a surrogate pair is dropped.
  return line.length > maxLength ? `${line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : line
}
