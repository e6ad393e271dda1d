import type http from 'node:http'
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AnswerHeaders, Exchange, Transport, WireOutcome, WireRequest } from './transport.js'
import { plainFailure, refusedHere } from './failure-reason.js'
import { Handover } from './handover.js'

// Built-in modules are not imported: an import of this library would load them before the first call, and read all their
// exports, some of which load further modules. These two are not the global ones, as test tools replace them.
const { clearImmediate, setImmediate } = process.getBuiltinModule('node:timers')

/** Shorter than the idle limits of servers: a request may cross with a server's close. */
const IDLE_LIMIT_MS = 4000
/** The limit for idempotent requests to a server that names its own: one that crosses with a close is sent again. */
const NAMED_IDLE_LIMIT_MS = 60_000

/** Sends by node:http and node:https, with the given agent or with connections that the whole process shares. */
export function socketTransport(agent?: object): Transport {
  return (wire) => new SocketExchange(wire, agent)
}

class SocketExchange implements Exchange {
  readonly outcome: Promise<WireOutcome>
  readonly #wire: WireRequest
  readonly #agent: object | undefined
  #turn: NodeJS.Immediate
  readonly #handover: Handover
  #resolve: ((outcome: WireOutcome) => void) | undefined
  #request: ClientRequest | undefined

  constructor(wire: WireRequest, agent: object | undefined) {
    this.#wire = wire
    this.#agent = agent
    this.#handover = new Handover(wire.endIfLate ?? (() => undefined))
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve
    })
    // Node reuses an idle connection even if its close has arrived, until an event loop turn has read the close. An
    // immediate that is set while responses are read comes before the next read, so only a second one is a full turn.
    this.#turn = setImmediate(() => {
      this.#turn = setImmediate(this.#send)
    })
  }

  readonly cancel = (): void => {
    if (this.#resolve === undefined) return
    clearImmediate(this.#turn)
    // Settled here, as a request in the agent's queue has no events.
    this.#settle({ failure: plainFailure('cancelled'), isUnsent: this.#handover.isCertainlyAhead })
    this.#request?.destroy()
  }

  readonly #send = (): void => {
    try {
      this.#request = open(this.#wire, this.#agent)
      this.#request.on('socket', this.#handover.follow)
      this.#request.on('response', this.#receive)
      this.#request.on('error', this.#failOnTheWay)
      this.#request.on('close', this.#failUnanswered)
      this.#request.end(this.#wire.body)
    } catch (failure) {
      this.#settle(refusedHere(failure))
      this.#request?.destroy()
    }
  }

  readonly #receive = (response: IncomingMessage): void => {
    this.#handover.finish()
    this.#request?.off('close', this.#failUnanswered)
    if (response.headers['keep-alive'] !== undefined) namedByServer.add(response.socket)
    const chunks: Buffer[] = []
    let length = 0
    const answer = (isTruncated: boolean): void => {
      this.#settle({
        // Every response has one; the type is shared with requests, which have none.
        status: response.statusCode ?? 0,
        headers: new RawHeaders(response.rawHeaders),
        body: join(chunks, isTruncated ? this.#wire.maxAnswerBytes : length),
        isTruncated,
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

  readonly #failOnTheWay = (thrown: unknown): void => {
    const failure = plainFailure(thrown)
    // A failure without a code, such as one of a test tool, proves nothing about the connection.
    this.#settle({ failure, isUnsent: !this.#handover.isDone && failure.hasOwnCode })
  }

  readonly #failUnanswered = (): void => {
    // The last event. A response or an error came before it, except after a protocol switch.
    if (this.#resolve === undefined) return
    this.#settle({ failure: plainFailure('closed before the end of the response'), isUnsent: false })
  }

  #settle(outcome: WireOutcome): void {
    // The listeners stay, so that a later error is not unhandled.
    this.#resolve?.(outcome)
    this.#resolve = undefined
  }
}

function open({ url, method, headers, body, isIdempotent }: WireRequest, agent: object | undefined): ClientRequest {
  const isSecure = url.protocol === 'https:'
  // The modules' current members, as test tools replace them. Not the URL itself: Node turns it into a slow object.
  return moduleFor(isSecure).request({
    protocol: url.protocol,
    // An IPv6 address has brackets only in a URL.
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    method,
    // Not by spreads, for the reason in sending/attempt.ts.
    headers: Object.assign({}, headers, { host: url.host }, lengthOf(body)),
    // Node throws unless it is an agent.
    agent: (agent as Agent | undefined) ?? sharedAgent(isSecure, isIdempotent),
  })
}

function moduleFor(isSecure: boolean): Pick<typeof http, 'Agent' | 'globalAgent' | 'request'> {
  return process.getBuiltinModule(isSecure ? 'node:https' : 'node:http')
}

/** Empty without a body: Node adds the length where the method requires one. */
function lengthOf(body: string | Uint8Array): { 'content-length'?: number } {
  return body.length === 0 ? {} : { 'content-length': Buffer.byteLength(body) }
}

const shared = new Map<string, Agent>()

/**
 * Submissions have their own connections, which never idle for longer than the limit that is safe with every server.
 */
function sharedAgent(isSecure: boolean, isIdempotent: boolean): Agent {
  const key = `${isSecure ? 'secure' : 'plain'} ${isIdempotent ? 'idempotent' : 'submit'}`
  const known = shared.get(key)
  if (known !== undefined) return known
  // The agent's `timeout` is the idle limit of a connection; a server's Keep-Alive header lowers it.
  const timeout = isIdempotent ? NAMED_IDLE_LIMIT_MS : IDLE_LIMIT_MS
  // When a kept connection breaks, Deno sends its request again, even one that was cancelled.
  const keepAlive = isIdempotent || !('Deno' in globalThis)
  const options = { keepAlive, timeout, proxyEnv: proxyEnv(isSecure) }
  const agent = new (moduleFor(isSecure).Agent)(options)
  if (isIdempotent) limitUnnamed(agent)
  shared.set(key, agent)
  return agent
}

/** What HTTP_PROXY and its like say, if NODE_USE_ENV_PROXY is set; undefined otherwise, and before Node 22.21. */
function proxyEnv(isSecure: boolean): unknown {
  // Node gives them to its own agent. The types of Node 20 lack the option.
  const { options } = moduleFor(isSecure).globalAgent as { readonly options?: { readonly proxyEnv?: unknown } }
  return options?.proxyEnv
}

/** The connections whose server has named its idle limit. */
const namedByServer = new WeakSet<Socket>()

/** Keeps a connection to a server that names no idle limit for as long as for a submission. */
function limitUnnamed(agent: Agent): void {
  // Declared void, but the agent closes the connection unless it is true.
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean
  const { Socket } = process.getBuiltinModule('node:net')
  agent.keepSocketAlive = (socket) => {
    const isKept = keep(socket)
    if (socket instanceof Socket && !namedByServer.has(socket)) socket.setTimeout(IDLE_LIMIT_MS)
    return isKept
  }
}

function join(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks
  return first?.length === length ? first : Buffer.concat(chunks, length)
}

/** Not Headers, whose creation costs more than everything else here. Most headers are never read. */
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

/** From a list of alternating names and values. */
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
