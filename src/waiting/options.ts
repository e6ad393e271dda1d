import { checkNames, checkSignal, checkTimeout } from '../client/option-checks.js'
import { ConfigurationError } from '../errors/errors.js'
import { notify } from '../sending/attempt-event.js'
import { SHORTEST_DELAY_MS } from './schedule.js'

/** The options of a wait. */
export interface WaitOptions<Poll> {
  /** Timeout of the wait in milliseconds. Default: 1,800,000 (30 minutes). */
  readonly timeoutMs?: number
  /**
   * Milliseconds between a response and the next read, at least 500. To share reads with other waits, a read may be
   * later by a second or a third of the interval. Default: from 2,000, growing to 30,000; less if `progress` shows that
   * the end is near.
   */
  readonly pollIntervalMs?: number
  /** Ends the wait: it rejects with an AbortedError. The job or task continues. */
  readonly signal?: AbortSignal
  /** Called after every read that has returned the job or asset. Its errors are ignored. */
  readonly onPoll?: (poll: Poll) => unknown
}

/** The result of one read, as `onPoll` receives it. */
export interface PollFacts {
  /** The state; undefined if the response has none. May be one that the spec does not list. */
  readonly state: string | undefined
  /** The progress in percent, 0 to 100; undefined if the response has none. */
  readonly progress: number | undefined
  /** Milliseconds since the start of the wait. */
  readonly elapsedMs: number
  /** Number of reads so far, including failed ones. */
  readonly reads: number
}

/** The options of a wait, checked, with their defaults. */
export interface WaitSettings<Item> {
  readonly timeoutMs: number
  /** Undefined: a growing delay. */
  readonly pollIntervalMs: number | undefined
  readonly signal: AbortSignal | undefined
  readonly onPoll: ((facts: PollFacts, item: Item) => void) | undefined
}

const WAIT_OPTIONS: readonly (keyof WaitOptions<unknown>)[] = ['timeoutMs', 'pollIntervalMs', 'signal', 'onPoll']
const DEFAULT_TIMEOUT_MS = 30 * 60_000

/**
 * The options of a wait, each read once.
 *
 * @param pollOf what `onPoll` receives
 * @throws ConfigurationError
 */
export function readWaitOptions<Item, Poll>(
  options: WaitOptions<Poll> = {},
  pollOf: (facts: PollFacts, item: Item) => Poll,
): WaitSettings<Item> {
  checkNames(options, WAIT_OPTIONS)
  const { timeoutMs = DEFAULT_TIMEOUT_MS, pollIntervalMs, signal, onPoll } = options
  checkTimeout('timeoutMs', timeoutMs)
  if (pollIntervalMs !== undefined) checkTimeout('pollIntervalMs', pollIntervalMs)
  checkSignal(signal)
  if (onPoll !== undefined && typeof onPoll !== 'function') {
    throw new ConfigurationError('onPoll', 'must be a function')
  }
  return {
    timeoutMs,
    pollIntervalMs: pollIntervalMs && Math.max(SHORTEST_DELAY_MS, pollIntervalMs),
    signal,
    onPoll:
      onPoll &&
      ((facts, item) => {
        notify(onPoll, pollOf(facts, item))
      }),
  }
}
