import { errorCodes } from '../../generated/huawei-vod/error-codes.js'
import type { ErrorResponse } from '../../generated/huawei-vod/types.js'
import type { AnswerFormat, Decoded } from '../http/interpret.js'
import { isRecord } from '../http/checks.js'
import { explainSignatureRefusal } from './signature-refusal.js'

/** How the answers of VOD, and of the gateway before it, are read. */
export function answerFormat(hasEssentials: (value: unknown) => boolean): AnswerFormat {
  return { decode, errorCodes, hasEssentials, explain: explainSignatureRefusal }
}

function decode(text: string): Decoded {
  if (text === '') return { kind: 'unreadable', reason: 'the answer is empty' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'unreadable', reason: 'the answer is no JSON' }
  }
  if (!isRecord(value) || Array.isArray(value)) return { kind: 'unreadable', reason: 'the answer is no JSON object' }
  // All its fields are optional, and each is checked below.
  const { error_code: code, error_msg: message, request_id: requestId } = value as ErrorResponse
  if (code === undefined && message === undefined) return { kind: 'result', value }
  return {
    kind: 'error',
    value,
    document: { code: textOf(code), message: textOf(message), requestId: textOf(requestId), traceId: undefined },
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
