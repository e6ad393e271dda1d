import type { UnsignedRequest } from '../sending/attempt.js'

// A real Request and Response cost more than all the rest of a call. openapi-fetch needs only parts of them: it makes
// the request, hands it to fetch, and reads of the response its status, its length and its JSON.

class PartsOfRequest {
  readonly parts: UnsignedRequest

  constructor(url: string, { method, headers, body }: { method: string; headers: Headers; body?: string }) {
    this.parts = { method, url: new URL(url), headers: Object.fromEntries(headers), body: body ?? '' }
  }
}

// For openapi-fetch it is only something to construct.
export const LightRequest = PartsOfRequest as unknown as typeof Request

/** The parts of a request that was made of `LightRequest`. */
export function partsOf(request: Request): UnsignedRequest {
  // The generated client that was given LightRequest makes no other.
  return (request as unknown as PartsOfRequest).parts
}

/** A successful response whose JSON is already parsed. */
export function lightResponse(value: unknown): Response {
  const response = {
    ok: true,
    status: 200,
    // With a length openapi-fetch asks for the JSON, and not for a text to parse.
    headers: { get: (name: string) => (name.toLowerCase() === 'content-length' ? '1' : null) },
    json: () => Promise.resolve(value),
  }
  // What openapi-fetch reads of a response is there.
  return response as unknown as Response
}
