import { MAX_BODY_BYTES, type ArrivedRequest, type Delivery } from './exchange.js'
import { wait } from './wait.js'

/** Behaves like the built-in fetch: returns a response, or rejects as fetch does if a connection fails. */
export function asFetch(exchange: (request: ArrivedRequest) => Promise<Delivery>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers, signal } = request
    signal.throwIfAborted()
    const delivery = await exchange({
      method,
      url: new URL(url),
      headers: Object.fromEntries(headers),
      body: await bodyOf(request),
    })
    if (delivery.delayMs !== undefined) await wait(delivery.delayMs, signal)
    if (delivery.kind === 'reset') throw reset('fetch failed')
    const { status, headers: answered, body } = delivery.answer
    // The constructor accepts no body with this status, not even an empty one.
    const content = status === 204 ? null : delivery.kind === 'reset-inside' ? brokenBody(body) : body
    return new Response(content, { status, headers: answered })
  }
}

/** Reads no further than the limit, except in Firefox, whose requests have no `body`. */
async function bodyOf(request: Request): Promise<Uint8Array | undefined> {
  const limited = request.body?.pipeThrough(limit(), request)
  const bytes = new Uint8Array(await (limited === undefined ? request : new Response(limited)).arrayBuffer())
  return bytes.length > MAX_BODY_BYTES ? undefined : bytes
}

function limit(): TransformStream<Uint8Array, Uint8Array> {
  let length = 0
  return new TransformStream({
    transform: (chunk, controller) => {
      controller.enqueue(chunk)
      length += chunk.length
      if (length > MAX_BODY_BYTES) controller.terminate()
    },
  })
}

function brokenBody(body: string): ReadableStream {
  const bytes = new TextEncoder().encode(body)
  let sent = false
  return new ReadableStream({
    pull: (controller) => {
      if (sent) controller.error(reset('terminated'))
      else controller.enqueue(bytes.subarray(0, bytes.length / 2))
      sent = true
    },
  })
}

/** The error of Node's fetch, with its code. */
function reset(message: string): TypeError {
  return new TypeError(message, { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
}
