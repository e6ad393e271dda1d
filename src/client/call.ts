import type { Answer } from '../sending/answer.js'
import { requestIdOf } from '../sending/failure.js'
import type { Provider } from '../sending/provider.js'
import { responseOf } from './response.js'

/** A result with its response. */
export interface CallResult<Data> {
  /** The result, as the method returns it. */
  readonly data: Data
  /** The provider's response with its unread body. */
  readonly response: Response
  /** The provider's ID of the request; undefined if the response has none. */
  readonly requestId: string | undefined
  /** Number of requests that were sent. */
  readonly attempts: number
}

/** The promise of a result. `withResponse()` resolves with the response as well. */
export interface CallPromise<Data> extends Promise<Data> {
  /** The result with its response; rejects with the errors of the call. */
  withResponse(): Promise<CallResult<Data>>
}

/** The outcome of a call. */
export interface Outcome<Data> {
  readonly data: Data
  readonly answer: Answer
  readonly attempts: number
}

/** The promise that a method returns. */
export function callPromise<Data>(outcome: Promise<Outcome<Data>>, provider: Provider): CallPromise<Data> {
  const data = outcome.then((settled) => settled.data)
  return Object.assign(data, {
    withResponse: () => {
      // The caller waits for the other promise, so this one must not count as unhandled.
      data.catch(() => undefined)
      return outcome.then(({ data, answer, attempts }) => ({
        data,
        attempts,
        response: responseOf(answer, answer.text),
        requestId: requestIdOf(answer, provider),
      }))
    },
  })
}
