import type { Transport } from '../transport.js'
import { socketTransport as nodeTransport } from '../socket-transport.js'

// The same exports as web.ts. `#platform` is this file on Node, Bun, and Deno, where a signature takes a tenth of the time.

/** Lowercase hex. Synchronous on Node, where waiting costs more than a digest. */
type Digest = string | Promise<string>

/** SHA-1 of the bytes, or of the text as UTF-8, in lowercase hex. */
export function sha1Hex(data: string | Uint8Array): Digest {
  return crypto().createHash('sha1').update(data).digest('hex')
}

/** SHA-256 of the bytes, or of the text as UTF-8, in lowercase hex. */
export function sha256Hex(data: string | Uint8Array): Digest {
  return crypto().createHash('sha256').update(data).digest('hex')
}

/** HMAC of the message in lowercase hex, with key and message as UTF-8. */
export function hmacHex(algorithm: 'SHA-1' | 'SHA-256', key: string, message: string): Digest {
  return crypto()
    .createHmac(algorithm === 'SHA-1' ? 'sha1' : 'sha256', key)
    .update(message)
    .digest('hex')
}

/** Not imported, for the reason in ../socket-transport.ts. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}

/** Calls back from a timer once the events that have arrived are handled. */
export function afterArrivedEvents(callback: () => void): void {
  // Not the global one, as test tools replace it.
  process.getBuiltinModule('node:timers').setImmediate(callback)
}

export { certificateCodes } from '../certificate-codes.js'

/** Undefined in web.ts, where there are no sockets. */
export const socketTransport: ((agent?: object) => Transport) | undefined = nodeTransport
