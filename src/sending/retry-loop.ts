import type { CloudMediaError } from '../errors/errors.js'
import { createRedactor } from '../errors/redact.js'
import type { UnsignedRequest } from '../signing/authentication.js'
import { isSame } from '../signing/credentials.js'
import { plainFailure } from '../transport/failure-reason.js'
import { adviceOn } from './advice.js'
import { readAnswer, type Result } from './read-answer.js'
import type { Answer } from './answer.js'
import { attempt } from './attempt.js'
import { notify, withoutQueryValues } from './attempt-event.js'
import { backoffMs } from './backoff.js'
import { waitAtMost, type Waited } from './deadline.js'
import { errorOf, NOTHING_SENT, plainError, requestIdOf, type Failure, type Remedy, type TimeLimit } from './failure.js'
import type { Operation } from './operation.js'
import type { ClientState } from './client-state.js'
import { dateOf, type SendingTime } from './sending-time.js'
import { LONGEST_CLOSURE_MS, type Admission, type ThrottleGate } from './throttle-gate.js'

/** What a caller may set for one call. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

/** The outcome of a call. */
export type Sent =
  | { readonly kind: 'result'; readonly value: unknown; readonly answer: Answer; readonly attempts: number }
  /** `answer` is that of the last attempt, if it had one. */
  | { readonly kind: 'failed'; readonly error: CloudMediaError; readonly answer: Answer | undefined }

/** One finished attempt and what it was made with. */
interface AttemptRecord<Credentials> {
  readonly outcome: Result | Failure
  readonly credentials: Credentials
  readonly clockSkewMs: number
  readonly durationMs: number
  /** Milliseconds until a retry, where only time helps. */
  readonly delayMs: number
}

/** Sends a request until it has a result or a retry is not allowed. Rejects only on a defect of the library. */
export function send<Credentials extends object>(
  client: ClientState<Credentials>,
  request: UnsignedRequest,
  operation: Operation,
  options: SendOptions = {},
): Promise<Sent> {
  return new RetryLoop(client, request, operation, options).run()
}

/**
 * The state of one call. A request that may have run is sent again only if the operation is idempotent. Any request is
 * sent again only if something is different: time has passed, the clock skew is known, the credentials are new.
 */
class RetryLoop<Credentials extends object> {
  readonly #client: ClientState<Credentials>
  readonly #request: UnsignedRequest
  readonly #operation: Operation
  readonly #gate: ThrottleGate
  readonly #signal: AbortSignal | undefined
  readonly #timeoutMs: number
  /** Number of the call: the throttle gate admits lower ones first. */
  readonly #order: number
  /** On the monotonic clock. */
  #deadline = Infinity
  readonly #secrets: (string | undefined)[] = []
  readonly #remedied: Remedy['kind'][] = []
  #attempts = 0
  #mayHaveRun = false
  /** When the last attempt was sent, and the first one that may have run. */
  #sentAt: SendingTime | undefined
  #startedAt: SendingTime | undefined
  #cause: CloudMediaError | undefined
  /** Credentials for the next attempt, if the last ones were refused. */
  #renewed: Credentials | undefined
  /** A clock skew that no request has shown to be right yet. */
  #untriedSkewMs: number | undefined

  constructor(
    client: ClientState<Credentials>,
    request: UnsignedRequest,
    operation: Operation,
    { signal, timeoutMs }: SendOptions,
  ) {
    const { settings } = client
    this.#client = client
    this.#request = request
    this.#operation = operation
    this.#gate = client.gateOf(operation)
    this.#signal = signal
    this.#timeoutMs = timeoutMs ?? settings.timeoutMs
    this.#order = client.nextOrder()
    this.#untriedSkewMs = client.untriedSkewMs
    client.untriedSkewMs = undefined
  }

