const PLACEHOLDER = '***'
/** The shortest piece of a truncated secret that is redacted. Shorter ones occur by chance. */
const PIECE_LENGTH = 8
/** Of the first character in the hash of a piece. */
const [LOW_WEIGHT, HIGH_WEIGHT] = [31 ** (PIECE_LENGTH - 1), 37 ** (PIECE_LENGTH - 1)]
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
    const views = new Map<string, Uint32Array>([[fold(text), new Uint32Array(text.length).map((_, at) => at)]])
    for (const view of views) {
      mark(marks, view)
      for (const escape of ESCAPES) {
        if (views.size < MAX_VIEWS && view[0].search(escape) !== -1) views.set(...decode(view, escape))
      }
    }
    if (!marks.includes(1)) return text
    return Array.from(marks, (one, at) => (one === 0 ? text[at] : marks[at - 1] === 1 ? '' : PLACEHOLDER)).join('')
  }
}

function markerOf(secrets: readonly string[]): (marks: Uint8Array, view: View) => void {
  const words = secrets.filter(({ length }) => length < PIECE_LENGTH).flatMap(formsOf)
  const tables = secrets.filter(({ length }) => length >= PIECE_LENGTH).map(recentTableOf)
  return (marks, [text, starts]) => {
    const hashes = hashesOf(text)
    for (const table of tables) {
      hashes.forEach((hash, start) => {
        if (table[slotOf(hash, table)] === hash) marks.fill(1, starts[start], starts[start + PIECE_LENGTH])
      })
    }
    for (const word of words) {
      for (let start = text.indexOf(word); start !== -1; start = text.indexOf(word, start + 1)) {
        const isInside = /[\p{L}\p{N}]/u.test(text.charAt(start - 1) + text.charAt(start + word.length))
        if (!isInside) marks.fill(1, starts[start], starts[start + word.length])
      }
    }
  }
}

/** Credentials serve many calls, and the table of a long token takes longer than the rest of a call. */
const recentTables = new Map<string, Float64Array>()
const MAX_RECENT_TABLES = 16

function recentTableOf(secret: string): Float64Array {
  const table = recentTables.get(secret) ?? tableOf(secret)
  // Put last, so that the one used longest ago is first.
  recentTables.delete(secret)
  recentTables.set(secret, table)
  const [oldest = ''] = recentTables.keys()
  if (recentTables.size > MAX_RECENT_TABLES) recentTables.delete(oldest)
  return table
}

/** The pieces of a secret in a hash table with open addressing. For a long token, a Set takes several times as long. */
function tableOf(secret: string): Float64Array {
  const forms = new Set(formsOf(secret))
  const table = new Float64Array(2 * [...forms].join('').length + 1)
  for (const form of forms) for (const hash of hashesOf(form)) table[slotOf(hash, table)] = hash
  return table
}

function slotOf(hash: number, table: Float64Array): number {
  let slot = (hash >>> 0) % table.length
  while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) % table.length
  return slot
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

/** A rolling hash of every piece, of 53 bits. */
function hashesOf(text: string): Float64Array {
  const hashes = new Float64Array(Math.max(0, text.length - PIECE_LENGTH + 1))
  let [low, high] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const added = text.charCodeAt(at)
    low = (Math.imul(low, 31) + added) | 0
    high = (Math.imul(high, 37) + added) | 0
    const start = at - PIECE_LENGTH + 1
    if (start < 0) continue
    hashes[start] = (high & 0x1fffff) * 2 ** 32 + (low >>> 0) + 1
    const dropped = text.charCodeAt(start)
    low -= Math.imul(dropped, LOW_WEIGHT)
    high -= Math.imul(dropped, HIGH_WEIGHT)
  }
  return hashes
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
