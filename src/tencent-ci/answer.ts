import { codes, errorCodes } from '../../generated/tencent-ci/error-codes.js'
import { errorElement } from '../../generated/tencent-ci/error-xml.js'
import type { ErrorResponse } from '../../generated/tencent-ci/noise-reduction/types.js'
import type { AnswerFormat, Decoded } from '../sending/answer.js'
import { decodeXml } from '../xml/decode.js'
import type { XmlElement } from '../xml/element.js'
import { XmlDecodeError } from '../xml/read.js'

/** How the answers of CI are read: a response of the job type, or the error document of CI or COS. */
export function answerFormat(responseElement: XmlElement, hasEssentials: (value: unknown) => boolean): AnswerFormat {
  return { decode: (text) => decode(text, responseElement), errorCodes, hasEssentials, refusesClock }
}

function decode(text: string, responseElement: XmlElement): Decoded {
  if (text === '') return { kind: 'unreadable', reason: 'the answer is empty' }
  try {
    const { root, value } = decodeXml(text, [responseElement, errorElement])
    if (root === responseElement) return { kind: 'result', value }
    // The table that shaped the value and its type come from one spec: text or nothing in every field.
    const { Code: code, Message: message, RequestId: requestId, TraceId: traceId } = value as ErrorResponse
    return {
      kind: 'error',
      value,
      document: {
        code: given(code),
        message: given(message),
        requestId: given(requestId),
        traceId: given(traceId),
      },
    }
  } catch (error) {
    if (!(error instanceof XmlDecodeError)) throw error
    return { kind: 'unreadable', reason: error.message }
  }
}

/** 436/40105: COS may say so in the message of an AccessDenied. */
function refusesClock(message: string): boolean {
  return message === 'Request has expired' || message === codes.RequestTimeTooSkewed
}

/** An empty element says nothing. */
function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
