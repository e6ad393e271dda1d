import { CallbackError } from '../errors/callback-error.js'
import { ConfigurationError } from '../errors/errors.js'

/** What to respond to the sender of a callback. */
export interface CallbackResponse {
  /** 200: done. 400: rejected, for good. 503: not done, so that the sender may try again. */
  readonly status: 200 | 400 | 503
  /** Why the callback is not done, for the log of the server; undefined with 200. */
  readonly error?: unknown
}

/** The options of respondToCallback. */
export interface RespondToCallbackOptions {
  /** Milliseconds until 503, while the handler may continue. Default: 4,500. */
  readonly timeoutMs?: number
}

/** Half a second less than the time that SMN gives. */
const TIMEOUT_MS = 4_500

/**
 * What is not the fault of the callback, so that a later delivery may be accepted: the server that read or parsed the body
 * before, its clock, and the certificate. SMN gives a message up after any status below 500.
 */
const TEMPORARY =
  /^(parsed-body|body-used|body-unreadable|timestamp-too-new|confirmation-failed)$|certificate(?!-url)|weak-key|algorithm/

/**
 * Runs a handler of callbacks, and returns what to respond in time.
 *
 * SMN waits 5 seconds, tries again only after a status of 500 or above, and may deliver a message more than once. So
 * store what arrived, with `message_id` as the key, respond, and work on it later. Of MFS and CI neither the time nor the
 * status nor further deliveries are documented.
 *
 * @param handle verifies or confirms the callback and stores it. Its signal aborts when the time is over.
 * @throws ConfigurationError
 */
export async function respondToCallback(
  handle: (signal: AbortSignal) => unknown,
  { timeoutMs = TIMEOUT_MS }: RespondToCallbackOptions = {},
): Promise<CallbackResponse> {
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw new ConfigurationError('timeoutMs', 'must be a number of milliseconds above 0')
  }
  const deadline = new AbortController()
  const late = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener('abort', () => {
      reject(new DOMException(`the handler took longer than ${String(timeoutMs)} ms`, 'TimeoutError'))
    })
  })
  const timer = setTimeout(() => {
    deadline.abort()
  }, timeoutMs)
  try {
    await Promise.race([Promise.resolve().then(() => handle(deadline.signal)), late])
    return { status: 200 }
  } catch (error) {
    const isFinal = error instanceof CallbackError && !TEMPORARY.test(error.code)
    return { status: isFinal ? 400 : 503, error }
  } finally {
    clearTimeout(timer)
  }
}
