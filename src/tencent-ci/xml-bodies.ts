import type { TencentErrorResponse } from '../../generated/tencent-ci/types.js'
import { errorElement } from '../../generated/tencent-ci/xml.js'
import type { Bodies, OperationRow } from '../client/operation-row.js'
import { RequestValidationError } from '../errors/errors.js'
import type { Decoded } from '../sending/operation.js'
import { shapeXml, UNEXPECTED, unshapedXml } from '../xml/decode.js'
import { encodeXml, XmlEncodeError } from '../xml/encode.js'
import { readXml, XmlDecodeError } from '../xml/read.js'

/** The bodies of CI, and the error response of COS in front of it. */
export const xmlBodies: Bodies = { encode, decode }

function encode(value: unknown, { name, requestBody }: OperationRow): string {
  // Generation rejects a body of another format, or without a table.
  if (requestBody?.xml === undefined) throw new Error(`${name} has no XML table`)
  try {
    return encodeXml(requestBody.xml, value)
  } catch (error) {
    if (!(error instanceof XmlEncodeError)) throw error
    throw new RequestValidationError(name, [{ path: error.path, message: error.message }])
  }
}

function decode(text: string, row: OperationRow | undefined): Decoded {
  if (text === '') {
    const hasNoBody = row?.response.contentType === undefined
    return hasNoBody ? { kind: 'result', value: undefined } : { kind: 'unreadable', reason: 'the response is empty' }
  }
  try {
    const document = readXml(text)
    if (row === undefined && document.name !== errorElement.name) {
      return { kind: 'result', value: unshapedXml(document.content) }
    }
    const expected = row?.response.xml
    const { root, value } = shapeXml(document, expected === undefined ? [errorElement] : [expected, errorElement])
    if (root !== errorElement) return { kind: 'result', value }
    // The table that shaped the value and its type come from one spec: text or nothing in every field.
    const { Code, Message, RequestId, TraceId } = value as TencentErrorResponse
    // Of two codes neither proves anything; the second one is among what the table does not expect.
    const { Code: second } = { ...(value[UNEXPECTED] as object) } as { readonly Code?: unknown }
    const only = second === undefined ? Code : undefined
    const [code, message, requestId, traceId] = [only, Message, RequestId, TraceId].map(textOf)
    return { kind: 'error', value, document: { code, message, requestId, traceId } }
  } catch (error) {
    if (!(error instanceof XmlDecodeError)) throw error
    return { kind: 'unreadable', reason: error.message }
  }
}

/** An empty element has no meaning. */
function textOf(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
