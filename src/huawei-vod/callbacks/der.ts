/** A value in DER, the encoding of certificates (X.690): tag, length, and content. */
export interface DerValue {
  readonly tag: number
  readonly content: Uint8Array<ArrayBuffer>
  /** All of it. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OBJECT_IDENTIFIER = 0x06
export const UTC_TIME = 0x17
export const GENERALIZED_TIME = 0x18
export const SEQUENCE = 0x30
/** The field `[0]` of a sequence. */
export const FIELD_0 = 0xa0

/** The values that follow one another in the bytes; undefined if these are not DER. */
export function readDer(bytes: Uint8Array<ArrayBuffer>): DerValue[] | undefined {
  const values: DerValue[] = []
  for (let start = 0; start < bytes.length;) {
    const head = headAt(bytes, start)
    if (head === undefined || head.end > bytes.length) return undefined
    const { tag, contentStart, end } = head
    values.push({ tag, content: bytes.subarray(contentStart, end), bytes: bytes.subarray(start, end) })
    start = end
  }
  return values
}

/** Where the content of a value starts and ends. No certificate has a tag of several bytes, or four gigabytes. */
function headAt(bytes: Uint8Array, start: number): { tag: number; contentStart: number; end: number } | undefined {
  const [tag, first] = bytes.subarray(start)
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  const lengthStart = start + 2
  if (first < 0x80) return { tag, contentStart: lengthStart, end: lengthStart + first }
  const contentStart = lengthStart + (first & 0x7f)
  const lengthBytes = bytes.subarray(lengthStart, contentStart)
  // DER has one form for each length: the shortest.
  if (lengthBytes[0] === undefined || lengthBytes[0] === 0 || lengthBytes.length > 4) return undefined
  const length = lengthBytes.reduce((sum, byte) => sum * 256 + byte, 0)
  return length < 0x80 ? undefined : { tag, contentStart, end: contentStart + length }
}

/** The number in an INTEGER, which may be negative. */
export function numberOf(content: Uint8Array): bigint {
  return BigInt.asIntN(content.length * 8, BigInt(`0x0${hexOf(content)}`))
}

/** The text of an OBJECT IDENTIFIER in hex, without tag and length. */
export function hexOf(content: Uint8Array): string {
  return Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
