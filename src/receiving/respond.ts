import { checkAllNames, checkTimeout } from '../client/option-checks.js'
import { CallbackError } from '../errors/callback-error.js'

/** What to respond to the sender of a callback. */
export interface CallbackResponse {
  /** 200: the handler succeeded. 400: the callback is rejected. 503: the handler failed, and the sender may retry. */
  readonly status: 200 | 400 | 503
  /** The error of the handler, or a TimeoutError, for the log of the server; undefined with 200. */
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
 * Errors without a fault in the callback: the server read or parsed the body too early, its clock is wrong, or the
 * certificate is not available. A later delivery may succeed, and SMN retries only after a status of 500 or above.
 */
const TEMPORARY =
  /^(parsed-body|body-used|body-unreadable|timestamp-too-new|confirmation-failed)$|certificate(?!-url)|weak-key|algorithm/

/**
 * Runs a handler of callbacks, and returns what to respond in time.
 *
 * SMN waits 5 seconds, retries only after a status of 500 or above, and may deliver a message more than once. In the
 * handler, store the message under its `message_id`. Process it later. The timeouts and retries of MFS and CI are not
 * documented.
 *
 * @param handle verifies or confirms the callback and stores it. Its signal aborts after `timeoutMs`.
 * @throws ConfigurationError
 */
export async function respondToCallback(
  handle: (signal: AbortSignal) => unknown,
  options: RespondToCallbackOptions = {},
): Promise<CallbackResponse> {
  checkAllNames(options, ['timeoutMs'])
  const { timeoutMs = TIMEOUT_MS } = options
  checkTimeout('timeoutMs', timeoutMs)
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
