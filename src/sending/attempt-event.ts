import type { CloudMediaError } from '../errors/errors.js'

/** One finished attempt, as `onAttempt` receives it. */
export interface AttemptEvent {
  /** Name of the operation in the spec. */
  readonly operation: string
  /** HTTP method. */
  readonly method: string
  /** The URL with `***` for the values of its query. */
  readonly url: string
  /** Number of the attempt, from 1. */
  readonly attempt: number
  /** HTTP status; undefined if no response arrived. */
  readonly status: number | undefined
  /** The provider's ID of the request; undefined if no response has one. */
  readonly requestId: string | undefined
  /** Milliseconds from signing to the end of the response. */
  readonly durationMs: number
  /** The error that the call would reject with now; undefined for a result. */
  readonly error: CloudMediaError | undefined
  /** The reason for a retry and the milliseconds until then; undefined if the call does not retry. */
  readonly again:
    | {
        /** Why the call retries. */
        readonly reason: 'backoff' | 'throttled' | 'clock' | 'credentials'
        /** Milliseconds until the retry. */
        readonly delayMs: number
      }
    | undefined
}

/** Calls the listener; an error of it does not affect the call. */
export function notify<Event>(listener: (event: Event) => unknown, event: Event): void {
  try {
    Promise.resolve(listener(event)).catch(() => undefined)
  } catch {
    // A listener that throws and one that rejects are treated alike.
  }
}

/** A caller may have put a secret into a parameter of a raw request. */
export function withoutQueryValues(url: string): string {
  return url.replace(/([?&][^=&#]*)=[^&#]*/g, '$1=***')
}
