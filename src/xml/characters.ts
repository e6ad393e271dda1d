// Character classes of XML 1.0 (fifth edition), sections 2.2 and 2.3. White space is these four characters, never \s.

/** A character that XML forbids, including lone surrogates. */
// eslint-disable-next-line no-control-regex -- the pattern is for control characters
export const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u

export const WHITE_SPACE = '[ \\t\\r\\n]'

const BLANK = /* @__PURE__ */ new RegExp(`^${WHITE_SPACE}*$`)

/** Whether a text is empty or white space. */
export function isBlank(text: string): boolean {
  return BLANK.test(text)
}

const NAME_START =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'

export const NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*`

/** Whether `&#n;` may refer to this code point. */
export function isXmlCodePoint(codePoint: number): boolean {
  return codePoint <= 0x10ffff && !FORBIDDEN_CHARACTER.test(String.fromCodePoint(codePoint))
}
