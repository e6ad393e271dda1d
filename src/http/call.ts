import { RequestValidationError } from './errors.js'
import { decodeAnswer, interpret, unexpected, type AnswerFormat } from './interpret.js'
import { requestIdOf, type Operation } from './operation.js'
import { checkCallOptions, type CallOptions } from './options.js'
import { send, type Answer, type SendOptions } from './send.js'
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

/** One call through a generated client: checked, sent, read. */
export function call<Credentials extends object, Data>(
  call: {
    readonly operation: Operation
    readonly request: unknown
    readonly validator: Validator
    readonly format: AnswerFormat
    readonly sending: SendOptions<Credentials>
    readonly options: CallOptions | undefined
  },
  perform: (init: {
    fetch: (request: Request) => Promise<Response>
    signal?: AbortSignal
  }) => Promise<Data | undefined>,
): CallPromise<Data> {
  return callPromise(run())

  async function run(): Promise<CallResult<Data>> {
    const { operation, options, sending } = call
    checkCallOptions(options)
    if (options?.validate !== false) {
      const issues = findIssues(call.validator, call.request)
      if (issues.length > 0) throw new RequestValidationError(operation.name, issues)
    }
    let answer: Answer | undefined
    const data = await perform({
      ...(options?.signal === undefined ? {} : { signal: options.signal }),
      fetch: async (request) => {
        answer = await send(request, operation, { ...sending, timeoutMs: options?.timeoutMs ?? sending.timeoutMs })
        return responseOf(answer, interpret(answer, operation, call.format))
      },
    })
    if (data === undefined || answer === undefined) throw new Error('the generated client sent nothing')
    const { status, headers, text } = answer
    return {
      data,
      response: new Response(text, { status, headers }),
      requestId: requestIdOf(headers, operation),
      attempts: 1,
    }
  }
}

/**
 * What the raw client's fetch does: signs, sends, and hands on the provider's document as JSON,
 * which is all that openapi-fetch reads. A body that cannot be decoded stays text on the error path.
 *
 * @throws UnexpectedResponseError if a success cannot be decoded
 */
export async function rawFetch<Credentials extends object>(
  request: Request,
  operation: Operation,
  format: AnswerFormat,
  sending: SendOptions<Credentials>,
): Promise<Response> {
  const answer = await send(request, operation, sending)
  const decoded = decodeAnswer(answer, format)
  if (decoded.kind !== 'unreadable') return responseOf(answer, decoded.json)
  if (answer.status >= 300) return responseOf(answer, answer.text)
  throw unexpected(answer, operation, decoded.reason)
}

function responseOf(answer: Answer, text: string): Response {
  const headers = new Headers(answer.headers)
  // They told the length and coding of the provider's bytes, not of this text.
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name)
  return new Response(text === '' ? null : text, { status: answer.status, headers })
}

function callPromise<Data>(result: Promise<CallResult<Data>>): CallPromise<Data> {
  const data = result.then((whole) => whole.data)
  return Object.assign(data, {
    withResponse: () => {
      // The caller waits for the other promise; this one must not count as unhandled.
      data.catch(() => undefined)
      return result
    },
  })
}
