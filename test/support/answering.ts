import { http, HttpResponse } from 'msw'
import { setupServer, type SetupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'

/** A request as it left the client. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** An answer as it would stand on the wire. */
export interface WireAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** MSW for a test file: nothing reaches the network, and `answer` says what comes back. */
export function useAnswers(): { answer: (answer: WireAnswer) => SentRequest[] } {
  const server: SetupServer = setupServer()
  beforeAll(() => {
    server.listen({ onUnhandledRequest: 'error' })
  })
  afterEach(() => {
    server.resetHandlers()
  })
  afterAll(() => {
    server.close()
  })
  return {
    /** Answers every request so, and lists the requests that came. */
    answer: ({ status, contentType, body, headers }) => {
      const sent: SentRequest[] = []
      server.use(
        http.all(/.*/, async ({ request }) => {
          sent.push({
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: await request.clone().text(),
          })
          return new HttpResponse(body === '' ? null : body, {
            status,
            headers: { 'content-type': contentType, ...headers },
          })
        }),
      )
      return sent
    },
  }
}
