/** Long enough for the canonical request in the message of a rejected signature. */
export const MESSAGE_LENGTH = 2_000
/** Longer than any code or ID of a provider. */
export const ID_LENGTH = 128

/** The beginning of a foreign text on one line, so that no line break or control character reaches a log. */
export function excerptOf(text: string, maxLength: number): string {
  // \p{C}: control and format characters, such as those for the direction of text, and half surrogate pairs.
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  // Half a surrogate pair is dropped.
  return line.length > maxLength ? `${line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '')}…` : line
}
