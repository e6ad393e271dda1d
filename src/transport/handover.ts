import type { Socket } from 'node:net'

/** Whether a connection has the bytes of a request, judged by events: a socket's counters are not reliable. */
export class Handover {
  isDone = false
  #socket: Socket | undefined

  follow(socket: Socket, isReused: boolean): void {
    this.#socket = socket
    // Bytes wait for a connection in progress, and stay here if it failed at once. Any other socket (kept alive, or
    // created by a proxy agent) takes them now.
    if (isReused || !(socket.connecting || socket.destroyed)) this.finish()
    else socket.once(isEncrypted(socket) ? 'secureConnect' : 'connect', this.finish)
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

function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true
}
