import type { Socket } from 'node:net'

/** What only TLS sockets have. */
interface TlsState {
  readonly encrypted?: boolean
  /** False during the handshake. Not documented: if it is missing, bytes count as sent. */
  readonly _secureEstablished?: boolean
}

/** Whether a connection has the bytes of a request, judged by events: a socket's counters are not reliable. */
export class Handover {
  isDone = false
  readonly #endIfLate: () => void
  #socket: Socket | undefined

  constructor(endIfLate: () => void) {
    this.#endIfLate = endIfLate
  }

  readonly follow = (socket: Socket & TlsState): void => {
    this.#endIfLate()
    this.#socket = socket
    // Not `secureConnecting`, which stays true without tls.connect.
    const isInHandshake = socket._secureEstablished === false
    // Bytes wait for a connection or a TLS handshake in progress, and stay here if it failed at once. Any other socket
    // (kept alive, or a plain tunnel of a proxy agent) takes them now.
    if (!(socket.connecting || socket.destroyed || isInHandshake)) this.finish()
    else socket.once(socket.encrypted === true ? 'secureConnect' : 'connect', this.#connected)
    // The only event without tls.connect. With it, a socket that rejects the certificate has destroyed itself by now.
    if (isInHandshake) socket.once('secure', () => (this.isDone ||= !socket.destroyed))
  }

  readonly #connected = (): void => {
    // A socket that is destroyed now drops the bytes that wait for it, as it does if it rejects the certificate.
    this.#endIfLate()
    this.finish()
  }

  readonly finish = (): void => {
    this.isDone = true
  }

  /** Whether certainly no byte has left. Not required after a failure, whose code is the proof. */
  get isCertainlyAhead(): boolean {
    if (this.isDone) return false
    // A test tool's socket forwards bytes before it reports that it is connected; a real one holds them.
    return this.#socket === undefined || this.#socket.writableLength > 0
  }
}
