import {
  aborted,
  attempt,
  failureOf,
  timedOut,
  type Answer,
  type AttemptContext,
  type FailedAttempt,
  type History,
  type Remedy,
  type UnsignedRequest,
} from './attempt.js'
import type { CredentialsKind } from '../signing/credentials.js'
import { backoffMs } from './backoff.js'
import { CredentialsError, type CloudMediaError } from '../errors/errors.js'
import { createGate, type Gate, type Pass } from './throttle-gate.js'
import { interpret, type AnswerFormat, type Result } from './answer.js'
import { limited, type Limited, type Over, type Sleep } from './deadline.js'
import { requestIdOf, type Operation } from './operation.js'
import type { AttemptEvent, CallOptions } from '../client/options.js'

/** What a call came to. */
type Sent =
  | { readonly kind: 'result'; readonly value: unknown; readonly answer: Answer; readonly attempts: number }
  /** `answer` is that of the last attempt, if it had one. */
  | { readonly kind: 'failed'; readonly error: CloudMediaError; readonly answer: Answer | undefined }

/** Sends the requests of one client. */
export type Send = (
  request: UnsignedRequest,
  operation: Operation,
  format: AnswerFormat,
  options: CallOptions | undefined,
) => Promise<Sent>

/** What a client sends with. */
export interface SenderContext<Credentials extends object> extends AttemptContext<Credentials> {
  readonly timeoutMs: number
  readonly totalTimeoutMs: number
  readonly maxAttempts: number
  readonly sleep: Sleep
  readonly random: () => number
  readonly onAttempt: ((event: AttemptEvent) => unknown) | undefined
}

/** An attempt, with what it was made with. */
interface Tried<Credentials> {
  readonly outcome: Result | FailedAttempt
  readonly credentials: Credentials
  readonly offsetMs: number
  readonly durationMs: number
  /** How long to wait, if time is what it takes. */
  readonly waitMs: number
}

/**
 * Makes what sends a client's requests: each until it has a result, or may not be sent again. One that may have run is
 * sent again only if running twice is harmless, and any only if something will be different: time has passed, the clock
 * is set, the credentials are new.
 */
