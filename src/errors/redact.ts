const PLACEHOLDER = '***'
/** The shortest piece of a truncated secret that is redacted. Shorter ones occur by chance. */
const PIECE_LENGTH = 8

/** The texts to replace, by length. */
type Pieces = Map<number, Set<string>>

/**
 * A function that replaces every secret in a text by `***`: plain, in base64 (also unpadded and base64url),
 * percent-encoded or in hex, and every piece of these from eight characters on. A shorter secret is replaced as a whole.
 *
 * Ignores the case of hex, and of A to F in pieces that touch a percent escape. Takes time linear in the text. Computes
 * nothing before the first text.
 */
export function createRedactor(secrets: Iterable<string | undefined>): (text: string) => string {
  let pieces: { readonly exact: Pieces; readonly folded: Pieces } | undefined
  return (text) => {
    pieces ??= piecesOf([...secrets].filter((secret) => secret !== undefined))
    const marks = new Uint8Array(text.length)
    mark(marks, text, pieces.exact)
    mark(marks, foldHex(text), pieces.folded)
    return replaceMarked(text, marks)
  }
}

function piecesOf(secrets: readonly string[]): { exact: Pieces; folded: Pieces } {
  const exact: Pieces = new Map()
  const folded: Pieces = new Map()
  for (const secret of secrets) {
    const bytes = new TextEncoder().encode(secret)
    for (const form of [secret, ...base64Of(bytes)]) addPieces(exact, form)
    addPieces(folded, Array.from(bytes, hexOf).join(''))
    for (const form of percentEncodingsOf(bytes)) {
      const escaped = escapedIn(form)
      // All other pieces are pieces of the plain secret, whose case matters.
      addPieces(folded, foldHex(form), (start, end) => escaped.subarray(start, end).includes(1))
    }
  }
  return { exact, folded }
}

function addPieces(pieces: Pieces, form: string, isWanted: (start: number, end: number) => boolean = () => true): void {
  const length = Math.min(PIECE_LENGTH, form.length)
  const ofLength = pieces.get(length) ?? new Set()
  pieces.set(length, ofLength)
  for (let start = 0; start + length <= form.length; start++) {
    if (isWanted(start, start + length)) ofLength.add(form.slice(start, start + length))
  }
}

function base64Of(bytes: Uint8Array): string[] {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const unpadded = base64.replace(/=+$/, '')
  const forUrls = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_')
  return [base64, unpadded, forUrls(base64), forUrls(unpadded)]
}

/** With lower-case escapes. The two common encoders differ in the characters `!'()*`. */
function percentEncodingsOf(bytes: Uint8Array): string[] {
  return [/[\w.~-]/, /[\w.~!'()*-]/].map((unreserved) =>
    Array.from(bytes, (byte) => {
      const character = String.fromCharCode(byte)
      return unreserved.test(character) ? character : `%${hexOf(byte)}`
    }).join(''),
  )
}

/** 1 where a character is part of a percent escape. */
function escapedIn(form: string): Uint8Array {
  const escaped = new Uint8Array(form.length)
  for (const { index } of form.matchAll(/%../g)) escaped.fill(1, index, index + 3)
  return escaped
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/** Keeps the length, which toLowerCase() does not guarantee. */
function foldHex(text: string): string {
  return text.replace(/[A-F]/g, (digit) => digit.toLowerCase())
}

function mark(marks: Uint8Array, text: string, pieces: Pieces): void {
  for (const [length, ofLength] of pieces) {
    for (let start = 0; start + length <= text.length; start++) {
      if (ofLength.has(text.slice(start, start + length))) marks.fill(1, start, start + length)
    }
  }
}

function replaceMarked(text: string, marks: Uint8Array): string {
  let result = ''
  let from = 0
  for (let at = marks.indexOf(1); at !== -1; at = marks.indexOf(1, from)) {
    const end = marks.indexOf(0, at)
    result += text.slice(from, at) + PLACEHOLDER
    from = end === -1 ? text.length : end
  }
  return result + text.slice(from)
}
