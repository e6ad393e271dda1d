import { provider as huaweiVod } from '../../generated/huawei-vod/provider.js'
import { provider as tencentCi } from '../../generated/tencent-ci/provider.js'
import type { Answer, ArrivedRequest, Delivery } from './exchange.js'

/** The response headers that a page may read. Unlike the emulator, the services do not allow pages, which have no keys. */
const names = [...Object.values(huaweiVod.headers), ...Object.values(tencentCi.headers), 'Retry-After']
const EXPOSED = [...new Set(names)].join(', ')

/** The response to a browser's preflight request; undefined for any other request. */
export function preflight({ method, headers }: ArrivedRequest): Answer | undefined {
  const requested = headers['access-control-request-method']
  if (method !== 'OPTIONS' || requested === undefined) return undefined
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': requested,
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': '600',
    },
    body: '',
  }
}

/** Allows a page to read the response, and the headers that a client needs. */
export function withCors(request: ArrivedRequest, delivery: Delivery): Delivery {
  if (request.headers['origin'] === undefined || !('answer' in delivery)) return delivery
  const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED }
  return { ...delivery, answer: { ...delivery.answer, headers: { ...delivery.answer.headers, ...cors } } }
}
