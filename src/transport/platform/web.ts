// The same exports as node.ts. `#platform` is this file in browsers, Workers, and other platforms without Node's modules.

/** SHA-1 of the bytes, or of the text as UTF-8, in lowercase hex. */
export async function sha1Hex(data: string | Uint8Array): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-1', toBytes(data)))
}

/** SHA-256 of the bytes, or of the text as UTF-8, in lowercase hex. */
export async function sha256Hex(data: string | Uint8Array): Promise<string> {
  return hex(await crypto.subtle.digest('SHA-256', toBytes(data)))
}

/** HMAC of the message in lowercase hex, with key and message as UTF-8. The key must not be empty. */
export async function hmacHex(algorithm: 'SHA-1' | 'SHA-256', key: string, message: string): Promise<string> {
  const hmac = { name: 'HMAC', hash: algorithm }
  const imported = await crypto.subtle.importKey('raw', toBytes(key), hmac, false, ['sign'])
  return hex(await crypto.subtle.sign('HMAC', imported, toBytes(message)))
}

/** Calls back from a timer once the events that have arrived are handled, as far as timers tell. */
export function afterArrivedEvents(callback: () => void): void {
  setTimeout(callback, 0)
}

/** The errors of fetch have no codes here. */
export const certificateCodes: ReadonlySet<unknown> = new Set()

/** There are no sockets here. */
export const socketTransport = undefined

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function toBytes(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  if (typeof data === 'string') return new TextEncoder().encode(data)
  // Web Crypto rejects shared memory, so such bytes are copied.
  return data.buffer instanceof ArrayBuffer
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}
