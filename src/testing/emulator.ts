import { createAssets, type Asset } from './huawei-vod/assets.js'
import { preflight, withCors } from './cors.js'
import type { Answer, ArrivedRequest, Call, Delivery, Service } from './exchange.js'
import { createFaults, type Fault, type FaultPlan } from './faults.js'
import { asFetch } from './fetch.js'
import { emulateHuaweiVod, isForHuaweiVod } from './huawei-vod/service.js'
import { createIds } from './ids.js'
import { createJobs, type Job } from './tencent-ci/jobs.js'
import { listen, type ListenOptions, type Listening } from './listen.js'
import { emulatorSettings, type EmulatorOptions, type EmulatorSettings, type RecordedRequest } from './options.js'
import { emulateTencentCi } from './tencent-ci/service.js'

export interface Emulator {
  /** Answers a request as the provider would. Fits wherever the built-in fetch does. */
  readonly fetch: typeof fetch
  /** Serves over HTTP. Needs Node, Bun or Deno. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>
  /** What arrived, oldest first. Only the last 10,000 are kept. */
  readonly requests: readonly RecordedRequest[]
  /** How many requests were dropped from `requests` because there were more. */
  readonly droppedRequests: number
  /** The assets as they are now. */
  readonly assets: () => Asset[]
  /** The jobs that were submitted, as they are now, oldest first. */
  readonly jobs: () => Job[]
  /**
   * Lets the next calls of an operation go wrong. Several plans for one operation come true one after the other.
   *
   * @throws TypeError for an operation, code or fault that does not exist
   */
  readonly fail: (plan: FaultPlan) => void
  /** Makes it as it was at the start: assets, jobs, requests, ids, faults, locked keys. */
  readonly reset: () => void
  /** The options in force, defaults included. */
  readonly options: EmulatorSettings
}

const KEPT_REQUESTS = 10_000
const utf8 = new TextDecoder()

/**
 * A local stand-in for both services: checks signatures, validates against the spec, holds assets and jobs, answers as
 * the pages show.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const settings = emulatorSettings(options)
  const requests: RecordedRequest[] = []
  const faults = createFaults()
  let droppedRequests = 0
  let state = start(settings)

  async function exchange(request: ArrivedRequest): Promise<Delivery> {
    const asked = preflight(request)
    if (asked !== undefined) return { kind: 'answer', answer: asked }
    const service = isForHuaweiVod(request.url) ? state.huaweiVod : state.tencentCi
    const call = service.receive(request)
    const fault = faults.take(call.operation)
    const delivery = withCors(request, await deliver(call, service, fault))
    record({
      method: request.method,
      url: request.url.href,
      headers: request.headers,
      body: utf8.decode(request.body),
      operation: call.operation,
      status: 'answer' in delivery ? delivery.answer.status : undefined,
      code: 'answer' in delivery ? delivery.answer.code : undefined,
      fault: fault?.kind,
    })
    return delivery
  }

  function record(request: RecordedRequest): void {
    if (requests.push(request) > KEPT_REQUESTS) {
      requests.shift()
      droppedRequests += 1
    }
    options.onRequest?.(request)
  }

  return {
    fetch: asFetch(exchange),
    listen: (where) => listen(exchange, where),
    requests,
    get droppedRequests() {
      return droppedRequests
    },
    assets: () => state.assets.list(),
    jobs: () => state.jobs.list(),
    fail: (plan) => {
      faults.add(plan, [state.huaweiVod, state.tencentCi])
    },
    reset: () => {
      state = start(settings)
      faults.clear()
      requests.length = 0
      droppedRequests = 0
    },
    options: settings,
  }
}

function start(settings: EmulatorSettings) {
  const assets = createAssets(settings)
  const jobs = createJobs(settings)
  const ids = createIds(settings.seed)
  return {
    assets,
    jobs,
    huaweiVod: emulateHuaweiVod(settings, assets, ids),
    tencentCi: emulateTencentCi(settings, jobs, ids),
  }
}

/** What a caller sees of a call that a fault may have befallen. */
async function deliver(call: Call, service: Service, fault: Fault | undefined): Promise<Delivery> {
  if (fault === undefined) return { kind: 'answer', answer: await call.run() }
  if ('executes' in fault && fault.executes) await call.run()
  switch (fault.kind) {
    case 'error':
      return { kind: 'answer', answer: await service.refuse(fault) }
    case 'throttle': {
      const answer = await service.refuse({
        ...service.throttled,
        ...(fault.message !== undefined && { message: fault.message }),
      })
      return { kind: 'answer', answer: withRetryAfter(answer, fault.retryAfter) }
    }
    case 'html':
      return { kind: 'answer', answer: proxyPage(fault.status ?? 502) }
    case 'truncated':
      return { kind: 'answer', answer: half(await call.run()) }
    case 'slow':
      return { kind: 'answer', answer: await call.run(), delayMs: fault.delayMs }
    case 'reset-inside':
      return { kind: 'reset-inside', answer: await call.run() }
    case 'reset':
      return { kind: 'reset' }
    case 'silence':
      return { kind: 'reset', delayMs: Infinity }
  }
}

function withRetryAfter(answer: Answer, retryAfter: string | undefined): Answer {
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } }
}

function half(answer: Answer): Answer {
  return { ...answer, body: answer.body.slice(0, answer.body.length / 2) }
}

/** As a proxy writes it that knows nothing of the provider. */
function proxyPage(status: number): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html><head><title>${String(status)}</title></head><body><h1>${String(status)}</h1><hr>proxy</body></html>`,
  }
}