export function createSender<Credentials extends object>(context: SenderContext<Credentials>): Send {
  const { now, sleep, credentials: cache } = context
  const gates = new Map<string, Gate>()
  /** How far the server's clock is ahead of ours, as far as it is known. */
  let knownOffsetMs = 0
  let calls = 0
  const total = { option: 'totalTimeoutMs', ms: context.totalTimeoutMs } as const

  return async (request, operation, format, { signal, timeoutMs = context.timeoutMs } = {}) => {
    const order = ++calls
    const deadline = now() + total.ms
    const secrets: (string | undefined)[] = []
    const remedied: Remedy['kind'][] = []
    let history: History = { attempts: 0, mayHaveRun: false }
    let renewed: Credentials | undefined

    try {
      for (;;) {
        const tried = await inTurn()
        const { outcome } = tried
        history = withAttempt(history, outcome)
        if (outcome.kind === 'result') {
          report(tried)
          return { kind: 'result', value: outcome.value, answer: outcome.answer, attempts: history.attempts }
        }
        const error = outcome.toError(history)
        let delayMs: number | undefined
        try {
          delayMs = await delayAfter(outcome, tried)
        } finally {
          report(tried, error, delayMs)
        }
        if (delayMs === undefined) return { kind: 'failed', error, answer: outcome.answer }
        if (outcome.mayHaveRun && history.cause === undefined) history = { ...history, cause: error }
        // A throttled call waits in line with the others.
        if (outcome.remedy?.kind === 'backoff') await inTime(({ signal: over }) => sleep(delayMs, over))
      }
    } catch (error) {
      if (error instanceof NotSent) return { kind: 'failed', error: error.failed.toError(history), answer: undefined }
      if (error instanceof CredentialsError) return { kind: 'failed', error, answer: undefined }
      throw error
    }

    /** Waits until the operation is not throttled, tries, and tells the others if it is. */
    async function inTurn(): Promise<Tried<Credentials>> {
      const pass = await ownPass()
      let throttledMs: number | undefined
      try {
        const tried = await once()
        if (tried.outcome.kind === 'failed' && tried.outcome.remedy?.kind === 'throttled') throttledMs = tried.waitMs
        return tried
      } finally {
        if (throttledMs === undefined) pass.done()
        else pass.throttled(throttledMs)
      }
    }

    /** A pass that was given to a call that does not wait for it any more must not keep the others out. */
    function ownPass(): Pass | Promise<Pass> {
      let given: Pass | Promise<Pass> | undefined
      const own = inTime((over) => (given = gateOf(operation).enter(order, over)))
      if (!(own instanceof Promise)) return own
      return own.catch((error: unknown) => {
        void Promise.resolve(given).then(
          (pass) => pass?.done(),
          () => undefined,
        )
        throw error
      })
    }

    async function once(): Promise<Tried<Credentials>> {
      const credentials = renewed ?? (await currentCredentials())
      renewed = undefined
      const startedAt = now()
      const offsetMs = knownOffsetMs
      const left = deadline - startedAt
      if (left <= 0) throw new NotSent(timedOut(operation, total, NOTHING))
      const limits =
        timeoutMs <= left
          ? { signal, ms: timeoutMs, limit: { option: 'timeoutMs', ms: timeoutMs } }
          : { signal, ms: left, limit: total }
      const attempted = await attempt(request, operation, { credentials, offsetMs, secrets }, context, limits)
      const durationMs = now() - startedAt
      const outcome =
        attempted.kind === 'failed' ? attempted : interpret(attempted, operation, format, now() + offsetMs)
      const waitMs = outcome.kind === 'failed' ? waitAfter(outcome) : 0
      return { outcome, credentials, offsetMs, durationMs, waitMs }
    }

    function waitAfter({ remedy }: FailedAttempt): number {
      const asked = remedy?.kind === 'throttled' ? remedy.waitMs : undefined
      return asked ?? backoffMs(history.attempts + 1, context.random)
    }

    /** Milliseconds until the request may be sent again; undefined if it may not, or if that would be of no use. */
    async function delayAfter(
      { remedy, mayHaveRun }: FailedAttempt,
      { credentials, offsetMs, waitMs }: Tried<Credentials>,
    ): Promise<number | undefined> {
      const isSafe = !mayHaveRun || operation.retrySafety === 'idempotent'
      const isLast = history.attempts >= context.maxAttempts
      if (remedy === undefined || !isSafe) return undefined
      switch (remedy.kind) {
        case 'backoff':
        case 'throttled':
          return !isLast && now() + waitMs < deadline ? waitMs : undefined
        case 'clock':
          // Later calls profit from it even if this one has had its turns.
          knownOffsetMs = offsetMs + remedy.skewMs
          return !isLast && isFirst('clock') ? 0 : undefined
        case 'credentials':
          cache.drop(credentials)
          if (isLast || !cache.canRenew || !isFirst('credentials')) return undefined
          renewed = await currentCredentials()
          return isSame(renewed, credentials, context.credentialsKind) ? undefined : 0
      }
    }

    /** Whether a remedy is tried for the first time: what has not helped once will not help again. */
    function isFirst(remedy: Remedy['kind']): boolean {
      const first = !remedied.includes(remedy)
      remedied.push(remedy)
      return first
    }

    function currentCredentials(): Credentials | Promise<Credentials> {
      return inTime(() => cache.get(operation.name, failureOf(operation, history)))
    }

    /** What comes of it, unless the time or the caller does not last. */
    function inTime<Value>(start: (over: Over) => Value | Promise<Value>): Value | Promise<Value> {
      const waited = limited(start, { ms: deadline - now(), signal })
      return waited instanceof Promise ? waited.then(valueOf) : valueOf(waited)
    }

    function valueOf<Value>(waited: Limited<Value>): Value {
      if (waited.ended === 'done') return waited.value
      const isAborted = waited.ended === 'aborted'
      throw new NotSent(isAborted ? aborted(operation, signal, NOTHING) : timedOut(operation, total, NOTHING))
    }

    function report({ outcome, durationMs }: Tried<Credentials>, error?: CloudMediaError, delayMs?: number): void {
      const { answer } = outcome
      if (context.onAttempt === undefined || (outcome.kind === 'failed' && outcome.attempts === 0)) return
      tell(context.onAttempt, {
        operation: operation.name,
        method: request.method,
        url: withoutValues(request.url.href),
        attempt: history.attempts,
        status: answer?.status,
        requestId: answer && requestIdOf(answer.headers, operation, answer.scrub),
        durationMs,
        error,
        again:
          delayMs === undefined || outcome.kind === 'result' || outcome.remedy === undefined
            ? undefined
            : { reason: outcome.remedy.kind, delayMs },
      })
    }
  }

  function gateOf({ name }: Operation): Gate {
    const gate = gates.get(name) ?? createGate(context)
    gates.set(name, gate)
    return gate
  }
}

/** Ends a call before another request is sent. */
class NotSent extends Error {
  readonly failed: FailedAttempt

  constructor(failed: FailedAttempt) {
    super('not sent')
    this.failed = failed
  }
}

const NOTHING = { attempts: 0, mayHaveRun: false } as const

function withAttempt(history: History, outcome: Result | FailedAttempt): History {
  if (outcome.kind === 'result') return { ...history, attempts: history.attempts + 1 }
  return {
    ...history,
    attempts: history.attempts + outcome.attempts,
    mayHaveRun: history.mayHaveRun || outcome.mayHaveRun,
  }
}

function isSame<Credentials>(one: Credentials, other: Credentials, kind: CredentialsKind<Credentials>): boolean {
  const [secrets, others] = [kind.secretsOf(one), kind.secretsOf(other)]
  return secrets.length === others.length && secrets.every((secret, index) => secret === others[index])
}

/** A listener that fails does not concern the call. */
function tell(listener: (event: AttemptEvent) => unknown, event: AttemptEvent): void {
  try {
    Promise.resolve(listener(event)).catch(() => undefined)
  } catch {
    // Nothing to do: it is the listener's own affair.
  }
}

/** Whoever adds parameters to a raw request may put a secret into one. */
function withoutValues(url: string): string {
  return url.replace(/([?&][^=&#]*)=[^&#]*/g, '$1=***')
}
