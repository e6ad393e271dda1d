import type { EmulatorOptions } from '../../src/testing/index.js'
import { emulated, type Emulated } from './emulated.js'

/** A request as a receiver got it. */
interface ReceivedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** An emulator that calls back in process. */
export interface CalledBack extends Emulated {
  /** What the receiver got. */
  readonly requests: readonly ReceivedRequest[]
  /** What it responds with, one after the other; then with 200. */
  readonly responses: (Response | Promise<Response>)[]
}

export function calledBack({ callbacks, ...options }: EmulatorOptions = {}): CalledBack {
  const requests: ReceivedRequest[] = []
  const responses: (Response | Promise<Response>)[] = []
  async function receive(request: Request): Promise<Response> {
    const { method, url, headers } = request
    requests.push({ method, url, headers, body: await request.text() })
    return responses.shift() ?? new Response()
  }
  return { ...emulated({ callbacks: { fetch: receive, ...callbacks }, ...options }), requests, responses }
}