  async run(): Promise<Sent> {
    const { settings } = this.#client
    try {
      this.#deadline = settings.monotonicNow() + settings.totalTimeoutMs
      for (;;) {
        const record = await this.#admittedAttempt()
        const { outcome } = record
        if (outcome.kind === 'result') {
          this.#notify(record)
          return { kind: 'result', value: outcome.value, answer: outcome.answer, attempts: this.#attempts }
        }
        const error = this.#errorOf(outcome)
        let delayMs: number | undefined
        try {
          delayMs = await this.#delayAfter(outcome, record)
        } finally {
          this.#notify(record, error, delayMs)
        }
        if (delayMs === undefined) {
          return { kind: 'failed', error, answer: 'answer' in outcome ? outcome.answer : undefined }
        }
        if (outcome.mayHaveRun) this.#cause ??= error
        // A throttled call waits in the throttle gate with the others.
        if (outcome.remedy?.kind === 'backoff') await this.#sleep(delayMs)
      }
    } catch (failure) {
      if (failure instanceof NotSent) return this.#failed(failure.failure)
      // A function among the options has thrown, or the library is wrong: a request may be on its way.
      this.#mayHaveRun = true
      this.#startedAt ??= this.#sentAt
      return this.#failed({ kind: 'defect', ...NOTHING_SENT, cause: this.#plain(failure) })
    }
  }

  #failed(failure: Failure): Sent {
    return { kind: 'failed', error: this.#errorOf(failure), answer: undefined }
  }

  /** Makes an attempt once the operation is not throttled, and reports to the gate how it ended. */
  async #admittedAttempt(): Promise<AttemptRecord<Credentials>> {
    this.#checkNotAborted()
    const admission = this.#gate.admitIfOpen() ?? (await this.#turn())
    try {
      const record = await this.#attempt()
      this.#report(record, admission)
      return record
    } catch (error) {
      admission.unanswered(this.#backoffMs())
      throw error
    }
  }

  /** Only a result or a refusal comes from behind the throttle, so only these show that it has ended. */
  #report({ outcome, delayMs }: AttemptRecord<Credentials>, admission: Admission): void {
    if (outcome.kind === 'result') admission.finished()
    else if (outcome.remedy?.kind === 'throttled') admission.throttled(delayMs, this.#errorOf(outcome))
    else if (isRefusal(outcome)) admission.finished()
    else admission.unanswered(delayMs)
  }

  /** Waits for this call's turn at a closed gate. */
  async #turn(): Promise<Admission> {
    const atDeadline = (): NotSent => this.#deadlinePassed('throttled by the provider, not sent', this.#gate.lastError)
    const admission = await this.#untilDeadline((signal) => this.#gate.admit(this.#order, this.#deadline, signal), {
      // The gate may admit a call at the moment when it gives up.
      discard: (late: Admission | undefined) => late?.unanswered(0),
      atDeadline,
    })
    if (admission === undefined) throw atDeadline()
    return admission
  }

  async #attempt(): Promise<AttemptRecord<Credentials>> {
    const { settings } = this.#client
    const credentials = this.#renewed ?? settings.credentials.known() ?? (await this.#askForCredentials())
    this.#renewed = undefined
    const startedAt = settings.monotonicNow()
    const clockSkewMs = this.#untriedSkewMs ?? this.#client.clockSkewMs
    const left = this.#deadline - startedAt
    if (left <= 0) throw this.#deadlinePassed()
    const limit: TimeLimit = this.#timeoutMs <= left ? { option: 'timeoutMs', ms: this.#timeoutMs } : this.#totalLimit
    const [ms, secrets, signal] = [Math.min(this.#timeoutMs, left), this.#secrets, this.#signal]
    this.#sentAt = { localMs: settings.now(), clockSkewMs }
    const isIdempotent = this.#operation.retrySafety === 'idempotent'
    const input = { credentials, clockSkewMs, secrets, ms, limit, signal, isIdempotent }
    const attempted = await attempt(this.#request, input, settings)
    const durationMs = settings.monotonicNow() - startedAt
    const read =
      attempted.kind === 'answer'
        ? readAnswer(attempted, this.#operation, settings.provider, settings.now() + clockSkewMs)
        : attempted
    const outcome =
      read.kind === 'error-response'
        ? { ...read, advice: await adviceOn(read, this.#operation, settings.provider) }
        : read
    if (this.#untriedSkewMs !== undefined && isClockAccepted(outcome)) this.#client.clockSkewMs = clockSkewMs
    this.#attempts += outcome.kind === 'result' ? 1 : outcome.attempts
    if (outcome.kind === 'result') return { outcome, credentials, clockSkewMs, durationMs, delayMs: 0 }
    this.#mayHaveRun ||= outcome.mayHaveRun
    if (outcome.mayHaveRun) this.#startedAt ??= this.#sentAt
    const requested = outcome.remedy?.kind === 'throttled' ? outcome.remedy.delayMs : undefined
    return { outcome, credentials, clockSkewMs, durationMs, delayMs: requested ?? this.#backoffMs() }
  }

  #backoffMs(): number {
    return backoffMs(Math.max(this.#attempts, 1), this.#client.settings.random)
  }

  /** Milliseconds until the retry; undefined if it is not allowed or cannot help. */
  async #delayAfter(
    { remedy, mayHaveRun }: Failure,
    { credentials, clockSkewMs, delayMs }: AttemptRecord<Credentials>,
  ): Promise<number | undefined> {
    const { settings } = this.#client
    const isSafe = !mayHaveRun || this.#operation.retrySafety === 'idempotent'
    const isLast = this.#attempts >= settings.maxAttempts
    if (remedy === undefined || !isSafe) return undefined
    switch (remedy.kind) {
      case 'backoff':
      case 'throttled':
        if (isLast || settings.monotonicNow() + delayMs >= this.#deadline) return undefined
        return Math.min(delayMs, LONGEST_CLOSURE_MS)
      case 'clock': {
        const skewMs = clockSkewMs + remedy.skewMs
        if (!this.#client.isPlausibleSkew(skewMs)) return undefined
        const isTried = !isLast && this.#isFirst('clock')
        if (isTried) this.#untriedSkewMs = skewMs
        else this.#client.untriedSkewMs = skewMs
        return isTried ? 0 : undefined
      }
      case 'credentials':
        settings.credentials.drop(credentials)
        if (isLast || !settings.credentials.canRenew || !this.#isFirst('credentials')) return undefined
        this.#renewed = settings.credentials.known() ?? (await this.#askForCredentials())
        return isSame(this.#renewed, credentials, settings.provider.credentialsKind) ? undefined : 0
    }
  }

  /** Whether a remedy is tried for the first time: one that did not help will not help again. */
  #isFirst(remedy: Remedy['kind']): boolean {
    const isFirst = !this.#remedied.includes(remedy)
    this.#remedied.push(remedy)
    return isFirst
  }

  async #askForCredentials(): Promise<Credentials> {
    const { credentials } = this.#client.settings
    const promise = credentials.renew()
    const renewal = await this.#untilDeadline(() => promise, {
      atDeadline: () => {
        credentials.forget(promise)
        return this.#deadlinePassed('the credentials function did not settle')
      },
    })
    if ('credentials' in renewal) return renewal.credentials
    const { problem, failure } = renewal
    const cause = failure === undefined ? undefined : this.#plain(failure)
    throw new NotSent({ kind: 'credentials', ...NOTHING_SENT, problem, cause })
  }

  /** The failure of a function among the options, which may know any credentials that the client had. */
  #plain(failure: unknown): ReturnType<typeof plainError> {
    const secrets = [...this.#secrets, ...this.#client.settings.credentials.secrets]
    return plainError(plainFailure(failure), createRedactor(secrets))
  }

  async #sleep(ms: number): Promise<void> {
    await this.#untilDeadline((signal) => this.#client.settings.sleep(ms, signal))
  }

  /**
   * Waits for what `start` begins. At the deadline or the caller's abort it throws NotSent and aborts the signal that
   * `start` received; a value that arrives all the same goes to `discard`.
   */
  async #untilDeadline<Value>(
    start: (signal: AbortSignal) => Promise<Value>,
    { discard, atDeadline }: { discard?: (value: Value) => unknown; atDeadline?: () => NotSent } = {},
  ): Promise<Value> {
    this.#checkNotAborted()
    const controller = new AbortController()
    const promise = start(controller.signal)
    const waited: Waited<Value> = await waitAtMost(
      this.#deadline - this.#client.settings.monotonicNow(),
      this.#signal,
      promise,
    )
    if (waited.ended === 'done') return waited.value
    controller.abort()
    promise.then(discard, () => undefined)
    if (waited.ended === 'timeout') throw atDeadline?.() ?? this.#deadlinePassed()
    throw this.#aborted()
  }

  #checkNotAborted(): void {
    if (this.#signal?.aborted === true) throw this.#aborted()
  }

  #aborted(): NotSent {
    return new NotSent({ kind: 'aborted', ...NOTHING_SENT, reason: this.#signal?.reason })
  }

  #deadlinePassed(missing?: string, cause?: CloudMediaError): NotSent {
    return new NotSent({ kind: 'timeout', ...NOTHING_SENT, limit: this.#totalLimit, missing, cause })
  }

  get #totalLimit(): TimeLimit {
    return { option: 'totalTimeoutMs', ms: this.#client.settings.totalTimeoutMs }
  }

  #errorOf(failure: Failure): CloudMediaError {
    const history = {
      attempts: this.#attempts,
      mayHaveRun: this.#mayHaveRun,
      startedAt: this.#startedAt && dateOf(this.#startedAt),
      cause: this.#cause,
    }
    return errorOf(failure, this.#operation, this.#client.settings.provider, history)
  }

  #notify({ outcome, durationMs }: AttemptRecord<Credentials>, error?: CloudMediaError, delayMs?: number): void {
    const { onAttempt, provider } = this.#client.settings
    if (onAttempt === undefined || (outcome.kind !== 'result' && outcome.attempts === 0)) return
    const answer = 'answer' in outcome ? outcome.answer : undefined
    const remedy = outcome.kind === 'result' ? undefined : outcome.remedy
    notify(onAttempt, {
      operation: this.#operation.name,
      method: this.#request.head.method,
      url: withoutQueryValues(this.#request.head.url.href),
      attempt: this.#attempts,
      status: answer?.status,
      requestId: answer && requestIdOf(answer, provider),
      durationMs,
      error,
      again: delayMs === undefined || remedy === undefined ? undefined : { reason: remedy.kind, delayMs },
    })
  }
}

function isRefusal({ kind, mayHaveRun }: Failure): boolean {
  return kind === 'error-response' && !mayHaveRun
}

/** Whether the provider accepted the time of the signature. */
function isClockAccepted(outcome: Result | Failure): boolean {
  if (outcome.kind === 'result') return true
  return isRefusal(outcome) && outcome.remedy?.kind !== 'clock' && outcome.remedy?.kind !== 'credentials'
}

/** Ends a call before its next attempt. */
class NotSent extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super('not sent')
    this.failure = failure
  }
}
