import * as huaweiVod from '../../generated/huawei-vod/operations.js'
import * as voiceSeparate from '../../generated/tencent-ci/voice-separate/operations.js'
import type { Answer, ArrivedRequest, Delivery } from './exchange.js'

/** So that a page can talk to the emulator. The services themselves do not let a page in: a key has no place there. */
const { requestIdHeader, dateHeader } = huaweiVod.createExtractAudioTask
const tencent = voiceSeparate.createVoiceSeparateJob
const EXPOSED = [requestIdHeader, dateHeader, tencent.requestIdHeader, tencent.traceIdHeader, 'Retry-After'].join(', ')

/** The answer to a browser that asks whether it may send a request; undefined for any other request. */
export function preflight({ method, headers }: ArrivedRequest): Answer | undefined {
  const asked = headers['access-control-request-method']
  if (method !== 'OPTIONS' || asked === undefined) return undefined
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': asked,
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': '600',
    },
    body: '',
  }
}

/** Lets a page read the answer to its request, and the headers that a client needs. */
export function withCors(request: ArrivedRequest, delivery: Delivery): Delivery {
  if (request.headers['origin'] === undefined || !('answer' in delivery)) return delivery
  const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED }
  return { ...delivery, answer: { ...delivery.answer, headers: { ...delivery.answer.headers, ...cors } } }
}
