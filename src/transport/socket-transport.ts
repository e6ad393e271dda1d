import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
// Imported, as test tools put false timers in the place of the global ones.
import { clearImmediate, setImmediate } from 'node:timers'
import type { AnswerHeaders, Exchange, Transport, WireOutcome, WireRequest } from './transport.js'

/** Below what servers allow, so that they are not the ones to close: a request may cross with a close. */
const IDLE_LIMIT_MS = 4000

/** Sends by node:http and node:https, with the agent given, or else with connections shared by the whole process. */
export function socketTransport(agent?: object): Transport {
  return (wire) => new SocketExchange(wire, agent)
}

class SocketExchange implements Exchange {
  readonly outcome: Promise<WireOutcome>
  readonly #wire: WireRequest
  readonly #agent: object | undefined
  #turn: NodeJS.Immediate
  readonly #handover = new Handover()
  #resolve: ((outcome: WireOutcome) => void) | undefined
  #request: ClientRequest | undefined

  constructor(wire: WireRequest, agent: object | undefined) {
    this.#wire = wire
    this.#agent = agent
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve
    })
    // An idle connection whose close has arrived is taken all the same unless the event loop gets a turn to see it. An
    // immediate that is set while answers are read comes before the next reading, so only a second one is a whole turn.
    this.#turn = setImmediate(() => {
      this.#turn = setImmediate(this.#send)
    })
  }

  readonly cancel = (): void => {
    if (this.#resolve === undefined) return
    clearImmediate(this.#turn)
    // Not by the events that follow: a request that waits in the agent's queue has none.
    this.#fail(new Error('given up'), this.#handover.isCertainlyAhead)
    this.#request?.destroy()
  }

  readonly #send = (): void => {
    try {
      this.#request = open(this.#wire, this.#agent)
      this.#request.on('socket', this.#follow)
      this.#request.on('response', this.#receive)
      this.#request.on('error', this.#failOnTheWay)
      this.#request.on('close', this.#failUnanswered)
      this.#request.end(this.#wire.body)
    } catch (failure) {
      // Nothing is handed over before the next tick.
      this.#fail(failure, true)
      this.#request?.destroy()
    }
  }

  readonly #follow = (socket: Socket): void => {
    this.#handover.follow(socket, this.#request?.reusedSocket === true)
  }

  readonly #receive = (response: IncomingMessage): void => {
    this.#handover.finish()
    this.#request?.off('close', this.#failUnanswered)
    const chunks: Buffer[] = []
    let length = 0
    const answer = (isCut: boolean): void => {
      this.#settle({
        // Every answer has one; the type is shared with requests, which have none.
        status: response.statusCode ?? 0,
        headers: new RawHeaders(response.rawHeaders),
        body: join(chunks, isCut ? this.#wire.maxAnswerBytes : length),
        isCut,
      })
    }
    response.on('data', (chunk: Buffer) => {
      if (this.#resolve === undefined) return
      chunks.push(chunk)
      length += chunk.length
      if (length <= this.#wire.maxAnswerBytes) return
      answer(true)
      this.#request?.destroy()
    })
    response.on('end', () => {
      answer(false)
    })
    response.on('error', this.#failOnTheWay)
    response.on('close', this.#failUnanswered)
  }

  readonly #failOnTheWay = (failure: unknown): void => {
    // A failure without a code, such as one that a test tool makes up, tells nothing about the connection.
    this.#fail(failure, !this.#handover.isDone && hasCode(failure))
  }

  readonly #failUnanswered = (): void => {
    // The last event of all: by then an answer or an error has come, but for such as a switch of protocols.
    if (this.#resolve !== undefined) this.#fail(new Error('closed before the end of the answer'), false)
  }

  #fail(failure: unknown, isUnsent: boolean): void {
    this.#settle({ failure, isUnsent })
  }

  #settle(outcome: WireOutcome): void {
    // The listeners stay, so that an error that comes later is not an unhandled one.
    this.#resolve?.(outcome)
    this.#resolve = undefined
  }
}

/** Whether the bytes of a request were handed to a connection, as far as events tell: what a socket counts does not. */
class Handover {
  isDone = false
  #socket: Socket | undefined

  follow(socket: Socket, isReused: boolean): void {
    this.#socket = socket
    // Bytes wait for a connection that is being made, and go nowhere on one that failed at once. Any other socket (kept
    // alive, or made by the agent of a proxy) takes them now.
    if (isReused || !(socket.connecting || socket.destroyed)) this.finish()
    else socket.once(isEncrypted(socket) ? 'secureConnect' : 'connect', this.finish)
  }

  readonly finish = (): void => {
    this.isDone = true
  }

  /** Whether no byte has left, seen from here and now, while no failure tells. */
  get isCertainlyAhead(): boolean {
    if (this.isDone) return false
    // A test tool's socket passes bytes on before it says that it is connected; a real one still holds them.
    return this.#socket === undefined || this.#socket.writableLength > 0
  }
}

function open({ url, method, headers, body }: WireRequest, agent: object | undefined): ClientRequest {
  const isSecure = url.protocol === 'https:'
  // By the modules' current members, as test tools replace these. Not with the URL itself: what Node makes of one is an
  // object that is slow to work with.
  return (isSecure ? https : http).request({
    protocol: url.protocol,
    // An address of IPv6 is in brackets only inside a URL.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    method,
    // Not by spreads, for the reason that ../attempt.ts gives.
    headers: Object.assign({}, headers, { host: url.host }, lengthOf(body)),
    // Checked by Node itself, which throws unless it is an agent.
    agent: (agent as http.Agent | undefined) ?? sharedAgent(isSecure),
  })
}

/** Nothing for no body: Node knows which methods then need a length. */
function lengthOf(body: string | Uint8Array): { 'content-length'?: number } {
  return body.length === 0 ? {} : { 'content-length': Buffer.byteLength(body) }
}

const shared: { plain?: http.Agent; secure?: https.Agent } = {}

function sharedAgent(isSecure: boolean): http.Agent {
  // To an agent, `timeout` limits how long a connection is idle, and a server's own hint lowers it.
  const options = { keepAlive: true, timeout: IDLE_LIMIT_MS }
  return isSecure ? (shared.secure ??= new https.Agent(options)) : (shared.plain ??= new http.Agent(options))
}

function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true
}

function hasCode(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
}

function join(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks
  return first?.length === length ? first : Buffer.concat(chunks, length)
}

/** No real Headers, which cost more than everything else here; and most answers' are never looked at. */
class RawHeaders implements AnswerHeaders {
  readonly #raw: readonly string[]
  #joined: Map<string, string> | undefined

  constructor(raw: readonly string[]) {
    this.#raw = raw
  }

  get(name: string): string | null {
    return this.#all.get(name.toLowerCase()) ?? null
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#all.entries()
  }

  get #all(): Map<string, string> {
    return (this.#joined ??= joinedHeaders(this.#raw))
  }
}

/** From names and values by turns. */
function joinedHeaders(raw: readonly string[]): Map<string, string> {
  const joined = new Map<string, string>()
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase()
    const value = String(raw[index + 1])
    const earlier = joined.get(name)
    joined.set(name, earlier === undefined ? value : `${earlier}, ${value}`)
  }
  return joined
}
