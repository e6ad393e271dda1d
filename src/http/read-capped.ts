/** A body as text; with `problem`, what could be made of it and why it is no answer. */
export interface CappedText {
  readonly text: string
  readonly problem?: string
}

/**
 * The body as UTF-8 text, with its byte order mark if it has one. Reading stops, and the connection is let go, as soon as
 * the body is longer than `maxBytes`.
 */
export async function readCapped(response: Response, maxBytes: number): Promise<CappedText> {
  const reader = response.body?.getReader()
  const bytes = new Uint8Array(maxBytes)
  let length = 0
  for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
    bytes.set(chunk.value.subarray(0, maxBytes - length), length)
    length += chunk.value.byteLength
    if (length > maxBytes) {
      await reader?.cancel()
      return { text: decode(bytes, false), problem: `the answer is longer than ${String(maxBytes)} bytes` }
    }
  }
  const body = bytes.subarray(0, length)
  try {
    return { text: decode(body, true) }
  } catch {
    // Read all the same, for the ids in it.
    return { text: decode(body, false), problem: 'the answer is not UTF-8' }
  }
}

function decode(bytes: Uint8Array, fatal: boolean): string {
  return new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes)
}
