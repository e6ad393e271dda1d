import { errorCodes } from '../../generated/huawei-vod/error-codes.js'
import type { ErrorResponse } from '../../generated/huawei-vod/types.js'
import type { AnswerFormat, Decoded } from '../sending/answer.js'
import { isRecord, isText } from '../type-guards.js'
import { explainSignatureRefusal } from './signature-refusal.js'
import { throttleWindowMs } from './throttle-message.js'

/** How the answers of VOD, and of the gateway before it, are read. */
export function answerFormat(hasEssentials: (value: unknown) => boolean): AnswerFormat {
  return { decode, errorCodes, hasEssentials, explain: explainSignatureRefusal, refusesClock, throttleWindowMs }
}

function decode(text: string): Decoded {
  const json = text.replace(/^\uFEFF/, '')
  if (json === '') return { kind: 'unreadable', reason: 'the answer is empty' }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { kind: 'unreadable', reason: 'the answer is no JSON' }
  }
  if (!isRecord(value) || Array.isArray(value)) return { kind: 'unreadable', reason: 'the answer is no JSON object' }
  // All its fields are optional, and each is checked here.
  const { error_code, error_msg, request_id } = value as ErrorResponse
  const [code, message, requestId] = [error_code, error_msg, request_id].map(given)
  if (code === undefined && message === undefined) return { kind: 'result', value }
  return { kind: 'error', document: { code, message, requestId, traceId: undefined }, value }
}

/** sis_04_0087: the gateway has no code of its own for a signing time that it does not accept. */
function refusesClock(message: string): boolean {
  return message.includes('signature expired')
}

/** Text as it is, a number as text; an empty text says nothing. */
function given(value: unknown): string | undefined {
  return isText(value) ? value : typeof value === 'number' ? String(value) : undefined
}
