import { createAssets } from './huawei-vod/assets.js'
import { createCallbacks, type Callbacks } from './callbacks.js'
import { control } from './control.js'
import { preflight, withCors } from './cors.js'
import type { RecordedCallback } from './deliveries.js'
import type { Answer, ArrivedRequest, Call, Delivery, Service } from './exchange.js'
import { checkFaultPlan, type Fault, type FaultPlan } from './faults.js'
import { asFetch } from './fetch.js'
import { emulateHuaweiVod, isForHuaweiVod } from './huawei-vod/service.js'
import { createIds } from './ids.js'
import { createJobs, type Job } from './tencent-ci/jobs.js'
import { listen, type ListenOptions, type Listening } from './listen.js'
import {
  emulatorSettings,
  type Asset,
  type EmulatorOptions,
  type EmulatorSettings,
  type RecordedRequest,
} from './options.js'
import { Plans, type Submissions } from './plans.js'
import { settle, type Outcome } from './settle.js'
import { serveCertificate, smnCertificate } from './smn-certificate.js'
import { emulateTencentCi } from './tencent-ci/service.js'

/** A local emulator of both services. */
export interface Emulator {
  /** Responds as the provider would. Has the type of the built-in fetch. */
  readonly fetch: typeof fetch
  /** Serves over HTTP. Requires Node, Bun, or Deno. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>
  /** The requests that arrived, oldest first, at most the last 10,000. */
  readonly requests: readonly RecordedRequest[]
  /** Number of older requests that `requests` no longer has. */
  readonly droppedRequests: number
  /** The callbacks that the emulator has sent or tried to send, oldest first, at most the last 10,000. */
  readonly callbacks: readonly RecordedCallback[]
  /**
   * Resolves once the callbacks of all finished jobs and extractions are delivered, or their retries have failed.
   */
  readonly callbacksDone: () => Promise<void>
  /**
   * The certificate of the messages that the emulator sends through SMN, in PEM, for the option of verifySmnMessage. A
   * listening emulator also serves it at the path of `signing_cert_url`.
   */
  readonly fetchCertificate: () => Promise<string>
  /** The assets in their current state. */
  readonly assets: () => Asset[]
  /** The submitted jobs in their current state, oldest first. */
  readonly jobs: () => Job[]
  /**
   * Injects a fault into the next calls of an operation. Several plans for one operation take effect one after the other.
   *
   * @throws TypeError for an operation, code, or fault that does not exist
   */
  readonly fail: (plan: FaultPlan) => void
  /**
   * Sets the outcome of a job or an asset: at once for an ID, otherwise for the next submissions that match. These
   * continue as usual until they reach the state: `Submitted`, `Pause`, `Cancel`, and a missing asset apply at once,
   * `Running` when the job starts, and all others when it would finish. No other state follows, unless a later call sets
   * one.
   *
   * @throws TypeError for an ID that does not exist, and for an outcome that would never take effect
   */
  readonly settle: (target: string | Submissions, outcome: Outcome) => void
  /**
   * Restores the initial state: assets, jobs, requests, callbacks, IDs, faults, planned outcomes, and locked keys.
   * Callbacks that are not delivered yet are canceled.
   */
  readonly reset: () => void
  /** The resolved options. */
  readonly options: EmulatorSettings
}

const KEPT_REQUESTS = 10_000
const KEPT_CALLBACKS = 10_000
const utf8 = new TextDecoder()

