const PLACEHOLDER = '***'
/** The shortest piece of a truncated secret that is redacted. Shorter ones occur by chance. */
const PIECE_LENGTH = 8
/** The escapes of URLs, XML, and JSON in lower case. */
const ESCAPES = [
  /%[0-7][\da-f]|%[c-f][\da-f](?:%[89ab][\da-f])+/g,
  /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/g,
  /\\(?:["/\\bfnrt]|u[\da-f]{4})/g,
]
/** Enough for every two encodings in any order: 1 + 3 + 3 ** 2. The limit keeps the time linear. */
const MAX_VIEWS = 13
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const utf8 = /* @__PURE__ */ new TextDecoder()

/** A folded text, perhaps with escapes decoded, and where each character starts in the original. */
type View = readonly [text: string, starts: Uint32Array]

/**
 * Creates a function that replaces every secret in a text by `***`: plain, in base64 (also unpadded, base64url, or
 * inside a longer one), percent-encoded, or in hex, and every piece of these from eight characters on. A shorter secret
 * is replaced only as a whole word. Ignores case, and decodes the escapes of URLs, XML, and JSON. Takes time linear in
 * the text. Computes nothing before the first text.
 */
export function createRedactor(secrets: Iterable<string | undefined>): (text: string) => string {
  let mark: ReturnType<typeof markerOf> | undefined
  return (text) => {
    mark ??= markerOf([...secrets].filter((secret): secret is string => secret !== undefined && secret !== ''))
    const marks = new Uint8Array(text.length)
    const views = new Map<string, Uint32Array>([[fold(text), new Uint32Array(marks.keys())]])
    for (const view of views) {
      mark(marks, view)
      for (const escape of ESCAPES) if (views.size < MAX_VIEWS) views.set(...decode(view, escape))
    }
    return Array.from(marks, (one, at) => (one === 0 ? text[at] : marks[at - 1] === 1 ? '' : PLACEHOLDER)).join('')
  }
}

function markerOf(secrets: readonly string[]): (marks: Uint8Array, view: View) => void {
  const words = secrets.filter(({ length }) => length < PIECE_LENGTH).flatMap(formsOf)
  const forms = secrets.filter(({ length }) => length >= PIECE_LENGTH).flatMap(formsOf)
  // A hash table with open addressing. For the pieces of a long token, a Set takes several times as long.
  const table = new Float64Array(2 * forms.join('').length + 1)
  const slotOf = (hash: number): number => {
    let slot = (hash >>> 0) % table.length
    while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) % table.length
    return slot
  }
  for (const form of new Set(forms)) for (const hash of hashesOf(form)) table[slotOf(hash)] = hash
  return (marks, [text, starts]) => {
    hashesOf(text).forEach((hash, start) => {
      if (table[slotOf(hash)] === hash) marks.fill(1, starts[start], starts[start + PIECE_LENGTH])
    })
    for (const word of words) {
      for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1)) {
        const isInside = /[\p{L}\p{N}]/u.test(text.charAt(start - 1) + text.charAt(start + word.length))
        if (!isInside) marks.fill(1, starts[start], starts[start + word.length])
      }
    }
  }
}

/** The secret and its encodings, folded. */
function formsOf(secret: string): string[] {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join('')
  const hexOf = (byte: string): string => byte.charCodeAt(0).toString(16).padStart(2, '0')
  // The two common encoders differ in the characters `!'()*`.
  const percent = [/[^\w.~-]/g, /[^\w.~!'()*-]/g].map((others) => bytes.replace(others, (byte) => `%${hexOf(byte)}`))
  // Without the characters that also depend on the bytes before.
  const inside = ['\0', '\0\0'].map((before) => btoa(before + bytes).slice(before.length + 1))
  const base64 = secret.length < PIECE_LENGTH ? [btoa(bytes).replace(/=+$/, '')] : inside
  return [secret, ...percent, btoa(bytes), ...base64, bytes.replace(/[^]/g, hexOf)].map(fold)
}

/** A rolling hash of every piece, of 53 bits. Math.imul() takes the character before the text, NaN, for 0. */
function hashesOf(text: string): Float64Array {
  const hashes = new Float64Array(text.length)
  const [lowWeight, highWeight] = [31 ** PIECE_LENGTH, 37 ** PIECE_LENGTH]
  let [low, high] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const [added, dropped] = [text.charCodeAt(at), text.charCodeAt(at - PIECE_LENGTH)]
    low = Math.imul(low, 31) + added - Math.imul(dropped, lowWeight)
    high = Math.imul(high, 37) + added - Math.imul(dropped, highWeight)
    hashes[at] = (high & 0x1fffff) * 2 ** 32 + (low >>> 0) + 1
  }
  return hashes.subarray(PIECE_LENGTH - 1)
}

/** Keeps the length: in lower case, İ has two characters. Σ has a lower case that depends on its place. */
function fold(text: string): string {
  return text.replace(/[İΣς]/g, 'σ').toLowerCase().replaceAll('-', '+').replaceAll('_', '/')
}

function decode([text, starts]: View, escape: RegExp): View {
  const decodedStarts = starts.slice()
  let [from, removed] = [0, 0]
  const decoded = text.replace(escape, (code, at: number) => {
    const character = characterOf(code)
    decodedStarts.set(starts.subarray(from, at + character.length), from - removed)
    from = at + code.length
    removed += code.length - character.length
    return character
  })
  decodedStarts.set(starts.subarray(from), from - removed)
  return [fold(decoded), decodedStarts.subarray(0, decoded.length)]
}

function characterOf(code: string): string {
  if (code.startsWith('\\')) return String(JSON.parse(`"${code}"`))
  if (code.startsWith('%')) return utf8.decode(Uint8Array.from(code.slice(1).split('%'), (hex) => parseInt(hex, 16)))
  const number = Number(code.slice(2, -1).replace('x', '0x'))
  return ENTITIES[code.slice(1, -1)] ?? String.fromCodePoint(Math.min(number, 0x10ffff))
}
