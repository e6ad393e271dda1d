import { isText } from './checks.js'
import { ApiError, UnexpectedResponseError } from './errors.js'
import { excerptOf } from './excerpt.js'
import { requestIdOf, type ErrorCode, type Operation } from './operation.js'
import type { Answer } from './send.js'

/** What a provider's error document says. */
interface ErrorDocument {
  readonly code: string | undefined
  readonly message: string | undefined
  readonly requestId: string | undefined
  readonly traceId: string | undefined
}

/** How a provider's answers are to be read. */
export interface AnswerFormat {
  /** The value in the body, also as JSON, or why there is none. */
  readonly decode: (text: string) => Decoded
  readonly errorCodes: Readonly<Record<string, ErrorCode>>
  /** What more there is to say of an error, from what was signed. */
  readonly explain?: (message: string, canonicalRequest: string) => string | undefined
  /** The generated check that the answer holds what it is useless without. */
  readonly hasEssentials: (value: unknown) => boolean
}

export type Decoded =
  | { readonly kind: 'result'; readonly value: unknown; readonly json: string }
  | { readonly kind: 'error'; readonly document: ErrorDocument; readonly json: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

const EXCERPT_LENGTH = 200

/**
 * The result in an answer, as JSON. Whatever else the answer holds is kept; only the essentials are demanded.
 *
 * @throws ApiError if it is an error document, under any status
 * @throws UnexpectedResponseError if it is neither that nor a result
 */
export function interpret(answer: Answer, operation: Operation, format: AnswerFormat): string {
  const decoded = decodeAnswer(answer, format)
  if (decoded.kind === 'error') throw apiError(answer, operation, format, decoded.document)
  const succeeded = answer.status >= 200 && answer.status < 300
  if (decoded.kind === 'result' && succeeded && format.hasEssentials(decoded.value)) return decoded.json
  throw unexpected(answer, operation, reasonOf(decoded, succeeded))
}

/** The provider's document in an answer, whatever the status. */
export function decodeAnswer(answer: Answer, format: AnswerFormat): Decoded {
  return answer.problem === undefined ? format.decode(answer.text) : { kind: 'unreadable', reason: answer.problem }
}

/** The error for an answer that is neither a result nor an error document. */
export function unexpected(answer: Answer, operation: Operation, reason: string): UnexpectedResponseError {
  return new UnexpectedResponseError(
    reason,
    {
      status: answer.status,
      requestId: requestIdOf(answer.headers, operation),
      // Cut after scrubbing, or half a secret could stay at the end.
      excerpt: excerptOf(answer.scrub(answer.text), EXCERPT_LENGTH),
      ids: idsIn(answer.text, operation.idFields),
    },
    { operation: operation.name, attempts: 1, mayHaveRun: true },
  )
}

function apiError(answer: Answer, operation: Operation, format: AnswerFormat, document: ErrorDocument): ApiError {
  const { code } = document
  const known = code !== undefined && Object.hasOwn(format.errorCodes, code) ? format.errorCodes[code] : undefined
  const header = operation.traceIdHeader === undefined ? null : answer.headers.get(operation.traceIdHeader)
  return new ApiError(
    {
      status: answer.status,
      code: code === undefined ? undefined : answer.scrub(code),
      message: answer.scrub(document.message ?? known?.meaning ?? 'the provider gave no message'),
      requestId: requestIdOf(answer.headers, operation) ?? document.requestId,
      traceId: isText(header) ? header : document.traceId,
    },
    {
      operation: operation.name,
      attempts: 1,
      // Only a code that the spec lists as a refusal, under a status it lists for it, says that nothing ran.
      mayHaveRun: !(known?.refusal === true && isRefusalStatus(answer.status, known)),
      hint: hintOf(answer, operation, format, known, document.message),
    },
  )
}

/** A known refusal keeps its meaning under 2xx; under a status it is not known with, a server error is not ruled out. */
function isRefusalStatus(status: number, known: ErrorCode): boolean {
  return known.status.includes(status) || (status >= 200 && status < 300)
}

function hintOf(
  answer: Answer,
  operation: Operation,
  format: AnswerFormat,
  known: ErrorCode | undefined,
  message: string | undefined,
): string | undefined {
  if (known?.cure === 'permission') {
    return `${known.hint} Needed for ${operation.name}: ${operation.permissions.join(', ')}.`
  }
  const { canonicalRequest } = answer
  const explained =
    message === undefined || canonicalRequest === undefined ? undefined : format.explain?.(message, canonicalRequest)
  return explained === undefined ? known?.hint : answer.scrub(explained)
}

function reasonOf(decoded: Decoded, succeeded: boolean): string {
  if (decoded.kind === 'unreadable') return decoded.reason
  return succeeded ? 'the answer lacks what the operation must return' : 'the answer holds no error document'
}

/**
 * Ids in JSON or XML text that may be broken: somebody paid for what they name. In JSON a string or a number behind the
 * name in quotes; in XML what follows the start tag, which may have attributes or a CDATA section.
 */
function idsIn(text: string, idFields: readonly string[]): string[] {
  const ids = idFields.flatMap((field) =>
    [
      ...text.matchAll(
        new RegExp(
          `"${field}"\\s*:\\s*(?:"|(?=\\d))([\\w-]{1,128})|[<:]${field}(?:\\s[^<>]*)?>(?:<!\\[CDATA\\[)?\\s*([\\w-]{1,128})`,
          'g',
        ),
      ),
    ].map(([, inJson, inXml]) => inJson ?? inXml ?? ''),
  )
  return [...new Set(ids)]
}