/**
 * Creates a local emulator of both services. It checks signatures, validates requests against the spec, keeps assets and
 * jobs, and responds as the provider pages show. An operation that it does not implement responds with its documented
 * example.
 *
 * @throws ConfigurationError if an option is wrong
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const settings = emulatorSettings(options)
  const requests: RecordedRequest[] = []
  const callbacks: RecordedCallback[] = []
  let droppedRequests = 0
  let state = begin()

  function begin(): State {
    const onStart = (callback: RecordedCallback): void => {
      if (callbacks.push(callback) > KEPT_CALLBACKS) callbacks.shift()
    }
    return start(settings, createCallbacks(settings, onStart, notify(options.onCallback)))
  }

  async function exchange(request: ArrivedRequest): Promise<Delivery> {
    const asked = preflight(request)
    if (asked !== undefined) return { kind: 'answer', answer: asked }
    // What has ended by now does so before the request can change it.
    state.callbacks.runDue()
    const service = isForHuaweiVod(request.url) ? state.huaweiVod : state.tencentCi
    const call = service.receive(request)
    const fault = state.faults.take(call.operation)
    const delivery = withCors(request, await deliver(call, service, fault))
    const record: RecordedRequest = {
      method: request.method,
      url: request.url.href,
      headers: request.headers,
      body: utf8.decode(request.body),
      operation: call.operation,
      status: 'answer' in delivery ? delivery.answer.status : undefined,
      code: 'answer' in delivery ? delivery.answer.code : undefined,
      fault: fault?.kind,
    }
    if (requests.push(record) > KEPT_REQUESTS) {
      requests.shift()
      droppedRequests += 1
    }
    notify(options.onRequest)(record)
    return delivery
  }

  const emulator: Emulator = {
    fetch: asFetch(exchange),
    listen: (where) =>
      listen(async (request) => {
        const answer = control(emulator, request) ?? (await serveCertificate(request))
        return answer === undefined ? exchange(request) : { kind: 'answer', answer }
      }, where),
    requests,
    get droppedRequests() {
      return droppedRequests
    },
    callbacks,
    callbacksDone: () => state.callbacks.done(),
    fetchCertificate: smnCertificate,
    assets: () => state.assets.list(),
    jobs: () => state.jobs.list(),
    fail: (plan) => {
      checkFaultPlan(plan, [state.huaweiVod, state.tencentCi])
      state.faults.add(plan, plan.with)
    },
    settle: (target, outcome) => {
      settle(target, outcome, state.jobs, state.assets)
      state.callbacks.runDue()
    },
    reset: () => {
      state.callbacks.close()
      state = begin()
      requests.length = 0
      callbacks.length = 0
      droppedRequests = 0
    },
    options: settings,
  }
  return emulator
}

type State = ReturnType<typeof start>

function start(settings: EmulatorSettings, callbacks: Callbacks) {
  const assets = createAssets(settings, callbacks)
  const jobs = createJobs(settings, callbacks)
  const ids = createIds(settings.seed)
  return {
    faults: new Plans<Fault>(),
    assets,
    jobs,
    callbacks,
    huaweiVod: emulateHuaweiVod(settings, assets, ids),
    tencentCi: emulateTencentCi(settings, jobs, ids, callbacks),
  }
}

/** Calls a listener of the user, whose errors have no effect. */
function notify<Event>(listener: ((event: Event) => unknown) | undefined): (event: Event) => void {
  return (event) => {
    Promise.resolve(event)
      .then(listener)
      .catch(() => undefined)
  }
}

/** What the caller of a call receives, with or without a fault. */
async function deliver(call: Call, service: Service, fault: Fault | undefined): Promise<Delivery> {
  if (fault === undefined) return { kind: 'answer', answer: await call.run() }
  if ('executes' in fault && fault.executes) await call.run()
  switch (fault.kind) {
    case 'error':
      return { kind: 'answer', answer: await service.refuse(fault) }
    case 'throttle': {
      const { throttled } = service
      const answer = await service.refuse({ ...throttled, message: fault.message ?? throttled.message })
      const retryAfter = fault.retryAfter !== undefined && { 'retry-after': fault.retryAfter }
      return { kind: 'answer', answer: { ...answer, headers: { ...answer.headers, ...retryAfter } } }
    }
    case 'html':
      return { kind: 'answer', answer: proxyPage(fault.status ?? 502) }
    case 'truncated': {
      const answer = await call.run()
      return { kind: 'answer', answer: { ...answer, body: answer.body.slice(0, answer.body.length / 2) } }
    }
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

/** A page of a proxy between caller and provider. */
function proxyPage(status: number): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<html><head><title>${String(status)}</title></head><body><h1>${String(status)}</h1><hr>proxy</body></html>`,
  }
}
