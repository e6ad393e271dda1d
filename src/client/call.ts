import type { Answer } from '../sending/attempt.js'
import { RequestValidationError } from '../errors/errors.js'
import { decodeAnswer, type AnswerFormat } from '../sending/answer.js'
import { lightResponse, partsOf } from './light-fetch.js'
import { requestIdOf, type Operation } from '../sending/operation.js'
import { checkCallOptions, type CallOptions } from './options.js'
import type { Send } from '../sending/sender.js'
import { findIssues, type Validator } from './validation.js'

/** A result with what came along. */
export interface CallResult<Data> {
  readonly data: Data
  /** The answer as it came, its body still to be read. */
  readonly response: Response
  readonly requestId: string | undefined
  /** How many requests were sent. */
  readonly attempts: number
}

/** The promise of a result; `withResponse()` gives the whole answer instead. */
export interface CallPromise<Data> extends Promise<Data> {
  withResponse(): Promise<CallResult<Data>>
}

/** What a generated client is to post with. */
interface PostInit {
  readonly fetch: (request: Request) => Promise<Response>
  /** It would add the same, by a spread, which costs far more: see attempt.ts. */
  readonly method: string
}

/** What a call came to. */
interface Outcome<Data> {
  readonly data: Data
  readonly answer: Answer
  readonly attempts: number
}

/** One call through a generated client that makes light requests: checked, sent, read. */
export function call<Data>(
  call: {
    readonly operation: Operation
    readonly request: unknown
    readonly validator: Validator
    readonly format: AnswerFormat
    readonly send: Send
    readonly options: CallOptions | undefined
  },
  perform: (init: PostInit) => Promise<Data | undefined>,
): CallPromise<Data> {
  return callPromise(run(), call.operation)

  async function run(): Promise<Outcome<Data>> {
    const { operation, options, format } = call
    checkCallOptions(options)
    if (options?.validate !== false) {
      const issues = findIssues(call.validator, call.request)
      if (issues.length > 0) throw new RequestValidationError(operation.name, issues)
    }
    let sent: { readonly answer: Answer; readonly attempts: number } | undefined
    const fetch = async (request: Request): Promise<Response> => {
      const outcome = await call.send(partsOf(request), operation, format, options)
      if (outcome.kind === 'failed') throw outcome.error
      sent = outcome
      return lightResponse(outcome.value)
    }
    const data = await perform({ fetch, method: operation.method })
    if (data === undefined || sent === undefined) throw new Error('the generated client sent nothing')
    return { data, answer: sent.answer, attempts: sent.attempts }
  }
}

/**
 * What the raw client's fetch does: signs, sends, and hands on the provider's document as JSON,
 * which is all that openapi-fetch reads. A body that cannot be decoded stays text on the error path.
 *
 * @throws CloudMediaError if there is no answer, or a success that cannot be decoded
 */
export async function rawFetch(
  request: Request,
  operation: Operation,
  format: AnswerFormat,
  send: Send,
): Promise<Response> {
  const parts = {
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    body: new Uint8Array(await request.arrayBuffer()),
  }
  const sent = await send(parts, operation, { ...format, hasEssentials: () => true }, { signal: request.signal })
  if (sent.kind === 'result') return responseOf(sent.answer, JSON.stringify(sent.value))
  if (sent.answer === undefined) throw sent.error
  const decoded = decodeAnswer(sent.answer, format)
  if (decoded.kind !== 'unreadable') return responseOf(sent.answer, JSON.stringify(decoded.value))
  if (sent.answer.status >= 300) return responseOf(sent.answer, sent.answer.text)
  throw sent.error
}

function responseOf(answer: Answer, text: string): Response {
  const headers = new Headers([...answer.headers])
  // They told the length and coding of the provider's bytes, not of this text.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  return new Response(text === '' ? null : text, { status: answer.status, headers })
}

function callPromise<Data>(outcome: Promise<Outcome<Data>>, operation: Operation): CallPromise<Data> {
  const data = outcome.then((whole) => whole.data)
  return Object.assign(data, {
    withResponse: () => {
      // The caller waits for the other promise; this one must not count as unhandled.
      data.catch(() => undefined)
      // What comes along is made only if it is asked for: the id may be an echo, and is looked through for secrets.
      return outcome.then(({ data, answer, attempts }) => ({
        data,
        attempts,
        response: responseOf(answer, answer.text),
        requestId: requestIdOf(answer.headers, operation, answer.scrub),
      }))
    },
  })
}
