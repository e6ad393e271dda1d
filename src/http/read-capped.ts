/** A body as text; with `problem`, the part of it that could be read and why the rest could not. */
export interface CappedText {
  readonly text: string
  readonly problem?: string
}

/** The body as UTF-8 text. Reading stops, and the connection is let go, as soon as it is longer than `maxBytes`. */
export async function readCapped(response: Response, maxBytes: number): Promise<CappedText> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = response.body?.getReader()
  let text = ''
  let length = 0
  try {
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
      length += chunk.value.byteLength
      if (length > maxBytes) {
        await reader?.cancel()
        return { text, problem: `the answer is longer than ${String(maxBytes)} bytes` }
      }
      text += decode(decoder, chunk.value)
    }
    return { text: text + decode(decoder) }
  } catch (error) {
    if (!(error instanceof NotUtf8Error)) throw error
    await reader?.cancel()
    return { text, problem: 'the answer is not UTF-8' }
  }
}

class NotUtf8Error extends Error {}

/** Kept apart from the reading, whose own failures can be TypeErrors too. */
function decode(decoder: TextDecoder, bytes?: Uint8Array): string {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
  } catch (cause) {
    throw new NotUtf8Error('not UTF-8', { cause })
  }
}
